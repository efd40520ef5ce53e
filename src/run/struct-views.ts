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

/**
 * Objects through which model code reads and writes C structs in memory. Offsets come from the declarations of the
 * tree that is run, so a struct that a series grows or reorders is still read rightly.
 */
export class StructViews {
  readonly #find: (tag: string) => StructType | undefined;
  readonly #mem: Memory;
  readonly #made = new Map<string, MakeView>();

  constructor(find: (tag: string) => StructType | undefined, mem: Memory) {
    this.#find = find;
    this.#mem = mem;
  }

  struct(tag: string): StructType {
    const struct = this.#find(tag);
    if (struct?.members === undefined) throw new NotModelled(`struct ${tag} is declared nowhere`);
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

  /** `k.structs`: one maker of views a struct, made when it is first asked for. */
  makers(): Record<string, MakeView> {
    return new Proxy(Object.create(null) as Record<string, MakeView>, {
      get: (_target, tag) => this.#maker(String(tag)),
    });
  }

  #maker(tag: string): MakeView {
    let make = this.#made.get(tag);
    if (make === undefined) {
      const View = this.#viewClass(tag);
      make = (at) => new View(at) as unknown as View;
      this.#made.set(tag, make);
    }
    return make;
  }

  #viewClass(tag: string): new (at: Ptr) => object {
    const mem = this.#mem;
    class StructView {
      readonly at: Ptr;
      constructor(at: Ptr) {
        this.at = at;
      }
    }
    const struct = this.struct(tag);
    for (const name of memberNames(struct)) {
      const { member, offset } = findMember(struct, name)!;
      if (member.bits === undefined)
        Object.defineProperty(StructView.prototype, name, accessor(mem, member.type, offset));
    }
    return StructView;
  }
}

function accessor(
  mem: Memory,
  type: CType,
  offset: number,
): PropertyDescriptor & ThisType<{ readonly at: Ptr }> {
  if (!isScalar(type) || sizeOf(type) === undefined) {
    return {
      get() {
        return this.at + offset;
      },
    };
  }
  const load = loadMethod(type) as 'ld64';
  const store = storeMethod(type) as 'st64';
  const wide = type.kind !== 'descriptor' && sizeOf(type) === 8;
  return {
    get() {
      const value: U64 = mem[load](this.at + offset);
      if (wide && typeof value !== 'number') throw new NotModelled(`a value of ${value} in a struct member`);
      return value;
    },
    set(value: U64) {
      mem[store](this.at + offset, value);
    },
  };
}
