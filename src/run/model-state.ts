// SPDX-License-Identifier: GPL-2.0-only

/** What files of the model keep in TypeScript, one object a kind, made anew at every boot. */
export class ModelState {
  readonly #made = new Map<() => object, object>();
  /** What was asked for last: every store to a page table asks for the same. */
  #make: (() => object) | undefined;
  #state: object | undefined;

  /** The state that `make` makes. */
  readonly of = <T extends object>(make: () => T): T => {
    if (make === this.#make) return this.#state as T;
    let state = this.#made.get(make);
    if (state === undefined) {
      state = make();
      this.#made.set(make, state);
    }
    this.#make = make;
    this.#state = state;
    return state as T;
  };

  /** Power-on. */
  reset(): void {
    this.#made.clear();
    this.#make = undefined;
    this.#state = undefined;
  }
}
