// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { addCounts, countRun, type Counts } from '../../src/costs/count.ts';
import { tableNamed } from '../../src/costs/weights/table-list.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { measure, measuredStage, partOf } from '../../src/run/measure.ts';
import { runThreads, type MeasuredCall } from '../../src/run/thread-workload.ts';
import { workloadFor } from '../../src/run/workloads.ts';
import { embeddedSource } from './fixture-tree.ts';
import { scenarioOf } from './run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const stage = measuredStage(arm64, embeddedSource(arm64));
const { flush } = tableNamed('cortex-a55')!;

function countsOf(text: string, operations: readonly number[]): Counts {
  const run = measure(stage, scenarioOf(text));
  expect(run).toMatchObject({ end: { kind: 'completed' }, notReached: [] });
  return addCounts(...countRun(partOf(run, operations), arm64, flush));
}

describe('a measured scenario', () => {
  it('counts the same every time, and after any other', () => {
    const first = countsOf('vmap 4K*8', [0]);
    countsOf('vmap 64K*2; vunmap #0', [0, 1]);
    expect(countsOf('vmap 4K*8', [0])).toEqual(first);
  });

  it('counts a loop by its pages, and what is not a loop once', () => {
    const [few, more] = [countsOf('vmap 4K*10', [0]), countsOf('vmap 4K*30', [0])];
    expect([few['table-write'], more['table-write']]).toEqual([13, 33]);
    expect(more['page-check'] - few['page-check']).toBe(20);
    expect(more.iteration - few.iteration).toBe(20);
    expect(more.lock).toBe(few.lock);
  });

  it('leaves out the operations that are not asked for', () => {
    const text = 'vmap 4K*10; vunmap #0; vm_unmap_aliases; vmap 4K*10';
    const all = countsOf(text, [0, 1, 2, 3, 4]);
    const parts = [0, 1, 2, 3, 4].map((operation) => countsOf(text, [operation]));
    expect(addCounts(...parts)).toEqual(all);
    // Page tables are there the second time.
    expect(parts[0]!['table-alloc']).toBe(3);
    expect(parts[3]!['table-alloc']).toBe(0);
  });
});

describe('a benchmark as a scenario', () => {
  const size = 2 ** 20;
  it.each([
    { call: 'ioremap', size },
    { call: 'vmalloc', size },
    { call: 'vmap', size, order: 4 },
    { call: 'vmap', size: 5 * 4096, order: 1 },
  ] as const)('$call of $size bytes runs to its end with tables in place', (benchmark) => {
    const { scenario, measured } = workloadFor(benchmark, arm64);
    const run = measure(stage, scenario);
    expect(run).toMatchObject({ end: { kind: 'completed' }, notReached: [] });
    const counts = addCounts(...countRun(partOf(run, measured), arm64, flush));
    expect(counts['table-write']).toBe(Math.ceil(benchmark.size / 4096));
    expect(counts['table-alloc']).toBe(0);
  });

  it('of vmalloc has pages of the largest size below it that vmalloc may use', () => {
    const shiftOf = (bytes: number): unknown => workloadFor({ call: 'vmalloc', size: bytes }, arm64).measures;
    expect(shiftOf(4096)).toContain('page_shift 12');
    expect(shiftOf(2 ** 20)).toContain('page_shift 16');
    expect(shiftOf(2 ** 30)).toContain('page_shift 21');
  });
});

it('threads map, touch and unmap, each on its CPU', () => {
  const calls: MeasuredCall[] = [];
  const end = runThreads(stage, { threads: 2, rounds: 3, pages: 4, map: 'vmap' }, (call) => calls.push(call));
  expect(end).toEqual({ kind: 'completed' });
  expect(calls.map(({ cpu }) => cpu)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const names = calls.map(({ events: [first] }) => (first?.kind === 'operation' ? first.name : ''));
  expect(names.slice(0, 4)).toEqual(['vmap', 'vmap', 'vunmap', 'vunmap']);
  const touched = calls[0]!.events.flatMap((event) => (event.kind === 'access' ? [event.addr] : []));
  expect(touched.map((addr) => addr - touched[0]!)).toEqual([0, 4096, 8192, 12288]);
});
