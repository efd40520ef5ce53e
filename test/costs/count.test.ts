// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCounts,
  countKinds,
  countRun,
  extrapolated,
  noCounts,
  type Counts,
} from '../../src/costs/count.ts';
import { totalOf, weigh } from '../../src/costs/weights.ts';
import { weightTables } from '../../src/costs/weights/table-list.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import { call, joined } from './counted-events.ts';

const arm64 = machineNamed('arm64-4k')!;
const byInstruction = { pagesAtOnce: 512, byInterrupt: false };
const byInterrupt = { pagesAtOnce: 0, byInterrupt: true };
const [table] = weightTables;

const counted = (events: readonly TraceEvent[], rules = byInstruction): Partial<Counts> => {
  const operation: TraceEvent = {
    kind: 'operation',
    operation: 0,
    cpu: 0,
    name: 'f',
    intent: { kind: 'other' },
  };
  const [counts] = countRun({ events: [operation, ...events], work: [] }, arm64, rules);
  return Object.fromEntries(
    countKinds.filter((kind) => counts![kind] > 0).map((kind) => [kind, counts![kind]]),
  );
};

describe('counts', () => {
  it('of two runs, one after the other, are the sum of both, CPU by CPU', () => {
    fc.assert(
      fc.property(call, call, (first, second) => {
        const [one, two, both] = [first, second, joined(first, second)].map((run) =>
          countRun(run, arm64, byInterrupt),
        );
        const cpus = Math.max(one!.length, two!.length);
        const sums = Array.from({ length: cpus }, (_, cpu) =>
          addCounts(one![cpu] ?? noCounts(), two![cpu] ?? noCounts()),
        );
        expect(both).toEqual(sums);
      }),
    );
  });

  it('of the same run are the same, and so is their weight, whatever is counted first', () => {
    fc.assert(
      fc.property(call, call, (first, second) => {
        const weightOf = (...runs: (typeof first)[]): number =>
          totalOf(weigh(addCounts(...runs.flatMap((run) => countRun(run, arm64, byInstruction))), table!, 8));
        expect(weightOf(first, second)).toBe(weightOf(second, first));
        expect(weightOf(first, second)).toBeCloseTo(weightOf(first) + weightOf(second), 6);
      }),
    );
  });

  it('leave out what happens before the first operation', () => {
    const walk: TraceEvent = { kind: 'walk', level: 'pte', addr: 0 };
    expect(countRun({ events: [walk], work: [] }, arm64, byInstruction)).toEqual([]);
  });
});

it('an access counts once until its translation is flushed', () => {
  const access = (page: number): TraceEvent => ({
    kind: 'access',
    access: 'write',
    addr: page * 4096 + 8,
    phys: 0,
  });
  const flush: TraceEvent = { kind: 'tlb-flush', scope: 'range', start: 4096, end: 8192, local: false };
  expect(counted([access(1), access(1), access(2)])).toEqual({ access: 2 });
  expect(counted([access(1), access(2), flush, access(1), access(2)])).toMatchObject({ access: 3 });
});

it('what is too large is computed from one run and one of twice the size', () => {
  const [once, twice] = [
    { ...noCounts(), walk: 10, lock: 2 },
    { ...noCounts(), walk: 18, lock: 2 },
  ];
  expect(extrapolated(once, twice, 3)).toEqual({ ...noCounts(), walk: 10 + 3 * 8, lock: 2 });
  expect(extrapolated(once, once, 0)).toEqual(once);
});

describe('a flush', () => {
  const flush = (pages: number, local = false): TraceEvent => ({
    kind: 'tlb-flush',
    scope: 'range',
    start: -(2 ** 46),
    end: -(2 ** 46) + pages * 4096,
    local,
  });

  it('is one for each page, up to a number of pages', () => {
    expect(counted([flush(512)])).toEqual({ 'tlb-flush': 1, 'tlb-page': 512 });
    expect(counted([flush(513)])).toEqual({ 'tlb-flush-all': 1 });
    expect(counted([{ kind: 'tlb-flush', scope: 'all', start: 0, end: 0, local: false }])).toEqual({
      'tlb-flush-all': 1,
    });
  });

  it('is told to other CPUs by interrupt where the machine has nothing else, unless it is local', () => {
    expect(counted([flush(1)], byInterrupt)).toEqual({ 'tlb-flush-all': 1, broadcast: 1 });
    expect(counted([flush(1, true)], byInterrupt)).toEqual({ 'tlb-flush-all': 1 });
  });
});
