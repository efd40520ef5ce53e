// SPDX-License-Identifier: GPL-2.0-only

import { judge } from './invariants/judge.ts';
import { keepingResults, type KeptResults } from './kept-results.ts';
import type { RunJobs } from './review.ts';
import { JobPool } from './run/job-pool.ts';
import { runJob, type JobRequest, type JobResult } from './run/job.ts';
import { KnownRuns } from './run/known-runs.ts';
import { withoutRepeats } from './run/without-repeats.ts';

export interface RunnerOptions {
  /** Asked before each job; what is not begun has no result. Absent: all are. */
  readonly mayBegin?: (() => boolean) | undefined;
  /** Where results may be found, and are put. Absent: all jobs are run. */
  readonly kept?: KeptResults | undefined;
}

type OnDone = (done: number, total: number) => void;

/** Runs jobs on threads of their own, as many at a time as are allowed. */
export function poolRunner(threads: number, onDone: OnDone, options: RunnerOptions = {}): RunJobs {
  const { mayBegin, kept } = options;
  if (kept === undefined) return inPool(threads, onDone, mayBegin);
  return keepingResults(
    inPool(threads, () => undefined, mayBegin),
    kept,
    onDone,
  );
}

function inPool(threads: number, onDone: OnDone, mayBegin?: () => boolean): RunJobs {
  // Threads run compiled code only; where this file is not compiled (under a test runner), neither is theirs.
  if (import.meta.url.endsWith('.ts')) return inThisThread(onDone, mayBegin);
  const worker = new URL('./job-worker.js', import.meta.url);
  const pool = new JobPool<JobResult>({ worker, threads, onDone, mayBegin, groupOf });
  pool.warm();
  return (jobs, onResult) => pool.run(jobs, onResult);
}

/** States of a source share runs on a machine. */
function groupOf(request: unknown): string {
  return (request as JobRequest).machine;
}

function inThisThread(onDone: OnDone, mayBegin: () => boolean = () => true): RunJobs {
  const known = new KnownRuns();
  return async (jobs, onResult) => {
    const { different, places } = withoutRepeats(jobs);
    const results: (JobResult | undefined)[] = [];
    for (const [place, job] of different.entries()) {
      if (!mayBegin()) break;
      const result = runJob(job, judge, known);
      results.push(result);
      for (const [at, of] of places.entries()) if (of === place) onResult?.(at, result);
      onDone(results.length, different.length);
      // Lets a progress line be written.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return places.map((place) => results[place]);
  };
}
