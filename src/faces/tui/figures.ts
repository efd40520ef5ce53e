// SPDX-License-Identifier: GPL-2.0-only

import { parentPort, workerData } from 'node:worker_threads';
import { seriesCosts, type CostsRequest } from '../../series-costs.ts';
import type { Answer } from './messages.ts';

/** A thread that measures once, which may take long, so that other questions are answered meanwhile. */

const { value, diagnostics } = await seriesCosts(workerData as CostsRequest);
const answer: Answer =
  value === undefined
    ? { to: 'nothing', why: diagnostics[0]?.message ?? 'nothing could be measured' }
    : { to: 'costs', costs: value };
parentPort!.postMessage(answer);
