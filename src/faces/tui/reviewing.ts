// SPDX-License-Identifier: GPL-2.0-only

import { Worker } from 'node:worker_threads';
import type { WithDiagnostics } from '../../base/diagnostic.ts';
import { claimLines } from '../../claim-lines.ts';
import { compare } from '../../compare.ts';
import { explain } from '../../explain.ts';
import { openKeptResults } from '../../kept-results.ts';
import type { Review } from '../../report/review-schema.ts';
import type { PartialReview } from '../../review-partial.ts';
import { poolRunner } from '../../review-pool.ts';
import { review, type ReviewRequest } from '../../review.ts';
import type { CostsRequest } from '../../series-costs.ts';
import { translateSource } from '../../translate-source.ts';
import type { Answer, News, Question } from './messages.ts';

/** A snapshot costs time that jobs wait for; this many milliseconds lie between two. */
const BETWEEN_SNAPSHOTS = 400;

/** Runs a series that was read, tells what comes out, and answers questions about it meanwhile and afterwards. */
export class Reviewing {
  readonly #request: ReviewRequest;
  readonly #tell: (news: News) => void;
  #known: Review | undefined;

  constructor(request: ReviewRequest, tell: (news: News) => void) {
    this.#request = request;
    this.#tell = tell;
  }

  /** @param jobs how many states are run at a time @param cache whether what was run before may be looked up */
  async run(jobs: number, cache: boolean): Promise<void> {
    let last = -Infinity;
    const onProgress = (done: number, total: number, snapshot: () => PartialReview): void => {
      this.#tell({ news: 'progress', done, total });
      const now = performance.now();
      if (now - last < BETWEEN_SNAPSHOTS) return;
      const partial = snapshot();
      this.#known = partial.review;
      this.#tell({ news: 'review', ...partial });
      last = performance.now();
    };
    const kept = cache ? openKeptResults(process.env) : undefined;
    const runner = poolRunner(jobs, () => undefined, { kept });
    const { value, diagnostics } = await review(this.#request, runner, { onProgress });
    this.#known = value;
    this.#tell({ news: 'end', review: value, diagnostics });
  }

  async answer(question: Question): Promise<void> {
    this.#tell({ news: 'answer', key: question.key, answer: await this.#answerTo(question) });
  }

  async #answerTo(question: Question): Promise<Answer> {
    switch (question.ask) {
      case 'explain':
        return this.#explain(question.id);
      case 'translate':
        return this.#translate(question);
      case 'compare':
        return this.#compare(question);
      case 'claims': {
        const version = this.#request.series?.versions.find(({ label }) => label === question.label);
        return { to: 'claims', lines: version === undefined ? [] : claimLines(version) };
      }
      case 'costs':
        return this.#measure();
    }
  }

  async #explain(id: string): Promise<Answer> {
    if (this.#known === undefined) return { to: 'nothing', why: 'nothing has been run yet' };
    const { value, diagnostics } = await explain(this.#known, id);
    return value === undefined ? refused(diagnostics) : { to: 'explain', explanation: value };
  }

  async #translate(question: Extract<Question, { ask: 'translate' }>): Promise<Answer> {
    const { tree, sources } = this.#request;
    const { value, diagnostics } = await translateSource({
      file: question.file,
      function: question.function,
      machine: question.machine,
      tree: this.#known?.tree.title ?? tree,
      series: question.version === undefined ? [] : sources,
      version: question.version,
      patch: question.patch,
    });
    return value === undefined ? refused(diagnostics) : { to: 'translate', functions: value };
  }

  async #compare({ from, to }: Extract<Question, { ask: 'compare' }>): Promise<Answer> {
    const { sources, series, pick, tree } = this.#request;
    const { value, diagnostics } = await compare({ from, to, sources, series, pick, tree });
    return value === undefined ? refused(diagnostics) : { to: 'compare', diff: value, diagnostics };
  }

  /** On a thread of its own. One that fails tells why there are no figures; the review goes on. */
  #measure(): Promise<Answer> {
    const { sources, series, pick, tree, versions } = this.#request;
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
}

function refused(diagnostics: WithDiagnostics<unknown>['diagnostics']): Answer {
  return { to: 'nothing', why: diagnostics[0]?.message ?? 'there is nothing to show' };
}
