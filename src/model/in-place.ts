// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import { arm64InPlace } from './arch/arm64/in-place.ts';
import { riscvInPlace } from './arch/riscv/in-place.ts';
import { x86InPlace } from './arch/x86/in-place.ts';
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

/** Pages as frames, and entries made of frames: arithmetic with numbers of the machine. */
function pageForms(machine: Machine): Forms {
  const { vmemmapStart, ramStart, ramPages } = machine.addresses;
  const frameOf = (page: string): string => `Math.floor((${page} - ${vmemmapStart}) / ${STRUCT_PAGE_BYTES})`;
  const unit = frameUnit(machine);
  /** An entry that is a plain number, else what the call makes. */
  const entryOf = (pfn: string, prot: string, call: string): string =>
    `(${pfn} >= 0 && ${pfn} < ${plainFrames(machine)} && typeof ${prot} === 'number' && ` +
    `${prot} >= 0 && ${prot} < ${unit} ? ${pfn} * ${unit} + ${prot} : ${call})`;
  return {
    page_to_pfn: { print: ([page]) => ({ value: frameOf(page!) }) },
    page_to_phys: { print: ([page]) => ({ value: `(${frameOf(page!)} * ${2 ** machine.pageShift})` }) },
    pfn_valid: {
      print: ([pfn], { call }) => ({
        condition: `(${pfn} >= ${ramStart} && ${pfn} < ${ramStart + ramPages}) || ${call(pfn!)} !== 0`,
      }),
    },
    pfn_pte: {
      print: ([pfn, prot], { call }) => ({ value: entryOf(pfn!, prot!, call(pfn!, prot!)) }),
    },
    mk_pte: {
      print: ([page, prot], { call, temporary }) => {
        const pfn = temporary();
        return { value: `(${pfn} = ${frameOf(page!)}, ${entryOf(pfn, prot!, call(page!, prot!))})` };
      },
    },
  };
}
