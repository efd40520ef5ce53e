// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../../src/base/u64.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { LinkedKernel } from '../../src/run/link.ts';
import { parseProgram } from '../../src/run/program.ts';
import { EventLog } from '../../src/trace/event-log.ts';
import type { Machine } from '../../src/trace/machine.ts';

/** C without any kernel around it, translated and linked; `entryPoints` are what tests call. */
export function linkStandalone(text: string, entryPoints: readonly string[]): LinkedKernel {
  // 64 MiB of heap would be cleared at every boot of a small program.
  const known = machineNamed('arm64-4k')!;
  const machine: Machine = { ...known, addresses: { ...known.addresses, heapSize: 8 << 20 } };
  const source = { read: (path: string) => (path === 'mm/vmalloc.c' ? text : undefined) };
  const program = parseProgram(source, machine, { prelude: '', headers: new Map() });
  const [first] = program.diagnostics;
  if (first !== undefined) throw new Error(`${first.where?.line}: ${first.message}`);
  const linked = new LinkedKernel({
    machine,
    program,
    before: undefined,
    touched: new Set(),
    mode: 'from-tree',
    inPlace: new Map(),
    modelFunctions: new Map(),
    ignored: new Map(),
    entryPoints,
    bootModel: () => undefined,
  });
  for (const [name, reason] of linked.untranslated) throw new Error(`${name}: ${reason}`);
  return linked;
}

/** Runs one function of a C text and returns its value. */
export function runTranslated(text: string, fn: string, ...args: U64[]): bigint {
  const linked = linkStandalone(text, [fn]);
  linked.boot([]);
  return BigInt(linked.call(fn, args));
}

/** The same, with all that hot code supports as hot code. */
export function runHot(text: string, fn: string): bigint {
  const linked = linkStandalone(text, [fn]);
  linked.heat();
  linked.boot(new EventLog());
  return BigInt(linked.call(fn, []));
}

/**
 * Runs functions of one C text, each on a machine that was just booted: what each returns, or why it returned nothing. All of it is
 * done twice, as JavaScript and as hot code; where these differ, both are told.
 */
export function runAllTranslated(text: string, names: readonly string[]): (bigint | string)[] {
  const linked = linkStandalone(text, names);
  const cold = resultsOf(linked, names);
  linked.heat();
  return resultsOf(linked, names).map((hot, i) => (hot === cold[i] ? hot : `${cold[i]}, as hot code ${hot}`));
}

function resultsOf(linked: LinkedKernel, names: readonly string[]): (bigint | string)[] {
  return names.map((name) => {
    linked.boot(new EventLog());
    try {
      return BigInt(linked.call(name, []));
    } catch (error) {
      return String(error);
    }
  });
}
