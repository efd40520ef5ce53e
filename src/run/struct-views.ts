// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { Ptr } from '../base/units.ts';
import type { Memory } from '../model/hardware/memory.ts';
import { NotModelled } from '../model/kernel.ts';
import { findMember, isScalar, sizeOf, type CType, type StructType } from '../translate/c-type.ts';
import { loadMethod, storeMethod } from '../translate/emit-arithmetic.ts';
import { memberNames } from './struct-layouts.ts';

type View = Record<string, U64>;
type MakeView = (at: Ptr) => View;
type Makers = Record<string, MakeView>;
type ViewClass = new (mem: Memory, at: Ptr) => View;

/** Struct tags in the order in which any kernel first asked for one. */
const askedFor = new Set<string>();

/**
 * Objects through which model code reads and writes C structs in memory. Offsets come from the declarations of the
 * tree that is run, so a struct that a series grows or reorders is still read rightly.
 */
export class StructViews {
  readonly #find: (tag: string) => StructType | undefined;
  readonly #mem: Memory;
  readonly #structs = new Map<string, StructType>();

  constructor(find: (tag: string) => StructType | undefined, mem: Memory) {
    this.#find = find;
    this.#mem = mem;
  }

  struct(tag: string): StructType {
    let struct = this.#structs.get(tag);
    if (struct === undefined) {
      struct = this.#find(tag);
      if (struct?.members === undefined) throw new NotModelled(`struct ${tag} is declared nowhere`);
      this.#structs.set(tag, struct);
    }
    return struct;
  }

  sizeof(tag: string): number {
    return this.struct(tag).size;
  }

  offsetof(tag: string, field: string): number {
    const found = findMember(this.struct(tag), field);
    if (found === undefined) throw new NotModelled(`struct ${tag} has no member ${field} in this tree`);
    return found.offset;
  }

  /**
   * `k.structs`: one maker of views a struct, made when it is first called. What other kernels have asked for is there
   * from the start and in the same order, so that all kernels look alike to the engine.
   */
  makers(): Makers {
    const add = (tag: string): MakeView => {
      askedFor.add(tag);
      const make = this.#maker(tag);
      Object.defineProperty(makers, tag, { value: make, enumerable: true });
      return make;
    };
    const ask = new Proxy(Object.create(null) as Makers, { get: (_target, tag) => add(String(tag)) });
    const makers = Object.create(ask) as Makers;
    for (const tag of askedFor) add(tag);
    return makers;
  }

  #maker(tag: string): MakeView {
    const mem = this.#mem;
    let View: ViewClass | undefined;
    return (at) => {
      View ??= viewClass(this.struct(tag));
      return new View(mem, at);
    };
  }
}

const viewClasses = new Map<string, ViewClass>();
/** A class a layout; series that change one bring a few. */
const CLASSES_LIMIT = 2000;

/**
 * A class of its own for each layout, with an accessor a member: kernels with the same layout share it, and the engine
 * learns of each member by itself. Names of members are C's, so they stand in the text as string literals only.
 */
function viewClass(struct: StructType): ViewClass {
  const accessors = memberNames(struct).flatMap((name) => {
    const { member, offset } = findMember(struct, name)!;
    return member.bits === undefined ? [accessor(JSON.stringify(name), member.type, offset)] : [];
  });
  const text = `return class { #mem; constructor(mem, at) { this.#mem = mem; this.at = at; } ${accessors.join(' ')} };`;
  let View = viewClasses.get(text);
  if (View === undefined) {
    if (viewClasses.size >= CLASSES_LIMIT) viewClasses.clear();
    // oxlint-disable-next-line no-implied-eval, no-new-func -- see above
    View = (new Function('refuse', text) as (refuse: (value: U64) => never) => ViewClass)(refuse);
    viewClasses.set(text, View);
  }
  return View;
}

function refuse(value: U64): never {
  throw new NotModelled(`a value of ${value} in a struct member`);
}

function accessor(name: string, type: CType, offset: number): string {
  if (!isScalar(type) || sizeOf(type) === undefined) return `get [${name}]() { return this.at + ${offset}; }`;
  const load = `this.#mem.${loadMethod(type)}(this.at + ${offset})`;
  const wide = type.kind !== 'descriptor' && sizeOf(type) === 8;
  const get = wide
    ? `const value = ${load}; if (typeof value !== 'number') refuse(value); return value;`
    : `return ${load};`;
  return `get [${name}]() { ${get} } set [${name}](value) { this.#mem.${storeMethod(type)}(this.at + ${offset}, value); }`;
}
