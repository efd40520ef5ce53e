// SPDX-License-Identifier: GPL-2.0-only

import { parentPort, workerData } from 'node:worker_threads';
import type { WithDiagnostics } from '../../base/diagnostic.ts';
import { explain } from '../../explain.ts';
import type { Review } from '../../report/review-schema.ts';
import type { PartialReview } from '../../review-partial.ts';
import { poolRunner } from '../../review-pool.ts';
import { review } from '../../review.ts';
import { translateSource } from '../../translate-source.ts';
import type { Answer, News, Question, Task } from './messages.ts';

/** The thread that reads, builds and runs, so that the one that draws always has time for the next key. */

/** A snapshot costs time that jobs wait for; this many milliseconds lie between two. */
const BETWEEN_SNAPSHOTS = 400;

const { request, jobs } = workerData as Task;
let known: Review | undefined;

function tell(news: News): void {
  parentPort!.postMessage(news);
}

async function runReview(): Promise<void> {
  let last = -Infinity;
  const onProgress = (done: number, total: number, snapshot: () => PartialReview): void => {
    tell({ news: 'progress', done, total });
    const now = performance.now();
    if (now - last < BETWEEN_SNAPSHOTS) return;
    const partial = snapshot();
    known = partial.review;
    tell({ news: 'review', ...partial });
    last = performance.now();
  };
  const { value, diagnostics } = await review(
    request,
    poolRunner(jobs, () => undefined),
    { onSeries: (series) => tell({ news: 'series', series }), onProgress },
  );
  known = value;
  tell({ news: 'end', review: value, diagnostics });
}

async function answer(question: Question): Promise<void> {
  tell({ news: 'answer', key: question.key, answer: await answerTo(question) });
}

async function answerTo(question: Question): Promise<Answer> {
  if (question.ask === 'explain') {
    if (known === undefined) return { to: 'nothing', why: 'nothing has been run yet' };
    const { value, diagnostics } = await explain(known, question.id);
    return value === undefined ? refused(diagnostics) : { to: 'explain', explanation: value };
  }
  const { value, diagnostics } = await translateSource({
    file: question.file,
    function: question.function,
    machine: question.machine,
    tree: known?.tree.title ?? request.tree,
    series: question.version === undefined ? [] : request.sources,
    version: question.version,
    patch: question.patch,
  });
  return value === undefined ? refused(diagnostics) : { to: 'translate', functions: value };
}

function refused(diagnostics: WithDiagnostics<unknown>['diagnostics']): Answer {
  return { to: 'nothing', why: diagnostics[0]?.message ?? 'there is nothing to show' };
}

parentPort!.on('message', (question: Question) => void answer(question));
await runReview();
