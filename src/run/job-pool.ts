// SPDX-License-Identifier: GPL-2.0-only
import { Worker } from 'node:worker_threads';

export interface PoolOptions<Result> {
  /** The module that the threads run: it calls `serveJobs()`. */
  readonly worker: URL;
  /** How many threads, at most. */
  readonly threads: number;
  readonly onDone?: ((done: number, total: number) => void) | undefined;
  /** Told each result as soon as it is there, with the index of its request; equal requests one after the other. */
  readonly onResult?: ((index: number, result: Result) => void) | undefined;
}

/** What a thread is asked, and what it answers. */
export interface PoolQuestion {
  readonly index: number;
  readonly request: unknown;
}

export type PoolAnswer<Result> =
  | { readonly index: number; readonly result: Result }
  /** A fault of ours: the stack of what was thrown. */
  | { readonly index: number; readonly error: string };

/** The events of one scenario are short-lived, and more than the usual nursery holds. */
const YOUNG_GENERATION_MB = 64;

/**
 * Computes requests on threads. Equal requests are computed once. Results come in the order of the requests, whatever
 * the order in which they were done, so that nothing depends on the number of threads. Rejects with the first error.
 */
export async function runInPool<Result>(
  requests: readonly unknown[],
  options: PoolOptions<Result>,
): Promise<readonly Result[]> {
  const { different, places } = withoutRepeats(requests);
  const results: Result[] = [];
  let next = 0;
  let done = 0;
  const workers: Worker[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
      const worker = new Worker(options.worker, { env: {}, argv: [], resourceLimits });
      workers.push(worker);
      const ask = (): void => {
        if (next >= different.length) {
          resolve();
          return;
        }
        const question: PoolQuestion = { index: next, request: different[next]! };
        next++;
        worker.postMessage(question);
      };
      worker.on('message', (answer: PoolAnswer<Result>) => {
        if ('error' in answer) {
          reject(new Error(answer.error));
          return;
        }
        results[answer.index] = answer.result;
        done++;
        ask();
        options.onDone?.(done, different.length);
        for (const [index, place] of places.entries()) {
          if (place === answer.index) options.onResult?.(index, answer.result);
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`a worker ended with status ${code}`)));
      ask();
    });
  try {
    const threads = Math.max(1, Math.min(options.threads, different.length));
    await Promise.all(Array.from({ length: different.length === 0 ? 0 : threads }, work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return places.map((place) => results[place]!);
}

/** The requests without repetitions, and where each of the given ones is among them. */
function withoutRepeats(requests: readonly unknown[]): {
  readonly different: readonly unknown[];
  readonly places: readonly number[];
} {
  const known = new Map<string, number>();
  const different: unknown[] = [];
  const places = requests.map((request) => {
    const text = JSON.stringify(request);
    let place = known.get(text);
    if (place === undefined) {
      place = different.push(request) - 1;
      known.set(text, place);
    }
    return place;
  });
  return { different, places };
}
