// SPDX-License-Identifier: GPL-2.0-only

import { judge } from './invariants/judge.ts';
import { runJob, type JobRequest } from './run/job.ts';
import { KnownRuns } from './run/known-runs.ts';
import { serveJobs } from './run/serve-jobs.ts';

// What the threads of a review run.
const known = new KnownRuns();
serveJobs((request) => runJob(request as JobRequest, judge, known));
