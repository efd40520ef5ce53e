// SPDX-License-Identifier: GPL-2.0-only

import { parentPort, workerData } from 'node:worker_threads';
import { readOneSeries } from '../../read-one-series.ts';
import { readThread } from '../../read-thread.ts';
import type { ReviewRequest } from '../../review.ts';
import type { News, Question, Task } from './messages.ts';

/**
 * The thread that reads, builds and runs, so that the one that draws always has time for the next key. The series is
 * told before anything is loaded that runs it, which takes longer than to read it.
 */

const { request, jobs, cache } = workerData as Task;

function tell(news: News): void {
  parentPort!.postMessage(news);
}

/** The request with the series that it is about, which is told. Undefined where there is none, which is told too. */
async function read(): Promise<ReviewRequest | undefined> {
  if (request.sources.length === 0) return request;
  const { value: series, diagnostics } = await readOneSeries(request.sources, request.pick);
  if (series === undefined) {
    // What was said can be read without patches too; but what was picked is a series.
    const mails = request.pick === undefined ? await readThread(request.sources) : [];
    if (mails.length > 0) tell({ news: 'mails', mails });
    tell({ news: 'end', review: undefined, diagnostics });
    return undefined;
  }
  const isOneOfSeveral = diagnostics.some(({ code }) => code === 'review/several-series');
  tell({ news: 'series', series, isOneOfSeveral });
  return { ...request, series, said: diagnostics };
}

const task = await read();
if (task !== undefined) {
  const { Reviewing } = await import('./reviewing.ts');
  const reviewing = new Reviewing(task, tell);
  // Questions from before wait in the port.
  parentPort!.on('message', (question: Question) => void reviewing.answer(question));
  await reviewing.run(jobs, cache);
}
