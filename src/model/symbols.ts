// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import { arm64Modules, type Arm64Symbols } from './arch/arm64/functions.ts';
import { riscvModules, type RiscvSymbols } from './arch/riscv/functions.ts';
import { x86Modules, type X86Symbols } from './arch/x86/functions.ts';
import { genericModules, type GenericSymbols } from './functions.ts';
import * as vmallocHeader from './include/linux/vmalloc.functions.ts';
import { vmallocModules, type VmallocSymbols } from './mm/vmalloc-modules.ts';

/** Every function that the model implements, by file. The one list that the linker reads. */
export type ModelSymbols = GenericSymbols &
  typeof vmallocHeader &
  VmallocSymbols &
  Arm64Symbols &
  Omit<X86Symbols, keyof Arm64Symbols> &
  Omit<RiscvSymbols, keyof Arm64Symbols | keyof X86Symbols>;

type ModelFunction = (...args: never[]) => unknown;

const architectures: Readonly<Record<Machine['arch'], readonly object[]>> = {
  arm64: arm64Modules,
  x86: x86Modules,
  riscv: riscvModules,
};

/** The functions of one machine by name; what its architecture has goes before what is generic. */
export function modelSymbols(machine: Machine): Record<string, ModelFunction> {
  const modules = [...genericModules, ...vmallocModules, vmallocHeader, ...architectures[machine.arch]];
  return Object.assign({}, ...modules) as Record<string, ModelFunction>;
}
