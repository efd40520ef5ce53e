// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { agreementOf } from '../../src/costs/agreement.ts';
import { benchmarkIn, benchmarkName, usualBenchmarks } from '../../src/costs/benchmark.ts';

const MIB = 2 ** 20;

describe('the benchmark that a claim is about', () => {
  it.each([
    ['ioremap(1 MB)', { kind: 'call', call: 'ioremap', size: MIB, order: undefined }],
    ['vmalloc(64KiB) with flags', { kind: 'call', call: 'vmalloc', size: 65536, order: undefined }],
    ['vmap(100MB) with order-8 pages', { kind: 'call', call: 'vmap', size: 100 * MIB, order: 8 }],
  ])('%s', (workload, expected) => {
    expect(benchmarkIn({ workload, text: '' })).toEqual(expected);
  });

  it.each([
    'vmap()',
    'vmap(0 MB)',
    'kmalloc(1 MB)',
    'vmap(9999 GB)',
    'vmap(1 MB) with order-40 pages',
    'a directory workload',
  ])('none: %s', (workload) => {
    expect(benchmarkIn({ workload, text: '' })).toBeUndefined();
  });

  it('is threads where a row or a list has their number and the words speak of mapping', () => {
    const lead = 'linearly mapping then touching then unmapping 16 pages';
    expect(benchmarkIn({ workload: 'threads 8', text: '8 | 10 | 20', lead })).toEqual({
      kind: 'threads',
      threads: 8,
      pages: 16,
    });
    expect(benchmarkIn({ workload: 'threads 8', per: 'map+unmap', text: '' })).toMatchObject({ pages: 4 });
    expect(
      benchmarkIn({ workload: 'threads 8', text: '8 | 10 | 20', lead: 'a directory workload' }),
    ).toBeUndefined();
    expect(benchmarkIn({ workload: 'threads 4000', per: 'map', text: '' })).toBeUndefined();
  });

  it('is the linear map where the words say map_mem() and how much memory', () => {
    const lead = 'Execution time of map_mem() on two machines:';
    const expected = { kind: 'call', call: 'map_mem', size: 64 * 2 ** 30, order: undefined };
    expect(benchmarkIn({ text: 'VM, 64G | 109 ms | 61 ms', machine: 'Board VM, 64G', lead })).toEqual(
      expected,
    );
    expect(benchmarkIn({ workload: '64G', text: 'map_mem() takes less' })).toEqual(expected);
    expect(benchmarkIn({ text: 'VM, 64G | 109 ms | 61 ms', machine: 'Board VM, 64G' })).toBeUndefined();
    expect(benchmarkIn({ text: 'map_mem() takes less' })).toBeUndefined();
  });

  it('has a name that it is read from again', () => {
    for (const benchmark of usualBenchmarks) {
      expect(benchmarkIn({ workload: benchmarkName(benchmark), text: '' })).toEqual(benchmark);
    }
  });
});

it.each([
  [2, 2, 'agrees'],
  [2.3, 2, 'agrees'],
  [1.05, 1.35, 'less'],
  [100, 5, 'more'],
  [0.9, 1.3, 'differs'],
  [1.001, 1.3, 'differs'],
  [1, 1, 'agrees'],
  [0.5, 0.51, 'agrees'],
])('modelled %d beside claimed %d: %s', (modelled, claimed, expected) => {
  expect(agreementOf(modelled, claimed)).toBe(expected);
});
