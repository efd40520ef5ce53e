// SPDX-License-Identifier: GPL-2.0-only
import { HEAP } from '../base/hot-layout.ts';
import type { MemoryInstruction } from '../base/wasm-module.ts';
import type { CType } from './c-type.ts';
import { loadMethod, storeMethod } from './emit-arithmetic.ts';
import { crossing, valueType, type HotEmitter } from './emit-hot-function.ts';
import type { Expression } from './syntax.ts';

// Loads and stores of hot code: what lies in the heap, is aligned, and may be read or written so; a call of `Memory` for all else.

type Access = {
  readonly size: 1 | 2 | 4 | 8;
  readonly load: MemoryInstruction;
  readonly store: MemoryInstruction;
};

function accessOf(type: CType): Access {
  if (type.kind === 'integer' && type.size < 8) {
    if (type.size === 4) return { size: 4, load: 'i32.load', store: 'i32.store' };
    if (type.size === 2)
      return { size: 2, load: type.unsigned ? 'i32.load16_u' : 'i32.load16_s', store: 'i32.store16' };
    return { size: 1, load: type.unsigned ? 'i32.load8_u' : 'i32.load8_s', store: 'i32.store8' };
  }
  return { size: 8, load: 'i64.load', store: 'i64.store' };
}

/** The shadow of as many bytes is on the stack: is it that of so many in that state? */
function isState(f: HotEmitter, size: Access['size'], state: number): void {
  const { code } = f;
  if (size === 8) code.i64(0x0101010101010101n * BigInt(state)).op('i64.eq');
  else code.i32((0x01010101 * state) & (2 ** (8 * size) - 1)).op('i32.eq');
}

const shadowLoad = { 1: 'i32.load8_u', 2: 'i32.load16_u', 4: 'i32.load', 8: 'i64.load' } as const;
const shadowStore = { 1: 'i32.store8', 2: 'i32.store16', 4: 'i32.store', 8: 'i64.store' } as const;

/** Leaves the truth that an aligned object lies at the address in the heap; `offset` is where. */
function isInHeap(f: HotEmitter, address: number, size: number): number {
  const { code } = f;
  const { start, size: heapSize } = f.names.heap;
  const far = f.temporary('i64');
  code.get(address).i64(start).op('i64.sub').tee(far).i64(heapSize).op('i64.lt_u');
  if (size > 1)
    code
      .get(far)
      .op('i32.wrap_i64')
      .i32(size - 1)
      .op('i32.and')
      .op('i32.eqz')
      .op('i32.and');
  return far;
}

/** The address is on the stack; the value takes its place. */
export function loadFrom(f: HotEmitter, type: CType): void {
  const { code } = f;
  const result = valueType(type);
  const { size, load } = accessOf(type);
  const address = f.temporary('i64');
  const value = f.temporary(result);
  const slow = (): void => {
    code
      .get(address)
      .call(f.names.imported('mem', loadMethod(type), ['pointer'], crossing(type)))
      .set(value);
  };
  const shadow = HEAP + f.names.heap.size;
  code.set(address);
  code.block(undefined, (done) => {
    const far = isInHeap(f, address, size);
    code.if(undefined, () => {
      const offset = f.temporary('i32');
      code.get(far).op('i32.wrap_i64').tee(offset);
      if (type.kind === 'descriptor') {
        // A table's entry, or one that lies elsewhere in the heap: the bits are the same.
        const state = f.temporary('i64');
        code.at('i64.load', shadow).tee(state);
        isState(f, 8, f.names.heap.table);
        code.get(state);
        isState(f, 8, f.names.heap.written);
        code.op('i32.or');
      } else {
        code.at(shadowLoad[size], shadow);
        isState(f, size, f.names.heap.written);
      }
      code.if(undefined, () => {
        code.get(offset).at(load, HEAP).set(value).branch(done);
      });
    });
    slow();
  });
  code.get(value);
}

/** The address and, above it, the value are on the stack. */
export function storeTo(f: HotEmitter, type: CType): void {
  const { code } = f;
  const { size, store } = accessOf(type);
  const address = f.temporary('i64');
  const value = f.temporary(valueType(type));
  const shadow = HEAP + f.names.heap.size;
  code.set(value).set(address);
  const { written, unwritten } = f.names.heap;
  code.block(undefined, (done) => {
    const far = isInHeap(f, address, size);
    code.if(undefined, () => {
      const offset = f.temporary('i32');
      const state = f.temporary(size === 8 ? 'i64' : 'i32');
      code.get(far).op('i32.wrap_i64').tee(offset).at(shadowLoad[size], shadow).tee(state);
      isState(f, size, unwritten);
      code.if(undefined, () => {
        code.get(offset);
        if (size === 8) code.i64(0x0101010101010101n * BigInt(written));
        else code.i32(0x01010101 * written);
        code.at(shadowStore[size], shadow);
        code.get(offset).get(value).at(store, HEAP).branch(done);
      });
      code.get(state);
      isState(f, size, written);
      code.if(undefined, () => {
        code.get(offset).get(value).at(store, HEAP).branch(done);
      });
    });
    code.get(address).get(value);
    code.call(f.names.imported('mem', storeMethod(type), ['pointer', crossing(type)], undefined));
  });
}

/** A variable on the stack that is read as a whole. @returns false where it is none */
export function loadSlot(f: HotEmitter, e: Expression & { readonly kind: 'variable' }): boolean {
  const slot = f.slotOf(e.variable);
  const { size, load } = accessOf(e.type);
  if (slot === undefined || size < 4) return false;
  const { code } = f;
  const value = f.temporary(valueType(e.type));
  code.block(undefined, (done) => {
    code.get(slot.offset).at(shadowLoad[size], HEAP + f.names.heap.size);
    isState(f, size, f.names.heap.written);
    code.if(undefined, () => {
      code.get(slot.offset).at(load, HEAP).set(value).branch(done);
    });
    code
      .get(slot.address)
      .call(f.names.imported('mem', loadMethod(e.type), ['pointer'], crossing(e.type)))
      .set(value);
  });
  code.get(value);
  return true;
}
