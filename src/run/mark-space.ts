// SPDX-License-Identifier: GPL-2.0-only
import { MARKS, MARKS_BYTES } from '../base/hot-layout.ts';

/**
 * Places for the marks of a kernel's modules, all 0: in its memory, where hot code can set them, as long as there is room. They share a
 * buffer, since the engine knows of a large one where it is, but keeps a small one where it is moved about.
 */
export class MarkSpace {
  readonly #buffer: ArrayBuffer;
  #end = MARKS;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
  }

  take(count: number): Uint8Array {
    const start = this.#end;
    if (start + count > MARKS + MARKS_BYTES) return new Uint8Array(count);
    this.#end = start + count;
    return new Uint8Array(this.#buffer, start, count);
  }
}
