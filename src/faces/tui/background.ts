// SPDX-License-Identifier: GPL-2.0-only

import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { WithDiagnostics } from '../../base/diagnostic.ts';
import { claimLines } from '../../claim-lines.ts';
import { compare } from '../../compare.ts';
import { explain } from '../../explain.ts';
import type { Review } from '../../report/review-schema.ts';
import type { PartialReview } from '../../review-partial.ts';
import { poolRunner } from '../../review-pool.ts';
import { review } from '../../review.ts';
import type { CostsRequest } from '../../series-costs.ts';
import { translateSource } from '../../translate-source.ts';
import type { Answer, News, Question, Task } from './messages.ts';
import type { Series } from './posted.ts';

/** The thread that reads, builds and runs, so that the one that draws always has time for the next key. */

/** A snapshot costs time that jobs wait for; this many milliseconds lie between two. */
const BETWEEN_SNAPSHOTS = 400;

const { request, jobs } = workerData as Task;
let known: Review | undefined;
let series: Series | undefined;

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
    { onSeries: keepSeries, onProgress },
  );
  known = value;
  tell({ news: 'end', review: value, diagnostics });
}

function keepSeries(read: Series): void {
  series = read;
  tell({ news: 'series', series });
}

async function answer(question: Question): Promise<void> {
  tell({ news: 'answer', key: question.key, answer: await answerTo(question) });
}

async function answerTo(question: Question): Promise<Answer> {
  switch (question.ask) {
    case 'explain':
      return explainFinding(question.id);
    case 'translate':
      return translate(question);
    case 'compare':
      return compareVersions(question);
    case 'claims': {
      const version = series?.versions.find(({ label }) => label === question.label);
      return { to: 'claims', lines: version === undefined ? [] : claimLines(version) };
    }
    case 'costs':
      return measure();
  }
}

async function explainFinding(id: string): Promise<Answer> {
  if (known === undefined) return { to: 'nothing', why: 'nothing has been run yet' };
  const { value, diagnostics } = await explain(known, id);
  return value === undefined ? refused(diagnostics) : { to: 'explain', explanation: value };
}

async function translate(question: Extract<Question, { ask: 'translate' }>): Promise<Answer> {
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

async function compareVersions({ from, to }: Extract<Question, { ask: 'compare' }>): Promise<Answer> {
  const { sources, pick, tree } = request;
  const { value, diagnostics } = await compare({ from, to, sources, series, pick, tree });
  return value === undefined ? refused(diagnostics) : { to: 'compare', diff: value, diagnostics };
}

/** On a thread of its own. One that fails tells why there are no figures; the review goes on. */
function measure(): Promise<Answer> {
  const { sources, pick, tree, versions } = request;
  const asked: CostsRequest = {
    sources,
    series,
    pick,
    tree,
    versions,
    machine: undefined,
    weights: undefined,
  };
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./figures.js', import.meta.url), { workerData: asked });
    worker.once('message', (answered: Answer) => resolve(answered));
    worker.once('error', ({ message }) => resolve({ to: 'nothing', why: message }));
  });
}

function refused(diagnostics: WithDiagnostics<unknown>['diagnostics']): Answer {
  return { to: 'nothing', why: diagnostics[0]?.message ?? 'there is nothing to show' };
}

parentPort!.on('message', (question: Question) => void answer(question));
await runReview();
