// SPDX-License-Identifier: GPL-2.0-only
import { parentPort } from 'node:worker_threads';
import type { PoolAnswer, PoolQuestion } from './job-pool.ts';

/** Answers what the pool asks this thread, one request after the other. */
export function serveJobs(compute: (request: unknown) => unknown): void {
  parentPort?.on('message', ({ index, request }: PoolQuestion) => {
    parentPort?.postMessage(answerTo(index, () => compute(request)));
  });
}

function answerTo(index: number, compute: () => unknown): PoolAnswer<unknown> {
  try {
    return { index, result: compute() };
  } catch (error) {
    return { index, error: error instanceof Error ? describe(error) : String(error) };
  }
}

function describe(error: Error): string {
  const cause = error.cause instanceof Error ? `\n${error.cause.stack ?? error.cause.message}` : '';
  return `${error.message}${cause}`;
}
