// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { renderCosts } from '../../src/report/costs-text.ts';
import type { SeriesCosts } from '../../src/report/costs.ts';
import { plainText } from '../../src/report/styled-text.ts';
import { seriesCosts, type CostsRequest } from '../../src/series-costs.ts';

const usual = { tree: undefined, versions: undefined, machine: undefined, weights: undefined };

async function costsOf(request: Partial<CostsRequest>): Promise<SeriesCosts> {
  const { value, diagnostics } = await seriesCosts({ ...usual, sources: [], ...request });
  expect(diagnostics).toEqual([]);
  return value!;
}

const textOf = (costs: SeriesCosts): string =>
  renderCosts(costs, 80)
    .map((line) => `${plainText(line).trimEnd()}\n`)
    .join('');

describe('costs beside the claims of the embedded series', () => {
  // `npm run golden` writes both anew.
  it('of contiguous vmap, v4', async () => {
    const costs = await costsOf({ sources: ['patches/contiguous-vmap'], versions: ['4'] });
    await expect(textOf(costs)).toMatchFileSnapshot('golden/costs-contiguous-vmap-v4.txt');
    const [, vmalloc, vmap] = costs.calls;
    const partsOf = (call: typeof vmap, state: number): Record<string, number> =>
      Object.fromEntries(call!.states[state]!.parts.map(({ kind, count }) => [kind, count]));
    // What the series is about: one walk in place of one for each segment, and no look at each page by itself.
    expect([partsOf(vmalloc, 0)['walk'], partsOf(vmalloc, 1)['walk']]).toEqual([64, 4]);
    expect([partsOf(vmap, 0)['page-check'], partsOf(vmap, 1)['page-check']]).toEqual([25600, 100]);
  });

  it('of the vmap rewrite, v2, from one thread to eight', async () => {
    const costs = await costsOf({ sources: ['patches/vmap-rewrite'], versions: ['2'] });
    await expect(textOf(costs)).toMatchFileSnapshot('golden/costs-vmap-rewrite-v2.txt');
    const [threads] = costs.threads;
    expect(threads).toMatchObject({ machine: 'x86_64-4level', weights: 'opteron', cpus: 8 });
    const growth = threads!.states.map(({ label, call, runs }) => [
      `${label} ${call}`,
      runs.at(-1)!.ns! / runs[0]!.ns!,
    ]);
    // The shape of the table: more than one CPU's share before, flat after.
    expect(growth).toEqual([
      ['base vmap', expect.toSatisfy((times: number) => times > 8)],
      ['v2 vmap', expect.anything()],
      ['v2 vm_map_ram', expect.toSatisfy((times: number) => times < 1.1)],
    ]);
    const flushes = threads!.states.map(({ runs }) =>
      runs.at(-1)!.counts.reduce((sum, counts) => sum + counts.broadcast, 0),
    );
    expect([flushes[0], flushes[2]]).toEqual([2048, 1]);
  });
});

it('counts one invalidation for 16 tables where there was one for each, whatever the memory', async () => {
  const costs = await costsOf({ sources: ['patches/fixmap-slots'] });
  const flushes = costs.calls.map(({ name, states }) => [
    name,
    ...states.map(({ parts }) => parts.find(({ kind }) => kind === 'tlb-flush')?.count),
  ]);
  // 2 MiB a table; one of PMDs and one of PUDs.
  expect(flushes).toContainEqual(['map_mem() of 16 GiB', 8192 + 2, 512 + 2]);
  expect(flushes).toContainEqual(['map_mem() of 64 GiB', 4 * 8192 + 2, 4 * 512 + 2]);
  const verdicts = costs.calls.flatMap(({ claims }) => claims.map(({ agreement }) => agreement));
  expect(verdicts).toHaveLength(4);
  expect(new Set(verdicts)).toEqual(new Set(['less']));
});

describe('a place that cannot be had', () => {
  it.each([
    [{ machine: 'vax' }, /^there is no machine `vax`; there are arm64-4k/],
    [{ weights: 'guess' }, /^there are no weights `guess`; there are cortex-a55/],
    [
      { weights: 'opteron', machine: 'arm64-4k' },
      /^the weights `opteron` are for x86, and `arm64-4k` is not$/,
    ],
  ])('%j', async (request, message) => {
    const { value, diagnostics } = await seriesCosts({
      ...usual,
      sources: [],
      tree: 'fixtures/linux',
      ...request,
    });
    expect(value).toBeUndefined();
    expect(diagnostics[0]?.message).toMatch(message);
  });
});
