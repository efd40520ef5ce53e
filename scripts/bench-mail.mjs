// SPDX-License-Identifier: GPL-2.0-only
// `npm run bench -- mail`: how fast an mbox is read, against Python's mailbox and email modules on the same file.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const MAILS = 3000;
const RUNS = 3;

/** What Python does of the same: split, parse headers and MIME, decode each text part. */
const PYTHON = `
import mailbox, sys, time
from email.header import decode_header, make_header
started = time.perf_counter()
count = 0
for mail in mailbox.mbox(sys.argv[1]):
    str(make_header(decode_header(mail['subject'] or '')))
    for part in mail.walk():
        if part.get_content_maintype() == 'text':
            part.get_payload(decode=True).decode(part.get_content_charset() or 'utf-8', 'replace')
    count += 1
print(count, time.perf_counter() - started)
`;

/** The patches of a series of this repository over and over, each with a reply that quotes it. */
function writeMbox(file) {
  const folder = fileURLToPath(new URL('../patches/contiguous-vmap/v4', import.meta.url));
  const patches = readdirSync(folder)
    .filter((name) => /^000[1-9]-.*\.patch$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8').replace(/^From .*\n/, ''));
  const mails = Array.from({ length: MAILS }, (_, index) => {
    const id = `<bench-${index}@example.org>`;
    const patch = patches[(index >> 1) % patches.length].replace(/^Message-ID: .*$/m, `Message-ID: ${id}`);
    if (index % 2 === 0) return patch;
    const quoted = patch.replace(/^[^]*?\n\n/, '').replace(/^/gm, '> ');
    return `Message-ID: ${id}\nIn-Reply-To: <bench-${index - 1}@example.org>\nFrom: Reviewer A <reviewer-a@example.org>\nDate: Fri, 19 Jun 2026 10:00:00 +0000\nSubject: Re: [PATCH] =?UTF-8?q?caf=C3=A9?=\n\n${quoted}\nWhy?\n`;
  });
  const separator = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';
  writeFileSync(file, mails.map((mail) => `${separator}${mail.replace(/^(>*From )/gm, '>$1')}\n`).join(''));
}

/** Prints messages a second for both, best of a few runs each, and the ratio. */
export async function benchMail() {
  const { readSources } = await import('../dist/ingest/read-sources.js');
  const { assembleSeries } = await import('../dist/series/assemble.js');
  const folder = mkdtempSync(join(tmpdir(), 'rewalk-bench-'));
  const file = join(folder, 'bench.mbox');
  const line = (label, text) => process.stdout.write(`${label.padEnd(34)} ${text}\n`);
  const rate = (seconds) => `${Math.round(MAILS / seconds).toLocaleString('en')} messages a second`;
  try {
    writeMbox(file);
    let [own, whole, python] = [Infinity, Infinity, Infinity];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      const { value } = await readSources([file]);
      if (value.length !== MAILS) throw new Error(`${value.length} of ${MAILS} messages were read`);
      const read = performance.now();
      assembleSeries(value);
      own = Math.min(own, (read - started) / 1000);
      whole = Math.min(whole, (performance.now() - started) / 1000);
      const { stdout, status } = spawnSync('python3', ['-c', PYTHON, file], { encoding: 'utf8' });
      const [count, seconds] = (stdout ?? '').trim().split(' ').map(Number);
      if (status === 0 && count === MAILS) python = Math.min(python, seconds);
    }
    line('mail read', rate(own));
    line('mail read and put together', rate(whole));
    if (python === Infinity) line('Python mailbox and email', 'not measured: python3 is not there');
    else
      line(
        'Python mailbox and email',
        `${rate(python)}; reading is ${(python / own).toFixed(2)} times as fast`,
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
