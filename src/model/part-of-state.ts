// SPDX-License-Identifier: GPL-2.0-only

/** What a file of the model keeps in TypeScript: how it is made at power-on, and where a kernel has it. */
export interface PartOfState<T extends object> {
  readonly make: () => T;
  /** Its place in a kernel's list of such parts. */
  readonly place: number;
}

let places = 0;

/** A part of the model's state, asked for by `k.state(part)`. */
export function partOfState<T extends object>(make: () => T): PartOfState<T> {
  return { make, place: places++ };
}

/** All parts of one kernel, each made when it is asked for first. */
export class ModelState {
  readonly #parts: (object | undefined)[] = Array.from({ length: places }, () => undefined);

  readonly of = <T extends object>(part: PartOfState<T>): T =>
    (this.#parts[part.place] ?? this.#make(part)) as T;

  /** Power-on. */
  reset(): void {
    this.#parts.fill(undefined);
  }

  #make(part: PartOfState<object>): object {
    const made = part.make();
    this.#parts[part.place] = made;
    return made;
  }
}
