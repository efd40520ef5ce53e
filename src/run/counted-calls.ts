// SPDX-License-Identifier: GPL-2.0-only
import type { KernelFunction } from './runtime.ts';

/** Counts calls of kernel functions that come from the model; what the tree defines in C is not among them. */
export class CallCounter {
  readonly #names: string[] = [];
  /** By place of the name. */
  readonly #calls: number[] = [];
  /** Places of the functions that were called, in the order of their first call. */
  readonly #called: number[] = [];

  /** The same functions, each of which tells this counter that it was called. */
  watch(functions: ReadonlyMap<string, KernelFunction>): ReadonlyMap<string, KernelFunction> {
    return new Map([...functions].map(([name, fn]) => [name, this.#watched(name, fn)]));
  }

  #watched(name: string, fn: KernelFunction): KernelFunction {
    const place = this.#names.push(name) - 1;
    const calls = this.#calls;
    const called = this.#called;
    calls.push(0);
    return (...args) => {
      if (calls[place]!++ === 0) called.push(place);
      return fn(...args);
    };
  }

  /** What was called since this was last asked, by name. */
  take(): Readonly<Record<string, number>> {
    const calls: Record<string, number> = {};
    for (const place of this.#called) {
      calls[this.#names[place]!] = this.#calls[place]!;
      this.#calls[place] = 0;
    }
    this.#called.length = 0;
    return calls;
  }
}
