// SPDX-License-Identifier: GPL-2.0-only
import { boot } from '../../src/model/boot.ts';
import { modelHeaders, replacedHeaders } from '../../src/model/headers.ts';
import { formsInPlace } from '../../src/model/in-place.ts';
import { modelSymbols } from '../../src/model/symbols.ts';
import { LinkedKernel } from '../../src/run/link.ts';
import { parseProgram } from '../../src/run/program.ts';
import type { KernelFunction } from '../../src/run/runtime.ts';
import type { Machine } from '../../src/trace/machine.ts';

/** The model, and beside it C that calls it. */
export function linkModelWith(machine: Machine, text: string, entryPoints: readonly string[]): LinkedKernel {
  const face = { prelude: modelHeaders(machine), headers: new Map(Object.entries(replacedHeaders(machine))) };
  const source = { read: (path: string) => (path === 'mm/vmalloc.c' ? text : undefined) };
  return new LinkedKernel({
    machine,
    program: parseProgram(source, machine, face),
    before: undefined,
    touched: new Set(),
    mode: 'from-tree',
    inPlace: formsInPlace(machine),
    modelFunctions: new Map(Object.entries(modelSymbols(machine) as Record<string, KernelFunction>)),
    ignored: new Map(),
    entryPoints,
    bootModel: boot,
  });
}
