// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openTree } from '../../src/ingest/source-tree.ts';
import { lineWidth, plainText } from '../../src/report/styled-text.ts';
import { renderReview } from '../../src/report/text.ts';
import { review, type RunJobs } from '../../src/review.ts';
import { fakeResult } from './fake-results.ts';

const TREE = 'fixtures/linux';
const FILE = 'mm/vmalloc.c';
const WIDTH = 80;
const source = openTree(TREE).value!.read(FILE)!.split('\n');
/** The body of a function of one line. */
const LINE = source.findIndex((line) => line.includes('_vm_unmap_aliases(ULONG_MAX, 0, 0);')) + 1;
let scratch: string | undefined;

afterEach(() => {
  if (scratch !== undefined) rmSync(scratch, { recursive: true });
  scratch = undefined;
});

/** A review of one patch that puts other lines in the place of one, of which the tree had executed some lines. */
async function reviewed(put: readonly string[], executed: readonly number[]) {
  scratch = mkdtempSync(join(tmpdir(), 'rewalk-exercised-'));
  const [before, gone, behind] = source.slice(LINE - 2, LINE + 1);
  const hunk = [` ${before}`, `-${gone}`, ...put.map((line) => `+${line}`), ` ${behind}`];
  const path = join(scratch, '0001-take.patch');
  writeFileSync(
    path,
    `From: A <a@example.org>\nSubject: [PATCH] mm/vmalloc: take a line\n\n---\ndiff --git a/${FILE} b/${FILE}\n` +
      `--- a/${FILE}\n+++ b/${FILE}\n@@ -${LINE - 1},3 +${LINE - 1},${2 + put.length} @@\n${hunk.join('\n')}\n`,
  );
  const lines = [LINE].filter((line) => !executed.includes(line));
  const runJobs: RunJobs = (jobs) =>
    Promise.resolve(
      jobs.map(() =>
        fakeResult({}, { lines: [{ function: 'vm_unmap_aliases', file: FILE, executed, missed: lines }] }),
      ),
    );
  const { value } = await review(
    {
      sources: [path],
      tree: TREE,
      versions: undefined,
      machines: ['arm64-4k'],
      fromTree: false,
      scenarios: 0,
      seed: 1,
    },
    runJobs,
  );
  const text = renderReview(value!, { width: WIDTH, baseline: false });
  expect(text.filter((line) => lineWidth(line) > WIDTH)).toEqual([]);
  return { exercised: value!.exercised, text: text.map(plainText).join('\n') };
}

it('tells the lines that a patch takes away and that nothing executed before', async () => {
  const { exercised, text } = await reviewed([], []);
  const gone = [{ file: FILE, line: LINE, function: 'vm_unmap_aliases', text: source[LINE - 1]!.trim() }];
  expect(exercised).toMatchObject([{ executed: 0, missed: [], gone }]);
  expect(text).toContain(
    `Not exercised  removed lines that no scenario executed before\n  ? v1 patch 1: 1 line\n      ${FILE}:${LINE} vm_unmap_aliases():`,
  );
  expect(text).toContain('Nothing found; 1 line that v1 removes was not executed before');
});

it('does not where they were executed, are put elsewhere, or what is in their place says it', async () => {
  const ofAll = [await reviewed([], [LINE]), await reviewed([`\t\t${source[LINE - 1]!.trim()}`], [])];
  ofAll.push(await reviewed(['\t_vm_unmap_aliases(ULONG_MAX, 0, 1);'], []));
  for (const { exercised, text } of ofAll) {
    expect(exercised.flatMap(({ gone }) => gone ?? [])).toEqual([]);
    expect(text).not.toContain('removed lines');
  }
  expect(ofAll[2]!.text).toContain('added lines that no scenario has executed');
});
