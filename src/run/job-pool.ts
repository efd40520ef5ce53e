// SPDX-License-Identifier: GPL-2.0-only
import { Worker } from 'node:worker_threads';
import { withoutRepeats } from './without-repeats.ts';

export interface PoolOptions {
  /** The module that the threads run: it calls `serveJobs()`. */
  readonly worker: URL;
  /** How many threads work on one call of `run()`, at most. */
  readonly threads: number;
  /** Asked before each request is begun; what is not begun has no result. Absent: all are. */
  readonly mayBegin?: (() => boolean) | undefined;
  readonly onDone?: ((done: number, total: number) => void) | undefined;
  /** Requests of one group profit from what a thread has learnt of the others: as far as may be, one thread gets them all. */
  readonly groupOf: (request: unknown) => string;
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
 * Threads that compute requests. They stay for what `run()` is called for next, since a thread that has worked knows the
 * code and what it computed; left without work for a while they end, and they keep no process alive.
 */
export class JobPool<Result> {
  readonly #options: PoolOptions;
  readonly #idle = new Set<PoolThread<Result>>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Starts the threads, which load what they run while somebody finds out what to ask them. */
  warm(): void {
    for (const thread of this.#take(Math.max(1, this.#options.threads))) this.#rest(thread);
  }

  /**
   * Computes requests; equal ones once. Results come in the order of the requests, whatever the order in which they were
   * done, so that nothing depends on the number of threads. Rejects with the first error.
   * @param onResult told each result as soon as it is there, with the index of its request; equal requests one after the other
   */
  async run(
    requests: readonly unknown[],
    onResult?: (index: number, result: Result) => void,
  ): Promise<readonly (Result | undefined)[]> {
    const { different, places } = withoutRepeats(requests);
    const { groupOf, mayBegin, onDone } = this.#options;
    const results: Result[] = [];
    const pending = new PendingQuestions(different, groupOf);
    let done = 0;
    const work = async (thread: PoolThread<Result>): Promise<void> => {
      const next = (): PoolQuestion | undefined =>
        mayBegin?.() === false ? undefined : pending.take(thread);
      for (let question = next(); question !== undefined; question = next()) {
        const { index } = question;
        const result = await thread.ask(question);
        results[index] = result;
        onDone?.(++done, different.length);
        for (const [at, place] of places.entries()) if (place === index) onResult?.(at, result);
      }
    };
    const threads = this.#take(Math.min(Math.max(1, this.#options.threads), different.length));
    try {
      await Promise.all(threads.map(work));
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.end()));
      throw error;
    }
    for (const thread of threads) this.#rest(thread);
    return places.map((place) => results[place]);
  }

  #take(count: number): PoolThread<Result>[] {
    const rested = [...this.#idle].slice(0, count);
    for (const thread of rested) {
      this.#idle.delete(thread);
      thread.wake();
    }
    const missing = count - rested.length;
    const started = Array.from({ length: missing }, () => new PoolThread<Result>(this.#options.worker));
    return [...rested, ...started];
  }

  #rest(thread: PoolThread<Result>): void {
    this.#idle.add(thread);
    thread.rest(() => this.#idle.delete(thread));
  }
}

/** A thread without work ends after so many milliseconds: the next batch of a review follows the last one sooner. */
const REST_MS = 3000;

/** One thread, and who waits for its answer. */
class PoolThread<Result> implements Grouped {
  group: string | undefined;
  readonly #worker: Worker;
  #waiting: { resolve(result: Result): void; reject(error: Error): void } | undefined;
  #failed: Error | undefined;
  #ending: NodeJS.Timeout | undefined;

  constructor(module: URL) {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    this.#worker = new Worker(module, { env: {}, argv: [], resourceLimits });
    this.#worker.on('message', (answer: PoolAnswer<Result>) => this.#take(answer));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a worker ended with status ${code}`)));
  }

  ask(question: PoolQuestion): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#failed !== undefined) {
        reject(this.#failed);
        return;
      }
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(question);
    });
  }

  /** Until `wake()` it keeps no process alive, and ends by itself. */
  rest(onEnd: () => void): void {
    this.#worker.unref();
    this.#ending = setTimeout(() => {
      onEnd();
      void this.end();
    }, REST_MS).unref();
  }

  wake(): void {
    clearTimeout(this.#ending);
    this.#worker.ref();
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(answer: PoolAnswer<Result>): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.result);
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    this.#waiting?.reject(this.#failed);
  }
}

/**
 * What a thread has to learn for the first question of a group takes as long as so many questions take a thread that knows
 * it: fewer are left to whoever does. Measured on the embedded review.
 */
const FIRST_OF_GROUP = 6;

interface Grouped {
  /** Of the requests that it has worked on last. */
  group: string | undefined;
}

/** What no thread has been asked yet, by group. */
class PendingQuestions {
  readonly #groups = new Map<string, PoolQuestion[]>();
  /** Threads that have worked on each group. */
  readonly #threads = new Map<string, Set<Grouped>>();
  /** Groups of which some question has been answered. */
  readonly #begun = new Set<string>();

  constructor(requests: readonly unknown[], groupOf: (request: unknown) => string) {
    for (const [index, request] of requests.entries()) {
      const group = groupOf(request);
      const questions = this.#groups.get(group) ?? [];
      questions.push({ index, request });
      this.#groups.set(group, questions);
    }
  }

  /** The next question for a thread, if there is one that it should take: of the group that it has worked on, else of the one with most to do a thread. */
  take(thread: Grouped): PoolQuestion | undefined {
    const { group } = thread;
    const own = group === undefined ? undefined : this.#groups.get(group);
    if (group !== undefined) this.#begun.add(group);
    const from = own !== undefined && own.length > 0 ? group : this.#fullest();
    if (from === undefined) return undefined;
    thread.group = from;
    this.#threads.set(from, (this.#threads.get(from) ?? new Set()).add(thread));
    return this.#groups.get(from)!.shift()!;
  }

  #fullest(): string | undefined {
    const shares = [...this.#groups]
      .filter(([group, { length }]) => length > (this.#begun.has(group) ? FIRST_OF_GROUP : 0))
      .map(([group, { length }]) => ({ group, share: length / (1 + (this.#threads.get(group)?.size ?? 0)) }));
    return shares.toSorted((a, b) => b.share - a.share)[0]?.group;
  }
}
