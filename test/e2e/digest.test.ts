// SPDX-License-Identifier: GPL-2.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  folderWithList,
  keptAs,
  lateReply,
  list,
  patchBody,
  type ListMail,
} from '../faces/digest/list-fixture.ts';
import { rewalkInProcess } from '../faces/cli/in-process.ts';
import { program, rewalk, root } from './rewalk.ts';

/** More than a pipe holds, so that whoever does not read stops the program in the middle of its digest. */
const MANY = 400;

function longList(): string {
  return folderWithList(
    Array.from({ length: MANY }, (_, index) => ({
      id: `m${index}`,
      subject: `[PATCH] mm/part${index}: say number ${index}`,
      date: 'Mon, 4 May 2026 10:00:00 +0000',
      body: patchBody(`line ${index}`),
    })),
  );
}

function toldIn(text: string): number {
  return new Set(text.match(/lore\.kernel\.org\/r\/m\d+@/g)).size;
}

/** A patch to line 494 of the embedded tree's mm/vmalloc.c, which is `line`, or is not. */
function vmallocPatch(id: string, tag: string, date: string, line: string): ListMail {
  const body = `Say.

---
diff --git a/mm/vmalloc.c b/mm/vmalloc.c
--- a/mm/vmalloc.c
+++ b/mm/vmalloc.c
@@ -492,5 +492,6 @@
 ${embedded[491]}
 ${embedded[492]}
+
 ${line}
 ${embedded[494]}
 ${embedded[495]}
-- 
2.39.5
`;
  return { id, subject: `[${tag}] mm/vmalloc: say it`, date, body };
}

const embedded = readFileSync(join(root, 'fixtures/linux/mm/vmalloc.c'), 'utf8').split('\n');

it('takes a version that does not apply for one that cannot be run, not for one without findings', () => {
  const folder = folderWithList([
    vmallocPatch('n1', 'PATCH', 'Mon, 4 May 2026 10:00:00 +0000', embedded[493]!),
    vmallocPatch('n2', 'PATCH v2', 'Mon, 11 May 2026 10:00:00 +0000', 'something else'),
  ]);
  const tree = ['--tree', 'fixtures/linux', '--machine', 'x86_64-4level', '--scenarios', '0'];
  const { status, stdout } = rewalk('digest', join(folder, 'list.mbox'), ...tree);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ 1 {2}mm\/vmalloc: say it \(v2\) {2}cannot be run, /m);
  expect(stdout).toMatch(/Not run: v2 patch 1\/1: hunk 1 of 1 in `mm\/vmalloc.c` does\s+not\s+apply/);
  expect(stdout).not.toContain('No finding');
});

it.each([
  ['--tree', '/nonexistent', 'ingest/tree-missing'],
  ['--machine', 'vax', 'review/no-machine'],
])('refuses %s %s at once, with one line', (option, value, code) => {
  const { status, stdout, stderr } = rewalk('digest', join(folderWithList(), 'list.mbox'), option, value);
  expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
  expect(stderr).toContain(code);
});

describe('rewalk digest --state', () => {
  it.each(Object.keys(keptAs))('tells each mail of a list kept as %s once, and no other', async (form) => {
    const folder = mkdtempSync(join(tmpdir(), 'rewalk-digest-'));
    const { source, add } = keptAs[form]!(folder);
    for (const mail of list) add(mail);
    const run = () => rewalkInProcess('digest', source, '--state', join(folder, 'state'));
    const first = await run();
    expect([first.status, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(
      /4 mails read; 2 series with news[^]*New: v1, v2 posted; 1 reply by Reviewer A/,
    );
    add(lateReply);
    const second = await run();
    expect(second.stdout).toMatch(
      /1 series with news, 0 with findings, 1 open question, 1 series\swithout news/,
    );
    expect(second.stdout).toMatch(/mm: other words[^]*New: 1 reply by Reviewer A\n/);
    expect(second.stdout).not.toContain('mm: say it');
    const third = await run();
    expect([third.status, third.stdout]).toEqual([0, expect.stringContaining('Nothing new.')]);
    expect(readdirSync(folder).filter((name) => name.startsWith('state'))).toEqual(['state']);
  });

  it('loses nothing when it is killed while it writes', async () => {
    const folder = longList();
    const state = join(folder, 'state');
    const args = ['digest', join(folder, 'list.mbox'), '--state', state];
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'readable');
    const first = String(child.stdout.read(1000));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect([first.includes(`${MANY} mails read`), existsSync(state)]).toEqual([true, false]);
    expect(toldIn(rewalk(...args).stdout)).toBe(MANY);
    expect(toldIn(rewalk(...args).stdout)).toBe(0);
  });

  it('keeps the state as it was where the digest cannot be delivered', () => {
    const folder = folderWithList();
    const state = join(folder, 'state');
    const failed = rewalk(
      'digest',
      join(folder, 'list.mbox'),
      '--state',
      state,
      '--output',
      join(folder, 'no/where'),
    );
    expect([failed.status, failed.stderr, existsSync(state)]).toEqual([
      2,
      expect.stringMatching(/^\S*no\/where: digest\/cannot-write: .*\n$/),
      false,
    ]);
  });

  it('refuses a state that is something else, and leaves it alone', () => {
    const folder = folderWithList();
    const state = join(folder, 'state');
    writeFileSync(state, 'my diary');
    const { status, stderr } = rewalk('digest', join(folder, 'list.mbox'), '--state', state);
    expect([status, stderr.split('\n').length, readFileSync(state, 'utf8')]).toEqual([2, 2, 'my diary']);
    expect(stderr).toContain('digest/bad-state');
  });
});
