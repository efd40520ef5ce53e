// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { keepingResults, keptIn } from '../../src/kept-results.ts';
import type { RunJobs } from '../../src/review.ts';
import type { JobRequest, JobResult } from '../../src/run/job.ts';
import { makeTemporaryFolder } from '../ingest/git-fixture.ts';

const requestOf = (seed: number): JobRequest => ({
  machine: 'arm64-4k',
  source: {},
  mode: 'from-tree',
  seed,
});

/** Any plain data will do. */
const resultOf = ({ seed }: JobRequest): JobResult => ({ scenariosRun: seed }) as JobResult;

/** Runs all that it is asked to but what `refuses` says, and remembers it. */
function runnerWith(ran: number[], refuses: (request: JobRequest) => boolean = () => false): RunJobs {
  return async (jobs, onResult) => {
    return jobs.map((job, index) => {
      if (refuses(job)) return undefined;
      ran.push(job.seed);
      onResult?.(index, resultOf(job));
      return resultOf(job);
    });
  };
}

interface Told {
  readonly results: [number, number][];
  readonly done: [number, number][];
}

async function run(folder: string, seeds: readonly number[], runJobs: RunJobs, program = 'this') {
  const told: Told = { results: [], done: [] };
  const kept = keptIn(folder, program);
  const keeping = keepingResults(runJobs, kept, (done, total) => told.done.push([done, total]));
  const results = await keeping(seeds.map(requestOf), (index, { scenariosRun }) =>
    told.results.push([index, scenariosRun]),
  );
  return { results: results.map((result) => result?.scenariosRun), told, found: kept.found };
}

describe('results that are kept', () => {
  it('are not run again, and are told like those that are', async () => {
    const folder = makeTemporaryFolder();
    const ran: number[] = [];
    await run(folder, [1, 2], runnerWith(ran));
    const { results, told, found } = await run(folder, [3, 1, 1, 2], runnerWith(ran));
    expect(ran).toEqual([1, 2, 3]);
    expect(results).toEqual([3, 1, 1, 2]);
    expect(told.results.toSorted(([a], [b]) => a - b)).toEqual(
      results.map((result, index) => [index, result]),
    );
    expect(told.done).toEqual([
      [2, 3],
      [3, 3],
    ]);
    expect(found).toBe(2);
  });

  it('are those of the same program', async () => {
    const folder = makeTemporaryFolder();
    const ran: number[] = [];
    await run(folder, [1], runnerWith(ran), 'this');
    await run(folder, [1], runnerWith(ran), 'another');
    expect(ran).toEqual([1, 1]);
  });

  it('are not those that were never made', async () => {
    const folder = makeTemporaryFolder();
    const first = await run(
      folder,
      [1, 2],
      runnerWith([], ({ seed }) => seed === 2),
    );
    expect(first.results).toEqual([1, undefined]);
    const ran: number[] = [];
    const second = await run(folder, [1, 2], runnerWith(ran));
    expect(second.results).toEqual([1, 2]);
    expect(ran).toEqual([2]);
  });
});
