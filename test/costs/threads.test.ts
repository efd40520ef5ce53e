// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate, type Step } from '../../src/costs/threads.ts';
import { nanosecondsOf } from '../../src/costs/weights.ts';
import { tableNamed } from '../../src/costs/weights/table-list.ts';

const table = tableNamed('opteron')!;
const { line, send, delivery, answer } = table.between;
const CPUS = 8;

const run = (ns: number): Step => ({ kind: 'run', ns });
const locked = (lock: number, ...inside: readonly Step[]): Step[] => [
  { kind: 'acquire', lock },
  ...inside,
  { kind: 'release', lock },
];
const broadcast: Step = { kind: 'broadcast' };
const many = (count: number, steps: readonly Step[]): Step[] =>
  Array.from({ length: count }, () => steps).flat();

/** Stretches of work, some of them under one of two locks, some of those with a broadcast. */
const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.record({
      ns: fc.integer({ min: 1, max: 500 }),
      lock: fc.option(fc.nat(1), { nil: undefined }),
      flush: fc.boolean(),
    }),
    { maxLength: 20 },
  )
  .map((parts) =>
    parts.flatMap(({ ns, lock, flush }) => {
      const inside = [run(ns), ...(flush ? [broadcast] : [])];
      return lock === undefined ? inside : locked(lock, ...inside);
    }),
  );
const threads = fc.array(steps, { minLength: 1, maxLength: CPUS });

const busy = (list: readonly Step[]): number =>
  list.reduce((sum, step) => sum + (step.kind === 'run' ? step.ns : 0), 0);
const broadcasts = (list: readonly Step[]): number => list.filter(({ kind }) => kind === 'broadcast').length;
const last = (list: readonly (readonly Step[])[]): number => Math.max(...simulate(list, table, CPUS).done);

describe('simulated CPUs', () => {
  it('do the same every time', () => {
    fc.assert(
      fc.property(threads, (list) => {
        expect(simulate(list, table, CPUS)).toEqual(simulate(list, table, CPUS));
      }),
    );
  });

  it('take exactly their own time where one runs alone', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { done, waited, answering } = simulate([list], table, CPUS);
        const own = busy(list) + broadcasts(list) * nanosecondsOf('broadcast', table, CPUS);
        expect(done[0]).toBeCloseTo(own, 6);
        expect([waited, answering]).toEqual([0, 0]);
      }),
    );
  });

  it('finish, none sooner than alone, and never two inside a lock at once', () => {
    fc.assert(
      fc.property(threads, (list) => {
        const { done } = simulate(list, table, CPUS);
        for (const [cpu, own] of list.entries()) {
          expect(done[cpu]).toBeGreaterThanOrEqual(simulate([own], table, CPUS).done[0]! - 1e-6);
        }
        for (const lock of [0, 1]) expect(last(list)).toBeGreaterThanOrEqual(timeInside(list, lock) - 1e-6);
      }),
    );
  });

  it('do not disturb each other without locks and broadcasts', () => {
    const list = [many(10, [run(100)]), many(5, [run(30)]), many(10, locked(64, run(1)))];
    expect(simulate(list, table, CPUS).done).toEqual([1000, 150, 10]);
  });

  it('hand a lock on for the more, the more of them look at it', () => {
    const perRound = (count: number): number =>
      last(Array.from({ length: count }, () => many(200, locked(64, run(100))))) / 200 / count;
    expect(perRound(1)).toBe(100);
    // One line from the last owner, one for the release, and one for each that goes on waiting.
    expect(perRound(2)).toBeCloseTo(100 + 2 * line.ns, -1);
    expect(perRound(4)).toBeGreaterThan(perRound(2) + line.ns);
    expect(perRound(8)).toBeGreaterThan(perRound(4) + 3 * line.ns);
  });

  it('answer broadcasts while they run and while they wait', () => {
    const ran = simulate([[broadcast], [run(100)]], table, CPUS);
    expect(ran.done[1]).toBe(100 + answer.ns);
    expect(ran.done[0]).toBe(send.ns + delivery.ns + answer.ns + (CPUS - 1) * line.ns);
    const held = simulate([locked(64, run(10), broadcast), [run(1), ...locked(64, run(5))]], table, CPUS);
    expect(held.done[1]).toBeGreaterThan(held.done[0]!);
    expect(held.answering).toBe(answer.ns);
  });
});

/** Time that all threads together spend inside a lock, if nothing disturbs them. */
function timeInside(list: readonly (readonly Step[])[], lock: number): number {
  let sum = 0;
  for (const own of list) {
    let held = false;
    for (const step of own) {
      if (step.kind === 'acquire' && step.lock === lock) held = true;
      else if (step.kind === 'release' && step.lock === lock) held = false;
      else if (held && step.kind === 'run') sum += step.ns;
      else if (held && step.kind === 'broadcast') sum += nanosecondsOf('broadcast', table, CPUS);
    }
  }
  return sum;
}
