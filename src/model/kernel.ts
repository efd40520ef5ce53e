// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { ByteCount, Ptr } from '../base/units.ts';
import type { TraceWriter } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import type { Memory } from './hardware/memory.ts';
import type { PartOfState } from './part-of-state.ts';
import type { StructTypes } from './struct-types.ts';
import type { ModelSymbols } from './symbols.ts';

/**
 * The kernel as model code sees it: the machine, its memory, and every symbol by its own name. Model functions take it
 * as their first parameter and call each other through it (`k.find_vmap_area(addr)`), never directly: whatever a
 * series patches is then reached from everywhere, as with livepatch.
 */
export interface KernelWorld {
  readonly machine: Machine;
  readonly pageSize: ByteCount;
  readonly mem: Memory;
  readonly trace: TraceWriter;
  /** The CPU that executes. */
  cpu: number;
  /** Addresses of C objects with static storage: `init_mm`, `vmap_area_lock`. */
  readonly globals: Readonly<Record<string, Ptr>>;
  /** Structs in memory as objects whose fields read and write memory: `k.structs.vm_struct(area).flags`. */
  readonly structs: { readonly [Name in keyof StructTypes]: (at: Ptr) => StructTypes[Name] };
  sizeof(struct: keyof StructTypes): number;
  offsetof(struct: keyof StructTypes, field: string): number;
  /** What C calls what lies at an address: `vmap_area_lock`, `vmap_block.lock`; empty where nothing is known of it. */
  nameOf(addr: Ptr): string;
  /** State that a model file keeps in TypeScript; made anew at every boot. */
  state<T extends object>(part: PartOfState<T>): T;
  /** Calls the C function that a pointer points to. */
  callPointer(fn: Ptr, ...args: U64[]): U64;
  /** Ends the scenario as one that goes round in a loop for ever. */
  spin(): never;
  /** Ends the scenario with the verdict "not modelled": never a pass, never a crash. */
  notModelled(what: string): never;
}

/** A model function as others call it: without the kernel parameter. */
export type Bound<Symbols> = {
  [Name in keyof Symbols]: Symbols[Name] extends (k: Kernel, ...args: infer Args) => infer Result
    ? (...args: Args) => Result
    : never;
};

export interface Kernel extends KernelWorld, Bound<ModelSymbols> {}

/** Thrown by `notModelled()`; caught by the runner. */
export class NotModelled extends Error {
  override readonly name = 'NotModelled';
}

/** BUG(): the running operation ends here; the warn event has been emitted. */
export class KernelBug extends Error {
  override readonly name = 'KernelBug';
}
