// SPDX-License-Identifier: GPL-2.0-only

const GOLDEN_GAMMA = 0x9e3779b9;

/** The finaliser of MurmurHash3: a bijection of 32 bits in which every input bit changes about half of the output. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function bitCount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Steps must be odd, and irregular enough in their bits that neighbouring states do not look alike. */
function mixGamma(value: number): number {
  const odd = (mix(value ^ 0x5bd1e995) | 1) >>> 0;
  return bitCount(odd ^ (odd >>> 1)) < 12 ? (odd ^ 0xaaaaaaaa) >>> 0 : odd;
}

/**
 * Seeded pseudo-random numbers: SplitMix (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014) at
 * 32 bits. The state advances by a constant, odd step; an output is the state, mixed. The same seed gives the same
 * numbers everywhere and for ever: scenarios are named by it.
 */
export class Prng {
  #state: number;
  readonly #gamma: number;

  /** @param seed any integer; its low 32 bits count */
  constructor(seed: number, gamma = GOLDEN_GAMMA) {
    this.#state = seed >>> 0;
    this.#gamma = gamma;
  }

  /** A number in [0, 2^32). */
  next(): number {
    this.#state = (this.#state + this.#gamma) >>> 0;
    return mix(this.#state);
  }

  /** A number in [0, bound), every one as likely; `bound` is in [1, 2^32]. */
  below(bound: number): number {
    const fair = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const value = this.next();
      if (value < fair) return value % bound;
    }
  }

  /** A number in [least, most]. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True once in `of` times. */
  oneIn(of: number): boolean {
    return this.below(of) === 0;
  }

  /** An element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A generator of its own, whose numbers have nothing to do with what this one yields from here on. */
  split(): Prng {
    return new Prng(this.next(), mixGamma(this.next()));
  }
}
