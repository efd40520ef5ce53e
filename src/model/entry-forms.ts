// SPDX-License-Identifier: GPL-2.0-only
import type { InPlacePrinter } from '../base/in-place-form.ts';
import { bitsOfDescriptor, DESCRIPTOR_ROTATION, type Descriptor } from '../base/descriptor.ts';
import type { HotForm, HotFormWriter } from '../base/hot-form.ts';
import type { WasmCode } from '../base/wasm-module.ts';
import type { Ptr } from '../base/units.ts';
import type { Machine } from '../trace/machine.ts';
import { frameUnit } from './hardware/entry.ts';
import { NO_ENTRY } from './hardware/hot-helpers.ts';
import type { InPlace } from './in-place-form.ts';
import type { Kernel } from './kernel.ts';

// Forms of accessors (in-place.ts) that architectures have in common.

/** A rotated entry of no more bits is a plain number in JavaScript. */
export const PLAIN_BITS = 53;

/** Leaves the truth that the 64 bits of a local are a plain number in JavaScript: other addresses and sizes are for the function to refuse. */
export function writeIsPlain(code: WasmCode, local: number): void {
  code
    .get(local)
    .i64(Number.MAX_SAFE_INTEGER)
    .op('i64.add')
    .i64(2 * Number.MAX_SAFE_INTEGER)
    .op('i64.le_u');
}

/** Attributes as hot code has them: hardware bits. */
export function hardware(attributes: number): bigint {
  return BigInt(bitsOfDescriptor(attributes));
}

/** A form that leaves a truth. */
export function leavesTruth(write: (writer: HotFormWriter) => unknown): HotForm {
  return (writer) => {
    write(writer);
    return true;
  };
}

/** Predicate of one entry: it is all zeroes. */
export const isEmpty: InPlace = {
  print: ([entry]) => ({ condition: `${entry} === 0` }),
  hot: leavesTruth(({ code, args: [entry] }) => code.get(entry!).op('i64.eqz')),
};

/** Predicate of one entry: any bit of a mask of attributes is set. */
export function anyOf(mask: number): InPlace {
  return {
    print: ([entry]) => ({ condition: `(i32(${entry}) & ${mask}) !== 0` }),
    hot: leavesTruth(({ code, args: [entry] }) =>
      code.get(entry!).i64(hardware(mask)).op('i64.and').i64(0).op('i64.ne'),
    ),
  };
}

/** Predicate of one entry: all bits of a mask of attributes are set. */
export function allOf(mask: number): InPlace {
  return isOfType(mask, mask);
}

/** Predicate of one entry: some bits of a mask of attributes are set, and no others of it. */
export function isOfType(mask: number, type: number): InPlace {
  return {
    print: ([entry]) => ({ condition: `(i32(${entry}) & ${mask}) === ${type}` }),
    hot: leavesTruth(({ code, args: [entry] }) =>
      code.get(entry!).i64(hardware(mask)).op('i64.and').i64(hardware(type)).op('i64.eq'),
    ),
  };
}

/** Predicate: the other one does not hold. */
export function unless(form: InPlace): InPlace {
  return {
    print: (args, by) => ({ condition: `!(${truthOf(form, args, by)})` }),
    hot: leavesTruth((writer) => {
      form.hot!(writer);
      writer.code.op('i32.eqz');
    }),
  };
}

/** Predicate: one of two holds. */
export function either(first: InPlace, second: InPlace): InPlace {
  return {
    print: (args, by) => ({ condition: `${truthOf(first, args, by)} || ${truthOf(second, args, by)}` }),
    hot: leavesTruth((writer) => {
      first.hot!(writer);
      second.hot!(writer);
      writer.code.op('i32.or');
    }),
  };
}

function truthOf(form: InPlace, args: readonly string[], by: InPlacePrinter): string {
  const text = form.print!(args, by);
  return 'condition' in text ? text.condition : `${text.value} !== 0`;
}

/** Predicate that is the same for all arguments. */
export function isAlways(truth: boolean): InPlace {
  return {
    print: () => ({ condition: String(truth) }),
    hot: leavesTruth(({ code }) => code.i32(Number(truth))),
  };
}

/** An entry with all bits of some attributes set, and all bits of others clear. */
export function withChanged({
  set = 0,
  clear = 0,
}: {
  readonly set?: number;
  readonly clear?: number;
}): InPlace {
  return {
    print: ([entry], { call, temporary }) => {
      const changed = set === 0 ? entry! : temporary();
      const setting = set === 0 ? '' : `${changed} = ${entry} + (${set} & ~${entry})`;
      const clearing = clear === 0 ? '' : `${changed} - (${clear} & ${changed})`;
      const steps = [setting, clearing].filter((step) => step !== '').join(', ');
      return { value: `(typeof ${entry} === 'number' ? (${steps}) : ${call(entry!)})` };
    },
    hot: ({ code, args: [entry] }) =>
      void code.get(entry!).i64(hardware(set)).op('i64.or').i64(~hardware(clear)).op('i64.and'),
  };
}

/** The frame of an entry, where there is nothing but the frame between its attributes. */
export function frameOfEntry(machine: Machine): InPlace {
  const unit = frameUnit(machine);
  return {
    print: ([entry], { call }) => ({
      value: `(typeof ${entry} === 'number' && ${entry} >= 0 ? Math.floor(${entry} / ${unit}) : ${call(entry!)})`,
    }),
    hot: ({ code, args: [entry], call }) => {
      const rotated = code.local('i64');
      code
        .get(entry!)
        .i64(DESCRIPTOR_ROTATION)
        .op('i64.rotl')
        .tee(rotated)
        .i64(PLAIN_BITS)
        .op('i64.shr_u', 'i64.eqz');
      code.if('i64', () => code.get(rotated).i64(Math.log2(unit)).op('i64.shr_u'), call);
    },
  };
}

/** An entry without its frame. */
export function protectionOfEntry(machine: Machine): InPlace {
  const mask = frameUnit(machine) - 1;
  return {
    print: ([entry], { call }) => ({
      value: `(typeof ${entry} === 'number' ? ${entry} & ${mask} : ${call(entry!)})`,
    }),
    hot: ({ code, args: [entry] }) => void code.get(entry!).i64(hardware(mask)).op('i64.and'),
  };
}

/** The entry itself. */
export const isItself: InPlace = {
  print: ([entry]) => ({ value: entry! }),
  hot: ({ code, args: [entry] }) => void code.get(entry!),
};

/** The entry at an address. */
export const loadsEntry: InPlace = {
  print: ([at], { call, temporary }) => valueOrCall(temporary(), `mem.entries.at(${at})`, call(at!)),
  hot: ({ code, helpers, args: [at], call }) => {
    const entry = code.local('i64');
    code.get(at!);
    helpers.entryAt(code);
    code.tee(entry).i64(NO_ENTRY).op('i64.ne');
    code.if('i64', () => code.get(entry), call);
  },
};

/** `(mm, addr, ptep)`: the entry at `ptep`, which is 0 afterwards. */
export const takesEntry: InPlace = {
  shortcut: (k: Kernel, at: Ptr) => {
    const entry = k.mem.entries.at(at);
    return entry === entry && storesAlone(k, at, 0) ? entry : Number.NaN;
  },
  print: ([mm, addr, at], { call, shortcut, temporary }) =>
    valueOrCall(temporary(), shortcut(at!), call(mm!, addr!, at!)),
  hot: ({ code, helpers, args: [, , at], call }) => {
    const entry = code.local('i64');
    code.get(at!);
    helpers.entryAt(code);
    code.tee(entry).i64(NO_ENTRY).op('i64.ne');
    code.if(
      'i64',
      () => {
        code.get(at!).i64(0);
        helpers.storeAlone(code);
        code.if('i64', () => code.get(entry), call);
      },
      call,
    );
  },
};

/**
 * `(mm, addr, ptep, pte)`: stores one entry.
 * @param store what it does beside; false where it did nothing
 * @param hot the same for hot code, of the locals that hold the address and the entry
 */
export function storesEntry(
  store: (k: Kernel, at: Ptr, entry: Descriptor) => boolean,
  hot?: (writer: HotFormWriter, at: number, entry: number) => void,
): InPlace {
  return {
    shortcut: store,
    ...(hot === undefined ? {} : { hot: (writer) => hot(writer, writer.args[2]!, writer.args[3]!) }),
    print: ([mm, addr, at, entry], { call, shortcut }) => ({
      value: `(${shortcut(at!, entry!)} || ${call(mm!, addr!, at!, entry!)})`,
    }),
  };
}

/** Stores an entry of a table; false, and nothing is stored, where somebody asks at every store who calls. */
export function storesAlone(k: Kernel, at: Ptr, entry: Descriptor): boolean {
  return k.mem.entries.setAgain(k.cpu, at, entry) ? true : storesElsewhere(k, at, entry);
}

/**
 * The same for entries that may come one after the other (hardware/store-streak.ts). What else is done for an entry must follow
 * from its attributes: it is not done again for one that goes on from the last.
 */
export function storesNext(k: Kernel, at: Ptr, entry: Descriptor): boolean {
  return k.mem.entries.streak.takes(k.cpu, at, entry) || storesAlone(k, at, entry);
}

/** The same, where it is not the table that was stored to last. */
function storesElsewhere(k: Kernel, at: Ptr, entry: Descriptor): boolean {
  return k.trace.isWatched !== true && k.mem.entries.set(at, entry);
}

/** A shortcut's value, or where that is NaN the call's. */
export function valueOrCall(kept: string, value: string, call: string): { readonly value: string } {
  return { value: `((${kept} = +${value}) === ${kept} ? ${kept} : ${call})` };
}

/** storesNext() for hot code, of the locals that hold the address and the entry. */
export function writeStoresNext({ code, helpers, call }: HotFormWriter, at: number, entry: number): void {
  code.get(at).get(entry);
  helpers.storeNext(code);
  code.op('i32.eqz').if(undefined, () => {
    code.get(at).get(entry);
    helpers.storeAgain(code);
    code.op('i32.eqz').if(undefined, call);
  });
}
