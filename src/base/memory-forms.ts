// SPDX-License-Identifier: GPL-2.0-only

// What the emitter (src/translate) and the memory (src/model/hardware), which do not know each other, have to agree on.

/** Prints what stands for the loads and stores that have a form. */
export interface MemoryForms {
  /** What the text names: constants of the module. */
  readonly head: string;
  has(method: string): boolean;
  /** @param address may be named any number of times */
  load(method: string, address: string, temporary: () => string): string;
  /** @param address, value may be named any number of times */
  store(method: string, address: string, value: string, temporary: () => string): string;
  readonly places: PlaceForms;
}

/** The same where the place of an object is known, counted in objects of its size from the start of the heap. */
export interface PlaceForms {
  size(method: string): 4 | 8;
  /** The place of an address, which may be named any number of times; -1 where no such object can lie there. */
  of(address: string, size: 4 | 8): string;
  /** @param computed the text that gives `place` its value */
  isIn(computed: string, place: string, size: 4 | 8): string;
  /** @param isThere the truth that `place` is one; what is `elsewhere` is done where it is not, or was not written */
  load(method: string, place: string, isThere: string, elsewhere: string): string;
  store(place: string, value: string, isThere: string, elsewhere: string): string;
}
