// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, test } from 'vitest';
import type { CountKind } from '../../src/costs/count.ts';
import type { Part } from '../../src/costs/weights.ts';
import {
  differingCounts,
  renderCostDifferences,
  type CostDifference,
} from '../../src/report/cost-difference.ts';
import { versionCosts } from '../../src/version-costs.ts';

const request = {
  sources: ['patches/contiguous-vmap'],
  tree: 'fixtures/linux',
  machines: ['arm64-4k', 'riscv64-sv48'],
};

const part = (kind: CountKind, count: number, ns: number): Part => ({ kind, count, ns });

describe('what calls cost in two versions', () => {
  test('what is claimed and the usual calls, on machines that there are weights for', async () => {
    const { value = [], diagnostics } = await versionCosts({ ...request, from: 'v2', to: 'v3' });
    expect(diagnostics).toEqual([]);
    expect([...new Set(value.map(({ machine }) => machine))]).toEqual(['arm64-4k']);
    const vmalloc = value.find(({ name }) => name === 'vmalloc(1 MiB)');
    expect(vmalloc?.before.ns).toBeGreaterThan(0);
    // v3 leaves the walker of v2 as it is but for its checks of each page.
    expect(vmalloc?.counts.map(({ kind }) => kind)).not.toContain('table-write');
  });

  test('a machine or version that there is not', async () => {
    const noMachine = await versionCosts({ ...request, machines: ['vax'], from: 'v1', to: 'v2' });
    expect(noMachine).toMatchObject({ value: undefined, diagnostics: [{ code: 'review/no-machine' }] });
    const noVersion = await versionCosts({ ...request, from: 'v1', to: 'v9' });
    expect(noVersion.value).toBeUndefined();
  });

  test('events that differ, what weighs most first; none where one side did not end', () => {
    const before = { ns: 30, parts: [part('walk', 5, 10), part('table-write', 2, 20)] };
    const after = { ns: 22, parts: [part('table-write', 2, 20), part('lock', 1, 1), part('walk', 1, 2)] };
    expect(differingCounts(before, after)).toEqual([
      { kind: 'walk', before: 5, after: 1 },
      { kind: 'lock', before: 0, after: 1 },
    ]);
    expect(differingCounts(before, { ns: null, reason: 'a loop does not end', parts: [] })).toEqual([]);
  });

  test('as text', () => {
    const cost = (parts: Partial<CostDifference>): CostDifference => ({
      name: 'vmap(1 MiB)',
      machine: 'arm64-4k',
      weights: 'w',
      before: { ns: 30 },
      after: { ns: 22 },
      counts: [],
      ...parts,
    });
    const lines = renderCostDifferences(
      [
        cost({
          counts: [
            { kind: 'walk', before: 5000, after: 1 },
            { kind: 'lock', before: 0, after: 1 },
          ],
        }),
        cost({ after: { ns: 30 } }),
        cost({ after: { ns: null, reason: 'a loop does not end' } }),
      ],
      40,
    );
    expect(lines.map((line) => line.map(({ text }) => text).join(''))).toEqual([
      '  vmap(1 MiB)  arm64-4k  30 ns -> 22 ns',
      '      walk 5,000 -> 1, lock 0 -> 1',
      '  vmap(1 MiB)  arm64-4k  30 ns -> 30 ns  the same work',
      '  vmap(1 MiB)  arm64-4k  cannot be compared',
      '      a loop does not end',
    ]);
  });
});
