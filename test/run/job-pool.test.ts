// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { JobPool } from '../../src/run/job-pool.ts';

const worker = new URL('./doubling-worker.mjs', import.meta.url);

const groupOf = (request: unknown): string => String((request as { number?: number }).number === 1);

describe('JobPool', () => {
  it('answers in the order of the requests, whatever the number of threads', async () => {
    const requests = Array.from({ length: 20 }, (_, number) => ({ number }));
    for (const threads of [1, 3]) {
      const results = await new JobPool({ worker, threads, groupOf }).run(requests);
      expect(results).toEqual(requests.map(({ number }) => number * 2));
    }
  });

  it('computes equal requests once, and tells how far it is', async () => {
    const told: [number, number][] = [];
    const requests = [{ number: 1 }, { number: 2 }, { number: 1 }];
    const onDone = (done: number, total: number): void => void told.push([done, total]);
    const pool = new JobPool({ worker, threads: 2, groupOf, onDone });
    expect(await pool.run(requests)).toEqual([2, 4, 2]);
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('tells each result as soon as it is there, equal requests together', async () => {
    const told = new Map<number, unknown>();
    const requests = [{ number: 3 }, { number: 2 }, { number: 3 }];
    const onResult = (index: number, result: unknown): void => void told.set(index, result);
    const results = await new JobPool({ worker, threads: 1, groupOf }).run(requests, onResult);
    expect([...told.keys()]).toEqual([0, 2, 1]);
    expect(results.map((_, index) => told.get(index))).toEqual(results);
  });

  it('gives a thread the requests of one group, and others when there are none left', async () => {
    const order: number[] = [];
    const requests = [{ number: 1 }, { number: 2 }, { number: 1, again: true }, { number: 3 }, { number: 4 }];
    const onResult = (index: number): void => void order.push(index);
    await new JobPool({ worker, threads: 1, groupOf }).run(requests, onResult);
    expect(order).toEqual([1, 3, 4, 0, 2]);
  });

  it('has nothing to do', async () => {
    expect(await new JobPool({ worker, threads: 2, groupOf }).run([])).toEqual([]);
  });

  it('fails when a request does, and when a thread ends', async () => {
    const pool = new JobPool({ worker, threads: 2, groupOf });
    const ask = (request: object) => pool.run([{ number: 1 }, request]);
    await expect(ask({ number: 7, fails: true })).rejects.toThrow('cannot double 7');
    await expect(ask({ ends: true })).rejects.toThrow('a worker ended with status 3');
    expect(await pool.run([{ number: 4 }])).toEqual([8]);
  });

  it('keeps its threads for what it is asked next, each with the group it knows', async () => {
    const pool = new JobPool<{ thread: number }>({ worker, threads: 2, groupOf });
    const asked = [
      { number: 1, who: true },
      { number: 2, who: true },
    ];
    const first = await pool.run(asked);
    expect(new Set(first.map((each) => each!.thread)).size).toBe(2);
    expect(await pool.run(asked.toReversed())).toEqual(first.toReversed());
  });

  it('leaves the last of a group to the thread that knows it, and no more', async () => {
    const pool = new JobPool<{ thread: number }>({ worker, threads: 2, groupOf });
    const threadsOf = async (count: number): Promise<number> => {
      // Each takes a while, so that the other thread is done with its own long before these are.
      const many = Array.from({ length: count }, (_, nth) => ({ number: 1, who: true, nth, ms: 20 }));
      const [, ...results] = await pool.run([{ number: 2, who: true }, ...many]);
      return new Set(results.map((each) => each!.thread)).size;
    };
    expect(await threadsOf(1)).toBe(1);
    expect(await threadsOf(5)).toBe(1);
    expect(await threadsOf(40)).toBe(2);
  });
});
