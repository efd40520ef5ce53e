// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { U64 } from '../base/u64.ts';
import type { ByteCount, PageCount, Pfn, PhysAddr, Ptr, Shift, VirtAddr } from '../base/units.ts';
import type { AskedOfArea } from './asked-of-area.ts';
import type { LevelName } from './machine.ts';
import type {
  AreaKeptEvent,
  GivenBackEvent,
  ReleasedEvent,
  SetAsideEvent,
  TreeStateEvent,
  UnreachableEvent,
} from './state-events.ts';
import type { StoreWriter } from './store-writer.ts';

/**
 * The record of one scenario on one machine. Events stand in the order in which they happened; an event's number is
 * its index in the trace, from 0 (people read it as E0, E1, …). `end` is exclusive everywhere.
 */
export type TraceEvent =
  | OperationEvent
  | ReturnEvent
  | AreaEvent
  | TableWriteEvent
  | WalkEvent
  | AllocEvent
  | AllocFailureEvent
  | FreeEvent
  | PageEvent
  | PageGivenEvent
  | TlbFlushEvent
  | CacheFlushEvent
  | BarrierEvent
  | LockEvent
  | TreeEvent
  | TreeStateEvent
  | UnreachableEvent
  | ReleasedEvent
  | SetAsideEvent
  | GivenBackEvent
  | AreaKeptEvent
  | CounterEvent
  | ScopeEvent
  | SyncEvent
  | WarnEvent
  | FaultEvent
  | AccessEvent
  | FuelEvent;

/** The scenario calls an entry point. Everything up to its `return` happened inside. */
export interface OperationEvent {
  readonly kind: 'operation';
  /** Index in the scenario, from 0. */
  readonly operation: number;
  readonly cpu: number;
  /** The entry point, by the kernel's name. */
  readonly name: string;
  /** The tree defines it static: its callers, which are called too, may do some of what callers of the kernel rely on. */
  readonly isStatic?: true;
  /** It is called by an interrupt handler. */
  readonly context?: 'irq';
  /** Another task gives back the area there, if it is asked or the call waits. */
  readonly offer?: VirtAddr;
  /** It is made behind the calls of the scenario. */
  readonly atEnd?: true;
  readonly intent: Intent;
}

/** What the caller of an entry point asked for: what invariants hold the outcome against. */
export type Intent =
  | {
      readonly kind: 'map';
      /** Absent where the callee chooses the address (vmap, vmalloc): then it is in the return event. */
      readonly addr?: VirtAddr;
      readonly size: ByteCount;
      /** What each page must translate to, run-length encoded; absent for vmalloc, whose pages the callee chooses. */
      readonly pages?: readonly PageRun[];
      /** The protection that leaves must carry. */
      readonly prot: Descriptor;
      /** The largest leaf the caller allows, as log2 of bytes. */
      readonly maxShift: Shift;
      /** Leaves are not to be joined to contiguous runs. */
      readonly runs?: false;
      /** False when the call must be refused: a NULL or invalid page, a size of 0 … */
      readonly legal: boolean;
      readonly asked?: AskedOfArea;
    }
  /** Takes a range of addresses and maps nothing there. */
  | { readonly kind: 'take'; readonly size: ByteCount; readonly asked: AskedOfArea }
  | { readonly kind: 'unmap'; readonly addr: VirtAddr; readonly size: ByteCount }
  | {
      readonly kind: 'protect';
      readonly addr: VirtAddr;
      readonly size: ByteCount;
      readonly change: 'ro' | 'rw' | 'nx' | 'x' | 'rox' | 'valid' | 'invalid';
      /** The range goes on behind the area that it begins in, guard page included: that is to be refused. */
      readonly beyond?: true;
    }
  /**
   * set_huge_pte_at() and relatives at a given table entry: a leaf or a marker (an entry that is not present) is set, one is
   * read or cleared, or rights (`protect`) or rights and access bits (`access`) change in place.
   */
  | {
      readonly kind: 'huge';
      readonly change: 'set' | 'mark' | 'read' | 'clear' | 'protect' | 'access';
      readonly addr: VirtAddr;
      readonly size: ByteCount;
      readonly pfn: Pfn;
      readonly prot: Descriptor;
      /** What every entry must hold afterwards, or (`read`, `clear`) what the call must return; but for the frame. */
      readonly entry?: Descriptor;
      /** False for a size that is none of the machine's huge sizes. */
      readonly legal: boolean;
    }
  /** Wants pages that are mapped: the one at an address, or a range for user space. */
  | {
      readonly kind: 'show';
      readonly addr: VirtAddr;
      readonly size: ByteCount;
      /** For who reads: how many bytes the call must say that it has given. */
      readonly bytes?: ByteCount;
      /** False where the area may not be shown, or ends before the range does: then nothing may be given. */
      readonly legal: boolean;
    }
  /** Memory that vmalloc() gave out, from `addr` on, shall be of that size, here or elsewhere. */
  | {
      readonly kind: 'resize';
      readonly addr: VirtAddr;
      readonly size: ByteCount;
      /** Before it was rounded to pages. */
      readonly bytes?: ByteCount;
      /** What is new shall hold zeroes, and what is given up. */
      readonly zeroed?: true;
    }
  /** From now on pages of the linear map may change one by one, and perhaps follow what set_memory_*() do to others. */
  | { readonly kind: 'linear'; readonly follows: boolean }
  /** Asks for a plain fact, which may be told in any of these values. */
  | { readonly kind: 'ask'; readonly answers: readonly number[] }
  /** Neither maps nor unmaps (find_vm_area, vm_unmap_aliases, arch_make_huge_pte …). */
  | {
      readonly kind: 'other';
      /** False where the callee has nothing to do but to say so: what is given back is nobody's. */
      readonly legal?: false;
    };

/** `count` pages from `pfn` on; `bad` says that the entry of pages[] was NULL or had no valid pfn. */
export interface PageRun {
  readonly pfn: Pfn;
  readonly count: PageCount;
  readonly bad?: 'null' | 'invalid';
}

export interface ReturnEvent {
  readonly kind: 'return';
  readonly operation: number;
  /** The C value; 0 for void. */
  readonly value: U64;
  /** The errno of a failed call (12 for -ENOMEM; a NULL pointer from vmap counts as 12); 0 for success. */
  readonly error: number;
  /** For calls that choose an address: what was mapped. */
  readonly addr?: VirtAddr;
}

/** What find_vm_area() says of an address, recorded by the scenario after a call that made an area. */
export interface AreaEvent {
  readonly kind: 'area';
  readonly addr: VirtAddr;
  /** With the guard page. */
  readonly size: ByteCount;
  readonly flags: number;
  /** Names of the set flags, from the tree's own definitions: `VM_MAP`, `VM_ALLOW_HUGE_VMAP`. */
  readonly flagNames: readonly string[];
  /** The size that was asked for, as the area has it; absent where the tree does not note it (until 6.12). */
  readonly requestedSize?: ByteCount;
  /** Who asked for it, as the area has it: 0 for nobody. */
  readonly caller?: Ptr;
  /** So many pages stand in it as its own, though it was made without. */
  readonly strayPages?: number;
  /** Its last page, looked up, does not lead to it. */
  readonly lastPageLost?: true;
  /** It does not lie at the distance from the others that were taken with it that was asked for. */
  readonly displaced?: true;
  /** Some byte of its memory is not zero, or was never written. Looked at where zeroes were asked for. */
  readonly notZero?: true;
  /** It does not hold what its owner had written before its size changed. */
  readonly contentsLost?: true;
}

/** A store to an entry of a page table. */
export interface TableWriteEvent {
  readonly kind: 'table-write';
  readonly cpu: number;
  readonly level: LevelName;
  /** First address that the entry covers; undefined while the table is not reachable from the root. */
  readonly addr: VirtAddr | undefined;
  /** The frame of the table, and the entry in it. */
  readonly table: Pfn;
  readonly index: number;
  readonly before: Descriptor;
  readonly after: Descriptor;
}

/** A step of a software walk: the code looked up the entry that covers `addr` in a table of `level`. */
export interface WalkEvent {
  readonly kind: 'walk';
  readonly level: LevelName;
  readonly addr: VirtAddr;
}

export interface AllocEvent {
  readonly kind: 'alloc';
  readonly what: 'object' | 'table' | 'stack' | 'static';
  readonly addr: Ptr;
  readonly size: ByteCount;
  /** The type or cache: `vm_struct`, `pte table`. */
  readonly name: string;
  /** For tables: their level. */
  readonly level?: LevelName;
  /**
   * What the allocator was allowed and asked, as words: `wait`, `io` and `fs` (it may wait, start I/O, call into file
   * systems; what the task forbids is left out), `nofail` (it must not fail), `dma`, `dma32` and `highmem` (zones), `node0`
   * (that node).
   */
  readonly gfp?: string;
}

/**
 * An allocation was refused: by failure injection, or because memory or address space is exhausted. A call that fails
 * after one of these had a reason to.
 */
export interface AllocFailureEvent {
  readonly kind: 'alloc-failure';
  readonly what: 'object' | 'table' | 'page' | 'area';
  readonly name: string;
  /** For pages: how many were asked for at once. */
  readonly order?: number;
}

export interface FreeEvent {
  readonly kind: 'free';
  readonly what: 'object' | 'table' | 'stack' | 'static';
  readonly addr: Ptr;
}

/** Pages leave (`alloc`) or return to (`free`) the page allocator. */
export interface PageEvent {
  readonly kind: 'page';
  readonly change: 'alloc' | 'free';
  readonly pfn: Pfn;
  readonly order: number;
  /** As of `AllocEvent`. */
  readonly gfp?: string;
}

/** A page is handed out: shown to user space, or as the result of a call. */
export interface PageGivenEvent {
  readonly kind: 'page-given';
  /** Which page of those that were asked for, from 0. */
  readonly index: number;
  /** -1 for what is no struct page. */
  readonly pfn: Pfn;
}

export interface TlbFlushEvent {
  readonly kind: 'tlb-flush';
  /** `all` for flush_tlb_all(); then start and end are 0. */
  readonly scope: 'range' | 'all';
  readonly start: VirtAddr;
  readonly end: VirtAddr;
  /** Only this CPU's TLB. */
  readonly local: boolean;
  /** An instruction, and none of the barriers that a function brings which the kernel has for it. */
  readonly bare?: true;
}

export interface CacheFlushEvent {
  readonly kind: 'cache-flush';
  readonly call: 'flush_cache_vmap' | 'flush_cache_vunmap' | 'flush_cache_all';
  readonly start: VirtAddr;
  readonly end: VirtAddr;
}

export interface BarrierEvent {
  readonly kind: 'barrier';
  readonly name: string;
}

export interface LockEvent {
  readonly kind: 'lock';
  readonly change: 'acquire' | 'release';
  readonly lock: Ptr;
  readonly name: string;
}

/**
 * A node comes into a red-black tree that is not on the stack, or leaves it; `read`: somebody begins to search one with none
 * of the locks held that its changes had in common so far.
 */
export interface TreeEvent {
  readonly kind: 'tree';
  readonly change: 'insert' | 'erase' | 'read';
  /** Where the tree's root lies, and what C calls it. */
  readonly root: Ptr;
  readonly name: string;
}

/** Something that counts pages in use was changed or read. */
export interface CounterEvent {
  readonly kind: 'counter';
  readonly name: string;
  readonly value: number;
}

/** Lazy MMU mode, preemption, NOFS/NOIO, RCU read side …: entered and left. */
export interface ScopeEvent {
  readonly kind: 'scope';
  readonly scope: string;
  readonly change: 'enter' | 'leave';
}

export interface SyncEvent {
  readonly kind: 'sync';
  readonly start: VirtAddr;
  readonly end: VirtAddr;
}

export interface WarnEvent {
  readonly kind: 'warn';
  readonly call: 'WARN' | 'BUG';
  /** The C text of the condition. */
  readonly condition: string;
}

/** The C code did what C or the machine does not allow; the operation ends there. */
export interface FaultEvent {
  readonly kind: 'fault';
  readonly fault:
    | 'out-of-bounds'
    | 'use-after-free'
    | 'uninitialised'
    | 'null'
    | 'unmapped'
    | 'double-free'
    | 'bad-free'
    | 'shift'
    | 'divide';
  readonly access: 'read' | 'write' | 'none';
  readonly addr: Ptr;
  readonly size: ByteCount;
  /**
   * The object that was meant, as far as the address tells: its name, first address and size. The array of page
   * pointers that a scenario hands to the kernel is named `pages[]`.
   */
  readonly object?: { readonly name: string; readonly addr: Ptr; readonly size: ByteCount };
  /** What C calls the bytes at `addr`, where they belong to a member of it: `vmap_block.va`. */
  readonly place?: string;
}

/** The kernel reads or writes through a mapped address (vmalloc space, fixmap). */
export interface AccessEvent {
  readonly kind: 'access';
  readonly access: 'read' | 'write';
  readonly addr: VirtAddr;
  readonly phys: PhysAddr;
}

/** A loop used up its fuel: it does not end, or not in any time that matters. */
export interface FuelEvent {
  readonly kind: 'fuel';
}

/** What happens inside the model is told to one of these. */
export interface TraceWriter {
  /** Somebody looks at each event when it happens, and at who makes it happen. */
  readonly isWatched?: boolean;
  emit(event: TraceEvent): void;
  /** Told of stores to page tables, at this moment: not the same one after every boot. */
  readonly stores: StoreWriter;
}

/** Events in order; an array is one. */
export interface EventSequence extends Iterable<TraceEvent> {
  readonly length: number;
  /** The event of a number; from the end where it is negative. */
  at(n: number): TraceEvent | undefined;
}

/** What events are written to, and can be read from again. */
export interface EventSink extends StoreWriter {
  emit(event: TraceEvent): void;
  readonly length: number;
  at(n: number): TraceEvent | undefined;
}
