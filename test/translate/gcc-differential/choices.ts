// SPDX-License-Identifier: GPL-2.0-only

/**
 * The decisions behind one generated program, as a list of numbers. When the list is used up every decision is the
 * first alternative, which is always the simplest: so a shorter list, or one of smaller numbers, is a simpler program,
 * and fast-check reduces programs by reducing the list.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A number in [0, bound). */
  below(bound: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number % bound;
  }

  pick<T>(alternatives: readonly [T, ...T[]]): T {
    return alternatives[this.below(alternatives.length)] ?? alternatives[0];
  }

  /** One of a list that may be empty. */
  pickAny<T>(alternatives: readonly T[]): T | undefined {
    return alternatives[this.below(Math.max(1, alternatives.length))];
  }

  /** True in `percent` of 100 cases, false when the choices are used up. */
  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  /** True once the rest of the program should be as small as it can be. */
  get exhausted(): boolean {
    return this.#next >= this.#numbers.length;
  }
}
