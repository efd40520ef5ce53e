// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { cachedKernel, type CachedKernelVersion } from '../../src/ingest/kernel-cache.ts';
import { selftest } from '../../src/selftest.ts';

/** Cases of lib/test_vmalloc.c, and the one that its comment says must fail. */
const kernels: readonly [CachedKernelVersion, { cases: number; failing: readonly string[] }][] = [
  ['6.1', { cases: 10, failing: ['align_shift_alloc_test'] }],
  ['6.12', { cases: 11, failing: ['align_shift_alloc_test'] }],
];

// Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
test.each(kernels)('Linux %s passes its own vmalloc tests, and so does the model', async (version, told) => {
  const tree = cachedKernel(version);
  if (tree === undefined && process.env['CI'] === undefined) {
    console.warn(`Linux ${version} is not there (npm run kernel): its test module is NOT run`);
    return;
  }
  const { value } = await selftest({
    tree,
    machine: 'arm64-4k',
    series: [],
    version: undefined,
    patch: undefined,
    bindings: ['tree', 'model'],
    parameters: ['test_loop_count=10'],
    cases: [],
    seed: 1,
  });
  expect(value!.cases).toHaveLength(told.cases);
  for (const { results } of value!.runs) {
    const failing = results.filter(({ outcome }) => outcome === 'fail').map((each) => each.case);
    expect(failing).toEqual(told.failing);
    expect(results.filter(({ asExpected }) => !asExpected)).toEqual([]);
  }
});
