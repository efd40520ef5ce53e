// SPDX-License-Identifier: GPL-2.0-only

import { judge } from './invariants/judge.ts';
import type { RunJobs } from './review.ts';
import { runJob, type JobResult } from './run/job.ts';

/** Runs jobs one after the other in this process. */
export function poolRunner(_workers: number, onDone: (done: number, total: number) => void): RunJobs {
  return async (jobs) => {
    const results: JobResult[] = [];
    for (const job of jobs) {
      results.push(runJob(job, judge));
      onDone(results.length, jobs.length);
      // Lets a progress line be written.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return results;
  };
}
