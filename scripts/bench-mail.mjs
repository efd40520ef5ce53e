// SPDX-License-Identifier: GPL-2.0-only
// `npm run bench -- mail`: how fast an mbox is read, put together to series, and every series taken apart, against
// Python's mailbox and email modules on the same file. Each run is a process of its own, and what counts is its
// processor time, so that both sides start cold and a busy machine disturbs neither.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateList, mboxOf } from './generated-list.mjs';
import { generateMirror } from './generated-mirror.mjs';

const MAILS = 3000;
const MIRROR = 6000;
const RUNS = 3;

/** What Python does of the same: split, parse headers and MIME, decode each text part. */
const PYTHON = `
import mailbox, sys, time
from email.header import decode_header, make_header
started = time.process_time()
count = 0
for mail in mailbox.mbox(sys.argv[1]):
    str(make_header(decode_header(mail['subject'] or '')))
    for part in mail.walk():
        if part.get_content_maintype() == 'text':
            part.get_payload(decode=True).decode(part.get_content_charset() or 'utf-8', 'replace')
    count += 1
print([count, time.process_time() - started])
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
  'a generated mirror, as lists are': () =>
    generateMirror({ count: MIRROR, senders: 60, seed: 1 }).map(({ text }) => text),
  'a generated list, 60 senders': () =>
    generateList({ count: MAILS, senders: 60, seed: 1 }).map(({ text }) => text),
  'a generated list, one sender': () =>
    generateList({ count: MAILS, senders: 1, seed: 1 }).map(({ text }) => text),
  'one series over and over': oneSeriesOverAndOver,
};

/** Seconds of processor time for each step over a file, in this process. */
async function timeSteps(file) {
  const { readSources } = await import('../dist/ingest/read-sources.js');
  const { groupMails } = await import('../dist/series/mail-groups.js');
  const { readGroup } = await import('../dist/series/assemble.js');
  const seconds = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const started = seconds();
  const { value } = await readSources([file]);
  const read = seconds();
  const groups = groupMails(value).value;
  const grouped = seconds();
  for (const group of groups) readGroup(group);
  return {
    count: value.length,
    read: read - started,
    group: grouped - read,
    takeApart: seconds() - grouped,
  };
}

/** What a process printed, as JSON; undefined if it failed. */
function runAndParse(program, args) {
  const { stdout, status } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

/** The best of a few runs of every step, and of Python's reading. */
function timeList(file, count) {
  const best = { read: Infinity, group: Infinity, takeApart: Infinity, python: Infinity };
  for (let run = 0; run < RUNS; run += 1) {
    const ours = runAndParse(process.execPath, [fileURLToPath(import.meta.url), file]);
    if (ours?.count !== count) throw new Error(`${ours?.count} of ${count} messages were read`);
    for (const step of ['read', 'group', 'takeApart']) best[step] = Math.min(best[step], ours[step]);
    const [theirs, seconds] = runAndParse('python3', ['-c', PYTHON, file]) ?? [];
    if (theirs === count) best.python = Math.min(best.python, seconds);
  }
  return best;
}

/** Prints messages a second: read, put together to series, taken apart, and read by Python. */
export function benchMail() {
  const folder = mkdtempSync(join(tmpdir(), 'rewalk-bench-'));
  const line = (label, text) => process.stdout.write(`  ${label.padEnd(26)} ${text}\n`);
  try {
    for (const [name, generate] of Object.entries(LISTS)) {
      const texts = generate();
      const file = join(folder, 'bench.mbox');
      writeFileSync(file, mboxOf(texts));
      const { read, group, takeApart, python } = timeList(file, texts.length);
      const rate = (seconds) =>
        `${Math.round(texts.length / seconds).toLocaleString('en')} messages a second`.padStart(28);
      const beside = (seconds) =>
        python === Infinity
          ? rate(seconds)
          : `${rate(seconds)}, ${(python / seconds).toFixed(2)} of Python's`;
      process.stdout.write(`${name}, ${texts.length} messages\n`);
      line(
        'Python mailbox and email',
        python === Infinity ? 'not measured: python3 is not there' : rate(python),
      );
      line('read', beside(read));
      line('and grouped to versions', beside(read + group));
      line('and every mail taken apart', beside(read + group + takeApart));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(JSON.stringify(await timeSteps(process.argv[2])));
}
