// SPDX-License-Identifier: GPL-2.0-only
import { DESCRIPTOR_ROTATION } from '../base/descriptor.ts';
import type { HotForm, HotFormWriter } from '../base/hot-form.ts';
import { cells } from '../base/hot-layout.ts';
import type { WasmCode } from '../base/wasm-module.ts';
import type { Machine } from '../trace/machine.ts';
import { arm64InPlace } from './arch/arm64/in-place.ts';
import { riscvInPlace } from './arch/riscv/in-place.ts';
import { x86InPlace } from './arch/x86/in-place.ts';
import { hardware, leavesTruth, writeIsPlain } from './entry-forms.ts';
import { frameUnit, plainFrames } from './hardware/entry.ts';
import { STRUCT_PAGE_BYTES } from './hardware/sparse-pages.ts';
import type { InPlace } from './in-place-form.ts';
import { levelForms } from './level-forms.ts';

// Accessors that walkers call for every entry, as text that emitted code holds where C calls them: what the function does
// in the usual case, and a call of it for all others (docs/decisions/0008-accessors-in-place.md). What is the same on all
// architectures; the others are in arch/*/in-place.ts.

type Forms = Readonly<Record<string, InPlace>>;

const architectures: Readonly<Record<Machine['arch'], (machine: Machine) => Forms>> = {
  arm64: arm64InPlace,
  x86: () => x86InPlace,
  riscv: () => riscvInPlace,
};

/** All forms of a machine, by the function's name. */
export function formsInPlace(machine: Machine): ReadonlyMap<string, InPlace> {
  return new Map(
    Object.entries({
      ...reports,
      ...scopes,
      ...pageForms(machine),
      ...levelForms(machine),
      ...architectures[machine.arch](machine),
    }),
  );
}

const reports: Forms = {
  __warn_on: {
    asksTruth: true,
    print: ([truth, text], { call }) => ({ condition: `${truth} && (${call('1', text!)}, true)` }),
  },
  __bug_on: {
    asksTruth: true,
    print: ([truth, text], { call }) => ({ value: `(${truth} && ${call('1', text!)})` }),
  },
};

/** What only hot code has in place: it is told beforehand whether anybody may sleep. */
const scopes: Forms = {
  might_sleep: {
    hot: ({ code, call }) => void code.cell(cells.atomic).if(undefined, call),
  },
};

/** Pages as frames, and entries made of frames: arithmetic with numbers of the machine. */
function pageForms(machine: Machine): Forms {
  const { vmemmapStart, ramStart, ramPages } = machine.addresses;
  const frameOf = (page: string): string => `Math.floor((${page} - ${vmemmapStart}) / ${STRUCT_PAGE_BYTES})`;
  const unit = frameUnit(machine);
  /** An entry that is a plain number, else what the call makes. */
  const entryOf = (pfn: string, prot: string, call: string): string =>
    `(${pfn} >= 0 && ${pfn} < ${plainFrames(machine)} && typeof ${prot} === 'number' && ` +
    `${prot} >= 0 && ${prot} < ${unit} ? ${pfn} * ${unit} + ${prot} : ${call})`;
  /** Leaves the frame of a page. */
  const frame = (code: WasmCode, page: number): void => {
    code.get(page).i64(vmemmapStart).op('i64.sub').i64(Math.log2(STRUCT_PAGE_BYTES)).op('i64.shr_s');
  };
  /** Leaves what is written, of a page, or what the call gives of what can be none. */
  const ofPage =
    (write: (writer: HotFormWriter, page: number) => void): HotForm =>
    (writer) => {
      const [page] = writer.args;
      writeIsPlain(writer.code, page!);
      writer.code.if('i64', () => write(writer, page!), writer.call);
    };
  /** Leaves an entry of the frame and the attributes in two locals, or what the call makes. */
  const entry = ({ code, call }: HotFormWriter, pfn: number, prot: number): void => {
    code.get(pfn).i64(plainFrames(machine)).op('i64.lt_u');
    code
      .get(prot)
      .i64(~hardware(unit - 1))
      .op('i64.and', 'i64.eqz', 'i32.and');
    const pfnShift = Math.log2(unit) - DESCRIPTOR_ROTATION;
    code.if('i64', () => code.get(pfn).i64(pfnShift).op('i64.shl').get(prot).op('i64.or'), call);
  };
  return {
    page_to_pfn: {
      print: ([page]) => ({ value: frameOf(page!) }),
      hot: ofPage(({ code }, page) => frame(code, page)),
    },
    page_to_phys: {
      print: ([page]) => ({ value: `(${frameOf(page!)} * ${2 ** machine.pageShift})` }),
      hot: ofPage(({ code }, page) => {
        frame(code, page);
        code.i64(machine.pageShift).op('i64.shl');
      }),
    },
    pfn_valid: {
      print: ([pfn], { call }) => ({
        condition: `(${pfn} >= ${ramStart} && ${pfn} < ${ramStart + ramPages}) || ${call(pfn!)} !== 0`,
      }),
      hot: leavesTruth(({ code, args: [pfn], call }) => {
        code.get(pfn!).i64(ramStart).op('i64.sub').i64(ramPages).op('i64.lt_u');
        code.if('i32', () => code.i32(1), call);
      }),
    },
    pfn_pte: {
      print: ([pfn, prot], { call }) => ({ value: entryOf(pfn!, prot!, call(pfn!, prot!)) }),
      hot: (writer) => entry(writer, writer.args[0]!, writer.args[1]!),
    },
    mk_pte: {
      print: ([page, prot], { call, temporary }) => {
        const pfn = temporary();
        return { value: `(${pfn} = ${frameOf(page!)}, ${entryOf(pfn, prot!, call(page!, prot!))})` };
      },
      hot: ofPage((writer, page) => {
        const pfn = writer.code.local('i64');
        frame(writer.code, page);
        writer.code.set(pfn);
        entry(writer, pfn, writer.args[1]!);
      }),
    },
  };
}
