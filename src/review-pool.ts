// SPDX-License-Identifier: GPL-2.0-only

import { judge } from './invariants/judge.ts';
import type { RunJobs } from './review.ts';
import { JobPool } from './run/job-pool.ts';
import { runJob, type JobRequest, type JobResult } from './run/job.ts';
import { KnownRuns } from './run/known-runs.ts';

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
    const results: (JobResult | undefined)[] = [];
    for (const job of jobs) {
      if (!mayBegin()) {
        results.push(undefined);
        continue;
      }
      const result = runJob(job, judge, known);
      onResult?.(results.length, result);
      results.push(result);
      onDone(results.length, jobs.length);
      // Lets a progress line be written.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return results;
  };
}
