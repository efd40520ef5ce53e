// SPDX-License-Identifier: GPL-2.0-only
import { Worker } from 'node:worker_threads';

export interface PoolOptions<Result> {
  /** The module that the threads run: it calls `serveJobs()`. */
  readonly worker: URL;
  /** How many threads, at most. */
  readonly threads: number;
  /** Asked before each request is begun; what is not begun has no result. Absent: all are. */
  readonly mayBegin?: (() => boolean) | undefined;
  readonly onDone?: ((done: number, total: number) => void) | undefined;
  /** Requests of one group profit from what a thread has learnt of the others: as far as may be, one thread gets them all. */
  readonly groupOf: (request: unknown) => string;
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
): Promise<readonly (Result | undefined)[]> {
  const { different, places } = withoutRepeats(requests);
  const results: Result[] = [];
  const pending = new PendingQuestions(different, options.groupOf);
  let done = 0;
  const workers: Worker[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
      const worker = new Worker(options.worker, { env: {}, argv: [], resourceLimits });
      workers.push(worker);
      let group: string | undefined;
      const ask = (): void => {
        const taken = options.mayBegin?.() === false ? undefined : pending.take(group);
        if (taken === undefined) {
          resolve();
          return;
        }
        group = taken.group;
        worker.postMessage(taken.question);
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
  return places.map((place) => results[place]);
}

/** What no thread has been asked yet, by group. */
class PendingQuestions {
  readonly #groups = new Map<string, PoolQuestion[]>();
  /** Threads that were put on a group. */
  readonly #threads = new Map<string, number>();

  constructor(requests: readonly unknown[], groupOf: (request: unknown) => string) {
    for (const [index, request] of requests.entries()) {
      const group = groupOf(request);
      const questions = this.#groups.get(group) ?? [];
      questions.push({ index, request });
      this.#groups.set(group, questions);
    }
  }

  /** The next question for a thread that has worked on a group: of the same, else of the one with most to do a thread. */
  take(group: string | undefined): { readonly group: string; readonly question: PoolQuestion } | undefined {
    const own = group === undefined ? undefined : this.#groups.get(group)?.shift();
    if (own !== undefined) return { group: group!, question: own };
    const [fullest] = [...this.#groups]
      .filter(([, questions]) => questions.length > 0)
      .map(([name, questions]) => ({ name, share: questions.length / (1 + (this.#threads.get(name) ?? 0)) }))
      .toSorted((a, b) => b.share - a.share);
    if (fullest === undefined) return undefined;
    this.#threads.set(fullest.name, (this.#threads.get(fullest.name) ?? 0) + 1);
    return { group: fullest.name, question: this.#groups.get(fullest.name)!.shift()! };
  }
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
