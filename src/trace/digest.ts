// SPDX-License-Identifier: GPL-2.0-only

const SEEDS = [0x9e3779b9, 0x85ebca6b] as const;

/** Numbers in, 64 bits out, that differ where the numbers do. No seal against people who look for collisions. */
export class Digest {
  #a: number = SEEDS[0];
  #b: number = SEEDS[1];

  /** Takes a number in; what is behind its point does not count. */
  add(value: number): void {
    this.#mix(value | 0);
    if ((value | 0) !== value) this.#mix(Math.floor(value / 2 ** 32) | 0);
  }

  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
    this.#mix(text.length);
  }

  /** Takes four numbers in so that the order of such calls does not matter. */
  addUnordered(one: number, two: number, three: number, four: number): void {
    let a: number = SEEDS[0];
    let b: number = SEEDS[1];
    for (const value of [one, two, three, four]) {
      const high = Math.floor(value / 2 ** 32) | 0;
      a = Math.imul(Math.imul(a ^ value, 2654435761) ^ high ^ (a >>> 15), 2246822507);
      b = Math.imul(Math.imul(b ^ value, 1597334677) ^ high ^ (b >>> 13), 3266489909);
    }
    this.#a = (this.#a + finished(a)) | 0;
    this.#b = (this.#b + finished(b)) | 0;
  }

  /** In hex. */
  text(): string {
    return hexWord(finished(this.#a)) + hexWord(finished(this.#b));
  }

  #mix(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 2654435761);
    this.#a = (this.#a << 13) | (this.#a >>> 19);
    this.#b = Math.imul(this.#b ^ word, 1597334677);
    this.#b = (this.#b << 17) | (this.#b >>> 15);
  }
}

function finished(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 2246822507);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 3266489909);
  return mixed ^ (mixed >>> 16);
}

function hexWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
