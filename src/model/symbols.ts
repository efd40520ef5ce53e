// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';
import { arm64Functions } from './arch/arm64/functions.ts';
import { x86Functions } from './arch/x86/functions.ts';
import { genericFunctions } from './functions.ts';
import * as vmallocHeader from './include/linux/vmalloc.functions.ts';
import { vmallocModules, type VmallocSymbols } from './mm/vmalloc-modules.ts';

/** Every function that the model implements, by file. The one list that the linker reads. */
export type ModelSymbols = typeof genericFunctions &
  typeof vmallocHeader &
  VmallocSymbols &
  typeof arm64Functions &
  Omit<typeof x86Functions, keyof typeof arm64Functions>;

type ModelFunction = (...args: never[]) => unknown;

const architectures: Readonly<Record<Machine['arch'], object>> = {
  arm64: arm64Functions,
  x86: x86Functions,
  riscv: {},
};

/** The functions of one machine by name; what its architecture has goes before what is generic. */
export function modelSymbols(machine: Machine): Record<string, ModelFunction> {
  return Object.assign(
    {},
    genericFunctions,
    ...vmallocModules,
    vmallocHeader,
    architectures[machine.arch],
  ) as Record<string, ModelFunction>;
}
