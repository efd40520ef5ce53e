// SPDX-License-Identifier: GPL-2.0-only

import { judge } from './invariants/judge.ts';
import type { RunJobs } from './review.ts';
import { JobPool } from './run/job-pool.ts';
import { runJob, type JobRequest, type JobResult } from './run/job.ts';
import { KnownRuns } from './run/known-runs.ts';
import { withoutRepeats } from './run/without-repeats.ts';

/**
 * Runs jobs on threads of their own, as many at a time as are allowed. @param mayBegin asked before each job; what is not
 * begun has no result
 */
export function poolRunner(
  threads: number,
  onDone: (done: number, total: number) => void,
  mayBegin?: () => boolean,
): RunJobs {
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

function inThisThread(
  onDone: (done: number, total: number) => void,
  mayBegin: () => boolean = () => true,
): RunJobs {
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
