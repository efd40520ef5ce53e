// SPDX-License-Identifier: GPL-2.0-only

/**
 * Numbers for whatever a kernel is made of: equal descriptions get equal numbers, in every kernel of this thread. Numbers
 * are never used again, so forgetting descriptions loses sharing and nothing else.
 */
const numbers = new Map<string, number>();
const NUMBERS_LIMIT = 100_000;
let nextNumber = 0;

export function pieceNumber(description: string): number {
  let number = numbers.get(description);
  if (number === undefined) {
    if (numbers.size >= NUMBERS_LIMIT) numbers.clear();
    number = nextNumber++;
    numbers.set(description, number);
  }
  return number;
}

/** What of one kernel is no translated C (functions of the model, ignored calls, gaps), and which of it was executed. */
export class Pieces {
  /** 1 for each slot that was executed. */
  readonly executed: Uint8Array;
  readonly #numbers: number[] = [];
  readonly #slots = new Map<string, number>();

  /** @param capacity slots, at most */
  constructor(capacity: number) {
    this.executed = new Uint8Array(capacity);
  }

  /** The place in `executed` of what is described so. */
  slot(description: string): number {
    let slot = this.#slots.get(description);
    if (slot === undefined) {
      slot = this.#numbers.push(pieceNumber(description)) - 1;
      if (slot >= this.executed.length) throw new Error(`no slot is left for ${description}`);
      this.#slots.set(description, slot);
    }
    return slot;
  }

  /** Numbers of all pieces. */
  get all(): readonly number[] {
    return this.#numbers;
  }

  /** Adds the numbers of what was executed. */
  collect(into: number[]): void {
    for (let slot = 0; slot < this.#numbers.length; slot++) {
      if (this.executed[slot] === 1) into.push(this.#numbers[slot]!);
    }
  }
}
