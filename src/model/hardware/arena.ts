// SPDX-License-Identifier: GPL-2.0-only
import { HEAP, MARKS, MARKS_BYTES, WASM_PAGE } from '../../base/hot-layout.ts';
import type { ByteCount } from '../../base/units.ts';

/** What a kernel's memory lies in (base/hot-layout.ts): what hot code shares with JavaScript, the heap, and its shadow. */
export interface Arena {
  /** Of the heap. */
  readonly size: ByteCount;
  readonly buffer: ArrayBuffer;
  /** The same for hot code; undefined where the system grants no such memory. */
  readonly memory: WebAssembly.Memory | undefined;
}

/** Of heaps that were retired, zeroed: fresh ones of this size cost the system and the garbage collector dearly. */
const spareArenas: Arena[] = [];

/** Memory for a heap of that size, all zeroes. */
export function takeArena(size: ByteCount): Arena {
  const place = spareArenas.findIndex((arena) => arena.size === size);
  return place >= 0 ? spareArenas.splice(place, 1)[0]! : makeArena(size);
}

function makeArena(size: ByteCount): Arena {
  const bytes = HEAP + 2 * size;
  const pages = bytes / WASM_PAGE;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    return { size, buffer: memory.buffer, memory };
  } catch (error) {
    // Address space is what it takes much of.
    if (!(error instanceof RangeError)) throw error;
    return { size, buffer: new ArrayBuffer(bytes), memory: undefined };
  }
}

/** Leaves it to the next heap: its heap and shadow are zeroes again, and nobody uses it any more. */
export function leaveArena(arena: Arena): void {
  new Uint8Array(arena.buffer, MARKS, MARKS_BYTES).fill(0);
  spareArenas.push(arena);
}
