// SPDX-License-Identifier: GPL-2.0-only

import { Worker } from 'node:worker_threads';
import type { News, Question, Task } from './messages.ts';

/** The thread that reads and runs, as the one that draws sees it. */
export class BackgroundThread {
  readonly #worker: Worker;
  #early: News[] = [];

  constructor(task: Task) {
    this.#worker = new Worker(new URL('./background.js', import.meta.url), { workerData: task });
    this.#worker.on('message', this.#keep);
  }

  readonly #keep = (news: News): void => {
    this.#early.push(news);
  };

  /** From now on news is told, beginning with what came before. */
  start(onNews: (news: News) => void, onError: (error: Error) => void): void {
    this.#worker.off('message', this.#keep);
    this.#worker.on('message', onNews);
    this.#worker.on('error', onError);
    for (const news of this.#early) onNews(news);
    this.#early = [];
  }

  ask(question: Question): void {
    this.#worker.postMessage(question);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
