// SPDX-License-Identifier: GPL-2.0-only
import type { WasmCode } from './wasm-module.ts';

/** Functions that hot code calls and that are neither C nor the model's. */
export interface HotHelpers {
  /** `(address) → entry`: of a table in the heap, where it is a plain number as JavaScript has it; else -1, which is none. */
  entryAt(code: WasmCode): void;
  /** `(address, entry) → truth`: stores it to the open table and notes that (`TableEntries.setAgain`). */
  storeAgain(code: WasmCode): void;
  /** The same for what nothing goes on from: the next store will be noted behind other events. */
  storeAlone(code: WasmCode): void;
  /** `(address, entry) → truth`: stores what goes on from the last store (`StoreStreak.takes`). */
  storeNext(code: WasmCode): void;
  /** `(address, level)`: notes a step of a walk. */
  walk(code: WasmCode): void;
  /** Notes an event that is always the same, by its number. */
  constant(code: WasmCode, number: number): void;
}

/** What the code of a form is written with. */
export interface HotFormWriter {
  readonly code: WasmCode;
  readonly helpers: HotHelpers;
  /** Local variables that hold the arguments, which may be used any number of times: i32, or i64 for all that has 64 bits. */
  readonly args: readonly number[];
  /** Loads a pointer from a member of a variable of the kernel. */
  pointerIn(variable: string, tag: string, field: string): void;
  /** Calls the function itself with them, and leaves what it returns: for all that the form does not do. */
  call(): void;
}

/**
 * Leaves on the stack what the function returns: i32 or i64, as C's type is; nothing for void.
 * @returns true where it is a truth instead, an i32 of whatever width C's answer has
 */
export type HotForm = (writer: HotFormWriter) => true | void;
