// SPDX-License-Identifier: GPL-2.0-only
import { expect, test } from 'vitest';
import { cachedKernel, type CachedKernelVersion } from '../../src/ingest/kernel-cache.ts';
import type { SelftestBinding } from '../../src/report/selftest.ts';
import { selftest } from '../../src/selftest.ts';

/** What lib/test_vmalloc.c has: so many cases, and those that its comments say must fail. */
const modules: Readonly<Record<CachedKernelVersion, { cases: number; failing: readonly string[] }>> = {
  '6.1': { cases: 10, failing: ['align_shift_alloc_test'] },
  '6.12': { cases: 11, failing: ['align_shift_alloc_test'] },
};

/** The model is the same for every tree: once is enough. */
const runs: readonly [CachedKernelVersion, SelftestBinding][] = [
  ['6.1', 'tree'],
  ['6.12', 'tree'],
  ['6.12', 'model'],
];

// Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
test.each(runs)('the vmalloc tests of Linux %s pass on the %s', async (version, binding) => {
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
    bindings: [binding],
    parameters: ['test_loop_count=10'],
    cases: [],
    seed: 1,
  });
  const { cases, failing } = modules[version];
  const [run] = value!.runs;
  expect(run!.results).toHaveLength(cases);
  const failed = run!.results.filter(({ outcome }) => outcome === 'fail').map((each) => each.case);
  expect(failed).toEqual(failing);
  expect(run!.results.filter(({ asExpected }) => !asExpected)).toEqual([]);
});
