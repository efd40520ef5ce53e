// SPDX-License-Identifier: GPL-2.0-only
// `npm run bench -- mail`: how fast an mbox is read and put together to series, against Python's mailbox and
// email modules on the same file.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { generateList, mboxOf } from './generated-list.mjs';

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
function oneSeriesOverAndOver() {
  const folder = fileURLToPath(new URL('../patches/contiguous-vmap/v4', import.meta.url));
  const patches = readdirSync(folder)
    .filter((name) => /^000[1-9]-.*\.patch$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8').replace(/^From .*\n/, ''));
  return Array.from({ length: MAILS }, (_, index) => {
    const id = `<bench-${index}@example.org>`;
    const patch = patches[(index >> 1) % patches.length].replace(/^Message-ID: .*$/m, `Message-ID: ${id}`);
    if (index % 2 === 0) return patch;
    const quoted = patch.replace(/^[^]*?\n\n/, '').replace(/^/gm, '> ');
    return `Message-ID: ${id}\nIn-Reply-To: <bench-${index - 1}@example.org>\nFrom: Reviewer A <reviewer-a@example.org>\nDate: Fri, 19 Jun 2026 10:00:00 +0000\nSubject: Re: [PATCH] =?UTF-8?q?caf=C3=A9?=\n\n${quoted}\nWhy?\n`;
  });
}

const LISTS = {
  'a generated list, 60 senders': () =>
    generateList({ count: MAILS, senders: 60, seed: 1 }).map(({ text }) => text),
  'a generated list, one sender': () =>
    generateList({ count: MAILS, senders: 1, seed: 1 }).map(({ text }) => text),
  'one series over and over': oneSeriesOverAndOver,
};

/** Seconds for reading a file, for putting its mails together, and for Python's reading of it; the best of a few runs. */
async function timeList(file, count) {
  const { readSources } = await import('../dist/ingest/read-sources.js');
  const { assembleSeries } = await import('../dist/series/assemble.js');
  const best = { read: Infinity, assemble: Infinity, python: Infinity };
  for (let run = 0; run < RUNS; run += 1) {
    const started = performance.now();
    const { value } = await readSources([file]);
    if (value.length !== count) throw new Error(`${value.length} of ${count} messages were read`);
    const read = performance.now();
    assembleSeries(value);
    best.read = Math.min(best.read, (read - started) / 1000);
    best.assemble = Math.min(best.assemble, (performance.now() - read) / 1000);
    const { stdout, status } = spawnSync('python3', ['-c', PYTHON, file], { encoding: 'utf8' });
    const [pythonCount, seconds] = (stdout ?? '').trim().split(' ').map(Number);
    if (status === 0 && pythonCount === count) best.python = Math.min(best.python, seconds);
  }
  return best;
}

/** Prints messages a second: read, put together to series, and read by Python. */
export async function benchMail() {
  const folder = mkdtempSync(join(tmpdir(), 'rewalk-bench-'));
  const line = (label, text) => process.stdout.write(`  ${label.padEnd(24)} ${text}\n`);
  try {
    for (const [name, generate] of Object.entries(LISTS)) {
      const texts = generate();
      const file = join(folder, 'bench.mbox');
      writeFileSync(file, mboxOf(texts));
      const { read, assemble, python } = await timeList(file, texts.length);
      const rate = (seconds) =>
        `${Math.round(texts.length / seconds).toLocaleString('en')} messages a second`;
      process.stdout.write(`${name}, ${texts.length} messages\n`);
      line('read', rate(read));
      line(
        'put together to series',
        `${rate(assemble)}; takes ${(assemble / read).toFixed(1)} times as long`,
      );
      if (python === Infinity) line('Python mailbox and email', 'not measured: python3 is not there');
      else
        line(
          'Python mailbox and email',
          `${rate(python)}; reading is ${(python / read).toFixed(1)} times as fast`,
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
