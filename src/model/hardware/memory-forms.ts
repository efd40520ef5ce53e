// SPDX-License-Identifier: GPL-2.0-only
import type { MemoryForms, PlaceForms } from '../../base/memory-forms.ts';
import type { Machine } from '../../trace/machine.ts';
import { WRITTEN } from './heap.ts';

// Loads and stores of `Memory` as text, for loops of emitted code: what they do where an object of the heap is read or
// written that was written before, and a call of them for all else (docs/decisions/0008-accessors-in-place.md). The engine
// then learns at each place what it needs there, and has nothing to take in.

/** Four bytes of the shadow, and eight of them as a floating-point number, all of them written. */
const WRITTEN4 = String(0x01010101 * WRITTEN);
const WRITTEN8 = String(
  new Float64Array(Uint8Array.of(...Array.from({ length: 8 }, () => WRITTEN)).buffer)[0],
);

/** The forms of a machine, whose heap is where it is. */
export function memoryForms({ addresses, pageShift }: Machine): MemoryForms {
  const start = addresses.pageOffset + addresses.heapStart * 2 ** pageShift;
  /** The truth that an aligned object lies at `address`, written; its offset in the heap is kept in `offset`. */
  const isWritten = (address: string, offset: string, size: 4 | 8): string =>
    `(${offset} = ${address} - ${start}) >= 0 && ${offset} < ${addresses.heapSize} && (${offset} & ${size - 1}) === 0 && ` +
    (size === 4 ? `$shadow[${offset} >> 2] === ${WRITTEN4}` : `$pairs[${offset} >> 3] === ${WRITTEN8}`);
  return {
    places: placeForms(start, addresses.heapSize),
    head: 'const { words: $words, shadowWords: $shadow, shadowPairs: $pairs } = mem;',
    has: (method) => method === 'st32' || Object.hasOwn(loads, method),
    load: (method, address, temporary) => {
      const load = loads[method]!;
      const offset = temporary();
      const value = load.value(`$words[${offset} >> 2]`, `$words[(${offset} >> 2) + 1]`);
      return `(${isWritten(address, offset, load.size)} ? ${value} : mem.${method}(${address}))`;
    },
    store: (method, address, value, temporary) => {
      const offset = temporary();
      const test = isWritten(address, offset, 4);
      return `(${test} ? $words[${offset} >> 2] = ${value} : mem.${method}(${address}, ${value}))`;
    },
  };
}

function placeForms(start: number, heapSize: number): PlaceForms {
  const isWritten = (place: string, size: 4 | 8): string =>
    size === 4 ? `$shadow[${place}] === ${WRITTEN4}` : `$pairs[${place}] === ${WRITTEN8}`;
  return {
    size: (method) => (method === 'st32' ? 4 : loads[method]!.size),
    of: (address, size) =>
      `${address} >= ${start} && ${address} < ${start + heapSize} && (${address} & ${size - 1}) === 0 ? ` +
      `(${address} - ${start}) >> ${size === 4 ? 2 : 3} : -1`,
    isIn: (computed, place, size) => `${computed} >= 0 && ${place} < ${heapSize / size}`,
    load: (method, place, isThere, elsewhere) => {
      const { size, value } = loads[method]!;
      const words = size === 4 ? [place, ''] : [`${place} * 2`, `${place} * 2 + 1`];
      const text = value(`$words[${words[0]}]`, `$words[${words[1]}]`);
      return `(${isThere} && ${isWritten(place, size)} ? ${text} : ${elsewhere})`;
    },
    store: (place, value, isThere, elsewhere) =>
      `(${isThere} && ${isWritten(place, 4)} ? $words[${place}] = ${value} : ${elsewhere})`,
  };
}

interface Load {
  readonly size: 4 | 8;
  value(low: string, high: string): string;
}

const loads: Readonly<Record<string, Load>> = {
  lds32: { size: 4, value: (low) => low },
  ld32: { size: 4, value: (low) => `${low} >>> 0` },
  ldPointer: { size: 8, value: (low, high) => `${high} * 4294967296 + (${low} >>> 0)` },
};
