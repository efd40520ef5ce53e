// SPDX-License-Identifier: GPL-2.0-only
import { boot } from '../model/boot.ts';
import { modelHeaders, replacedHeaders } from '../model/headers.ts';
import { ignored } from '../model/ignored.ts';
import { modelSymbols } from '../model/symbols.ts';
import type { Machine } from '../trace/machine.ts';
import { entryPointsOf } from './entry-points.ts';
import { LinkedKernel } from './link.ts';
import { parseProgram, type ModelFace, type Program } from './program.ts';
import type { KernelFunction } from './runtime.ts';

/** The relevant files of a tree: text by path. */
export type SourceText = Readonly<Record<string, string>>;

export interface TreeRequest {
  readonly machine: Machine;
  readonly source: SourceText;
  /** The same files before the series; functions that differ are patched. Absent: nothing is. */
  readonly before?: SourceText | undefined;
  readonly mode: 'patched' | 'from-tree';
}

/** Links the C of a tree over the whole model, with everything that scenarios call. */
export function linkTree({ machine, source, before, mode }: TreeRequest): LinkedKernel {
  const face: ModelFace = {
    prelude: modelHeaders(machine),
    headers: new Map(Object.entries(replacedHeaders(machine))),
  };
  const program = parse(source, machine, face);
  const modelFunctions = new Map(Object.entries(modelSymbols(machine) as Record<string, KernelFunction>));
  return new LinkedKernel({
    machine,
    program,
    before: before === undefined ? undefined : parse(before, machine, face),
    mode,
    modelFunctions,
    ignored: new Map(Object.entries(ignored).map(([name, { reason }]) => [name, reason])),
    entryPoints: entryPointsOf(program, modelFunctions),
    bootModel: boot,
  });
}

function parse(source: SourceText, machine: Machine, face: ModelFace): Program {
  return parseProgram({ read: (path) => source[path] }, machine, face);
}
