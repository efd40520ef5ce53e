// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { TraceWriter } from '../../trace/events.ts';
import type { Machine } from '../../trace/machine.ts';
import { RAW, TABLE, UNWRITTEN, WATCHED, WRITTEN, type Heap } from './heap.ts';
import { SPARSE_PAGE_BYTES as PAGE_BYTES, type SparsePages } from './sparse-pages.ts';
import type { TableEntries } from './table-entries.ts';
import { byteInPage } from './words.ts';

/** Where the MMU finds a virtual address: the physical address, or undefined where nothing is mapped. */
export type Translate = (addr: VirtAddr, access: 'read' | 'write') => number | undefined;
export interface Mmu {
  translate: Translate;
  readonly entries: TableEntries;
}

export interface Storage {
  readonly machine: Machine;
  readonly trace: TraceWriter;
  readonly heap: Heap;
  readonly sparse: SparsePages;
  readonly mmu: Mmu;
}

/** Loads and stores of any bytes anywhere, with every check: all that is not the straight way of `Memory`. */
export class ByteAccess {
  readonly #storage: Storage;
  readonly #words: Int32Array;

  constructor(storage: Storage) {
    this.#storage = storage;
    const { bytes, size } = storage.heap;
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, size / 4);
  }

  /** `size` bytes that do not cross a page; a view, good until the next store. */
  load(addr: Ptr, size: ByteCount, unwrittenAllowed = false): Uint8Array {
    const { heap } = this.#storage;
    const offset = addr - heap.start;
    if (!(offset >= 0 && offset + size <= heap.size)) {
      return this.#outside(addr, size, 'read', (bytes, at) => bytes.subarray(at, at + size));
    }
    for (let i = 0; i < size; i++) {
      const state = heap.shadow[offset + i];
      if (state === RAW) return heap.badAccess('read', addr, size);
      if (state === UNWRITTEN && !unwrittenAllowed) return heap.fault('uninitialised', 'read', addr, size);
    }
    if (heap.shadow[offset] === WATCHED && !unwrittenAllowed) heap.onWatchedLoad(addr);
    return heap.bytes.subarray(offset, offset + size);
  }

  /** Bytes that do not cross a page. */
  store(addr: Ptr, bytes: Uint8Array): void {
    const { heap, sparse } = this.#storage;
    const offset = addr - heap.start;
    const end = offset + bytes.length;
    if (!(offset >= 0 && end <= heap.size)) {
      if (sparse.isTable(addr)) this.#storeToTable(addr, bytes, tableAmong(sparse, addr));
      else this.#outside(addr, bytes.length, 'write', (page, at) => page.set(bytes, at));
      return;
    }
    if (heap.shadow[offset] === TABLE) {
      const isWhole = heap.shadow.subarray(offset, end).every((state) => state === TABLE);
      if (!isWhole) heap.badAccess('write', addr, bytes.length);
      this.#storeToTable(addr, bytes, { bytes: heap.bytes, words: this.#words, at: offset });
      return;
    }
    if (heap.shadow.subarray(offset, end).includes(RAW)) heap.badAccess('write', addr, bytes.length);
    heap.bytes.set(bytes, offset);
    if (heap.shadow[offset] !== WATCHED) heap.shadow.fill(WRITTEN, offset, end);
  }

  fill(addr: Ptr, value: number, size: ByteCount): void {
    forEachPiece(addr, size, (piece, length) => this.store(piece, new Uint8Array(length).fill(value)));
  }

  copy(to: Ptr, from: Ptr, size: ByteCount): void {
    if (size === 0) return;
    const { shadow, start } = this.#storage.heap;
    const bytes = this.loadRange(from, size, true);
    const states = this.#shadowRange(from, size);
    this.storeRange(to, bytes);
    if (states === undefined) return;
    const offset = to - start;
    for (let i = 0; i < size; i++) {
      if (states[i] === UNWRITTEN && shadow[offset + i] === WRITTEN) shadow[offset + i] = UNWRITTEN;
    }
  }

  /** A copy of `size` bytes. */
  loadRange(addr: Ptr, size: ByteCount, unwrittenAllowed: boolean): Uint8Array {
    const result = new Uint8Array(size);
    forEachPiece(addr, size, (piece, length) => {
      result.set(this.load(piece, length, unwrittenAllowed), piece - addr);
    });
    return result;
  }

  storeRange(addr: Ptr, bytes: Uint8Array): void {
    forEachPiece(addr, bytes.length, (piece, length) => {
      this.store(piece, bytes.subarray(piece - addr, piece - addr + length));
    });
  }

  #shadowRange(addr: Ptr, size: ByteCount): Uint8Array | undefined {
    const { heap } = this.#storage;
    const offset = addr - heap.start;
    return offset >= 0 && offset + size <= heap.size ? heap.shadow.slice(offset, offset + size) : undefined;
  }

  /** Stores into a page table, entry by entry, whatever width the C code used. */
  #storeToTable(addr: Ptr, stored: Uint8Array, { bytes, words, at }: TableBytes): void {
    const end = at + stored.length;
    this.#storage.mmu.entries.settle();
    for (let entry = Math.floor(at / 8) * 8; entry < end; entry += 8) {
      const word = entry / 4;
      const low = words[word]!;
      const high = words[word + 1]!;
      for (let i = Math.max(entry, at); i < Math.min(entry + 8, end); i++) bytes[i] = stored[i - at]!;
      const lowAfter = words[word]!;
      const highAfter = words[word + 1]!;
      if (low === lowAfter && high === highAfter) continue;
      this.#storage.mmu.entries.onStore(addr - at + entry, high, low, highAfter, lowAfter);
    }
  }

  #outside<T>(
    addr: Ptr,
    size: ByteCount,
    access: 'read' | 'write',
    use: (page: Uint8Array, at: number) => T,
  ): T {
    const { heap, sparse, mmu, trace, machine } = this.#storage;
    const at = byteInPage(addr);
    if (at + size > PAGE_BYTES) return heap.fault('unmapped', access, addr, size);
    if (this.#isSparse(addr)) return use(sparse.at(addr), at);
    const phys = mmu.translate(addr, access);
    if (phys === undefined) {
      return heap.fault(addr >= 0 && addr < PAGE_BYTES ? 'null' : 'unmapped', access, addr, size);
    }
    trace.emit({ kind: 'access', access, addr, phys });
    const linear = machine.addresses.pageOffset + phys;
    if (this.#isSparse(linear) && !sparse.isTable(linear)) return use(sparse.at(linear), at);
    if (access === 'read') return use(this.load(linear, size), 0);
    const bytes = this.load(linear, size, true).slice();
    const result = use(bytes, 0);
    this.store(linear, bytes);
    return result;
  }

  /** Whether `addr` is memory without a shadow. */
  #isSparse(addr: Ptr): boolean {
    const { heap, sparse } = this.#storage;
    return !(addr >= heap.start && addr < heap.start + heap.size) && sparse.has(addr);
  }
}

/** Memory that holds a table, as bytes and as words of 32 bits, and the offset in it of what is stored. */
interface TableBytes {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly at: number;
}

function tableAmong(sparse: SparsePages, addr: Ptr): TableBytes {
  return { bytes: sparse.at(addr), words: sparse.wordsAt(addr), at: byteInPage(addr) };
}

function forEachPiece(addr: Ptr, size: ByteCount, visit: (piece: Ptr, length: number) => void): void {
  for (let done = 0; done < size;) {
    const length = Math.min(size - done, PAGE_BYTES - byteInPage(addr + done));
    visit(addr + done, length);
    done += length;
  }
}
