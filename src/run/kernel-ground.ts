// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../base/units.ts';
import type { Machine } from '../trace/machine.ts';
import { typeText, UNKNOWN, type FunctionType } from '../translate/c-type.ts';
import type { CModule } from './c-module.ts';
import type { Program } from './program.ts';
import type { StaticStorage } from './static-storage.ts';
import { structLayouts } from './struct-layouts.ts';

/** What every run of a kernel depends on. */
export interface GroundedKernel {
  readonly machine: Machine;
  readonly program: Program;
  /** The initial values of each file's variables. */
  readonly initialisers: readonly CModule[];
  readonly storage: StaticStorage;
  readonly heapStart: Ptr;
  readonly entryPoints: readonly string[];
  /** The model has a variable of that name. */
  isModels(variable: string): boolean;
  prototypeOf(name: string): FunctionType | undefined;
}

/** What the model reads of a kernel without calling any of its functions, and where the heap begins. */
export function groundOf({ machine, program, storage, heapStart, ...kernel }: GroundedKernel): string {
  return JSON.stringify([
    machine,
    structLayouts(program),
    kernel.initialisers.map(({ unit, emitted }) =>
      storage.initialValues(
        unit,
        [...emitted.statics].filter(([, variable]) => kernel.isModels(variable.name)),
      ),
    ),
    heapStart,
    kernel.entryPoints.map((name) => typeText(kernel.prototypeOf(name) ?? UNKNOWN, name)),
  ]);
}

/**
 * A module does the same as another when it is the same text about the same addresses, initial values and strings. Where
 * a string lies is not C's to know.
 */
export function describeModule(
  { unit, emitted, allocates }: CModule,
  storage: StaticStorage,
  functionAddress: (name: string) => Ptr,
): string {
  const pointers = emitted.pointers.map(functionAddress);
  const values = storage.initialValues(unit, emitted.statics);
  return `${pointers.join()} ${values} ${JSON.stringify([emitted.strings, ...allocates])}`;
}
