// SPDX-License-Identifier: GPL-2.0-only
import { boot } from '../model/boot.ts';
import { modelHeaders, replacedHeaders } from '../model/headers.ts';
import { ignored } from '../model/ignored.ts';
import { formsInPlace } from '../model/in-place.ts';
import { NotModelled } from '../model/kernel.ts';
import { modelSymbols } from '../model/symbols.ts';
import type { Machine } from '../trace/machine.ts';
import { bootCallsOf, earlyInitcallsOf, entryPointsOf } from './entry-points.ts';
import { LinkedKernel } from './link.ts';
import { parseProgram, type ModelFace, type Program } from './program.ts';
import type { KernelFunction } from './runtime.ts';
import { elsewhereIn, OPTIONS_HEADER, sourceFiles, treeHeaders, type ChangedHeader } from './source.ts';
import { casesOf } from './test-cases.ts';
import { machineForTree } from './tree-config.ts';

/** The relevant files of a tree: text by path. */
export type SourceText = Readonly<Record<string, string>>;

export interface TreeRequest {
  readonly machine: Machine;
  readonly source: SourceText;
  /** The same files before the series; functions that differ are patched. Absent: nothing is. */
  readonly before?: SourceText | undefined;
  /** Functions that the series changes anywhere: bound to C where the tree has them. */
  readonly touched?: readonly string[] | undefined;
  /** Headers that the series changes, of those that are run where they are. */
  readonly changed?: readonly ChangedHeader[] | undefined;
  readonly mode: 'patched' | 'from-tree';
  /** What will be called of all that scenarios can call; absent for anything. */
  readonly calls?: ReadonlySet<string>;
  /** Functions that are called beside what scenarios call. */
  readonly alsoCalled?: readonly string[];
  /** Test modules to link beside the files that are always run; their cases can be called. */
  readonly modules?: readonly string[];
  /** Puts something between callers and the model's functions. */
  readonly watch?: (functions: ReadonlyMap<string, KernelFunction>) => ReadonlyMap<string, KernelFunction>;
}

/** Links the C of a tree over the whole model, with everything that scenarios call. */
export function linkTree({
  machine: asRecorded,
  source,
  before,
  touched,
  changed = [],
  mode,
  calls,
  alsoCalled = [],
  modules = [],
  watch,
}: TreeRequest): LinkedKernel {
  const machine = machineForTree(asRecorded, (path) => source[path]);
  const program = parse(source, machine, modules, changed);
  const own = new Map(Object.entries(modelSymbols(machine) as Record<string, KernelFunction>));
  const programBefore = (): Program | undefined => {
    if (before === undefined) return undefined;
    return sameText(before, source) ? program : parseBefore(before, machine, modules, changed);
  };
  const modelFunctions = watch?.(own) ?? own;
  const bootCalls = bootCallsOf(program);
  const initcalls = earlyInitcallsOf(program);
  const linked: LinkedKernel = new LinkedKernel({
    machine,
    program,
    before: programBefore(),
    touched: new Set(touched),
    mode,
    modelFunctions,
    // Who watches calls wants to see them.
    inPlace: watch === undefined ? formsInPlace(machine) : new Map(),
    ignored: new Map(Object.entries(ignored).map(([name, { reason }]) => [name, reason])),
    entryPoints: [
      ...entryPointsOf(program, modelFunctions, calls),
      ...alsoCalled,
      ...casesOf(program, modules),
    ],
    bootModel: (k) => {
      boot(k);
      for (const name of bootCalls) linked.call(name, []);
      for (const name of initcalls) callIfModelled(linked, name);
    },
  });
  return linked;
}

/** An initcall may set up what nobody here asks for: then it counts as one that boot has not reached. */
function callIfModelled(linked: LinkedKernel, name: string): void {
  try {
    linked.call(name, []);
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error;
  }
}

function sameText(one: SourceText, other: SourceText): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function parse(
  source: SourceText,
  machine: Machine,
  modules: readonly string[],
  changed: readonly ChangedHeader[],
): Program {
  const face: ModelFace = {
    prelude: modelHeaders(machine),
    headers: new Map(Object.entries(replacedHeaders(machine))),
  };
  const supplied = new Set([...treeHeaders(machine).values(), OPTIONS_HEADER]);
  const headers = Object.keys(source).filter((path) => path.endsWith('.h') && !supplied.has(path));
  const elsewhere = elsewhereIn(source);
  const known = new Set([...sourceFiles(machine), ...modules, ...elsewhere.map(({ path }) => path)]);
  const created = Object.keys(source).filter((path) => path.endsWith('.c') && !known.has(path));
  const read = (path: string): string | undefined => source[path];
  const request = { read, headers, changedHeaders: changed, elsewhere };
  return parseProgram(request, machine, face, [...created, ...modules]);
}

/** The tree that a series starts from, as it was parsed last for a machine: all its states are compared with the same one. */
const parsedBefore = new Map<string, { readonly key: string; readonly program: Program }>();

function parseBefore(
  before: SourceText,
  machine: Machine,
  modules: readonly string[],
  changed: readonly ChangedHeader[],
): Program {
  const key = JSON.stringify([machine.config, modules, changed, before]);
  const known = parsedBefore.get(machine.name);
  if (known?.key === key) return known.program;
  const parsed = parse(before, machine, modules, changed);
  parsedBefore.set(machine.name, { key, program: parsed });
  return parsed;
}
