// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import { type LeafRun, leafRuns } from './leaf-runs.ts';
import type { MachineState } from './machine-state.ts';

/** A range that one state translates and the other does not, or differently. */
export interface TranslationDifference {
  readonly addr: VirtAddr;
  /** Exclusive. */
  readonly end: VirtAddr;
  /** The runs that cover the range; they may begin before it. */
  readonly before: LeafRun | undefined;
  readonly after: LeafRun | undefined;
}

export interface StateDifference {
  /** Ascending. */
  readonly translations: readonly TranslationDifference[];
  /** Locks and scopes, as `MachineState.held()` names them, with how often they are held. */
  readonly held: readonly { readonly what: string; readonly before: number; readonly after: number }[];
  /** Allocations, tables and pages that only one of the states has: `vm_struct`, `pte table`, `2^9 pages`. */
  readonly allocations: readonly { readonly what: string; readonly before: number; readonly after: number }[];
}

/** What differs between two states of one machine: of one trace at two events, or of two traces at their ends. */
export function diffStates(before: MachineState, after: MachineState): StateDifference {
  return {
    translations: diffTranslations(everything(before), everything(after)),
    held: diffCounts(before.held(), after.held()),
    allocations: diffCounts(countAllocations(before), countAllocations(after)),
  };
}

function everything(state: MachineState): LeafRun[] {
  return leafRuns(state.tables, -Infinity, Infinity);
}

/** Walks both lists at once, from boundary to boundary. */
function diffTranslations(before: readonly LeafRun[], after: readonly LeafRun[]): TranslationDifference[] {
  const differences: TranslationDifference[] = [];
  let old = 0;
  let now = 0;
  let addr = -Infinity;
  while (old < before.length || now < after.length) {
    const here = [before[old], after[now]] as const;
    const starts = here.map((run) => (run === undefined ? Infinity : Math.max(run.addr, addr)));
    const start = Math.min(...starts);
    const covering = here.map((run) => (run !== undefined && run.addr <= start ? run : undefined));
    const limits = here.map((run, index) =>
      covering[index] === undefined ? (run?.addr ?? Infinity) : run!.end,
    );
    const end = Math.min(...limits);
    if (!sameAt(covering[0], covering[1], start)) {
      differences.push({ addr: start, end, before: covering[0], after: covering[1] });
    }
    addr = end;
    if (before[old]?.end === end) old++;
    if (after[now]?.end === end) now++;
  }
  return differences;
}

function sameAt(a: LeafRun | undefined, b: LeafRun | undefined, addr: VirtAddr): boolean {
  if (a === undefined || b === undefined) return a === b;
  const page = a.format.entrySize / a.format.entryPages;
  return (
    a.format.name === b.format.name &&
    a.attributes === b.attributes &&
    a.pfn + (addr - a.addr) / page === b.pfn + (addr - b.addr) / page
  );
}

function countAllocations(state: MachineState): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (what: string): Map<string, number> => counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const { event } of state.allocations.values()) count(event.name);
  for (const { event } of state.pages.values()) count(event.order === 0 ? 'pages' : `2^${event.order} pages`);
  return counts;
}

function diffCounts(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): { what: string; before: number; after: number }[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .map((what) => ({ what, before: before.get(what) ?? 0, after: after.get(what) ?? 0 }))
    .filter((count) => count.before !== count.after);
}
