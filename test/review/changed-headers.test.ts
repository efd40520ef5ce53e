// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { MemoryTree } from '../../src/ingest/source-tree.ts';
import { parseUnifiedDiff } from '../../src/ingest/unified-diff.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { changedHeaders } from '../../src/review-changed-headers.ts';
import type { ReviewInput } from '../../src/review-input.ts';

const HEADER = 'arch/arm64/include/asm/tlbflush.h';
const ELSEWHERE = 'arch/arm64/include/asm/kvm_host.h';

function tree(body: string, limit: string): MemoryTree {
  const text = `#define LIMIT ${limit}\nstatic inline void flush(void)\n{\n\t${body}\n}\nstatic inline void same(void)\n{\n}\n`;
  return new MemoryTree(
    'a tree',
    new Map([
      [HEADER, text],
      [ELSEWHERE, text],
    ]),
  );
}

/** One version of as many patches as there are trees behind the first. */
function input(...trees: readonly MemoryTree[]): Pick<ReviewInput, 'base' | 'versions'> {
  const diff = [HEADER, ELSEWHERE]
    .map((path) => `--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-a\n+b\n`)
    .join('');
  const { value: files } = parseUnifiedDiff(diff, { file: 'patch', line: 1 });
  const prefixes = trees.slice(1).map((each, index) => ({ patch: index + 1, tree: each }));
  const patches = prefixes.map(({ patch }) => ({ index: patch, files }));
  return { base: trees[0]!, versions: [{ version: { patches }, prefixes }] } as never;
}

it('names what does not mean the same in all states, whatever the hunks say', () => {
  const states = input(tree('isb();', '1'), tree('dsb(ish);', '1'), tree('isb();', '2'));
  expect(changedHeaders(states, machineNamed('arm64-4k')!)).toEqual([
    { path: HEADER, names: ['LIMIT', 'flush'] },
  ]);
});

it('is of one architecture', () => {
  const states = input(tree('isb();', '1'), tree('dsb(ish);', '1'));
  expect(changedHeaders(states, machineNamed('x86_64-4level')!)).toEqual([]);
});
