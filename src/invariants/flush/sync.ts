// SPDX-License-Identifier: GPL-2.0-only
import { errorText } from '../../trace/error-names.ts';
import { AddressRanges } from '../../trace/address-ranges.ts';
import { levelNames } from '../../trace/level-names.ts';
import type { LevelName, Machine } from '../../trace/machine.ts';
import type { Invariant } from '../invariant.ts';
import { quoteRange } from '../quoting.ts';

export const flushSync: Invariant = {
  id: 'flush/sync',
  title: 'changed levels are synced',
  promise:
    'Every change of a table level that a machine must copy to other page tables is passed to arch_sync_kernel_mappings() before the call returns, on error paths too.',
  source:
    'The comment at arch_sync_kernel_mappings(); upstream "mm: don\'t skip arch_sync_kernel_mappings() in error paths".',
  why: 'Other processes keep page tables without the new entry, and fault on the first access to a mapping that exists.',
  example: 'An early return on -ENOMEM skips the sync of tables that were already linked.',
  limits: 'Only machines with a sync mask, and only vmalloc space.',
  severity: 'bug',
  appliesTo: (machine) => machine.syncMask !== 0,
  begin: (run, verdict) => {
    const synced = levelsToSync(run.machine);
    const pending = new AddressRanges();
    let first: number | undefined;
    return {
      operation: () => {
        pending.clear();
        first = undefined;
      },
      'table-write': (event, n) => {
        if (run.operation === undefined || event.addr === undefined || !synced.has(event.level)) return;
        if (!run.inVmallocSpace(event.addr) && !coversVmallocStart(run.machine, event.addr, event.level))
          return;
        pending.add(event.addr, event.addr + run.state.tables.format.level(event.level).entrySize);
        first ??= n;
      },
      sync: (event) => {
        // The range that is passed lies inside of what the entries cover: an entry is synced by any address of it.
        for (;;) {
          const overlap = pending.firstOverlap(event.start, event.end);
          if (overlap === undefined) return;
          pending.remove(overlap.start, overlap.end);
        }
      },
      return: (event, n) => {
        const kind = run.operation?.intent.kind;
        if (first === undefined || (kind !== 'map' && kind !== 'unmap')) return;
        verdict.exercise();
        const [left] = pending;
        if (left === undefined) return;
        verdict.violate({
          key: event.error === 0 ? 'missing' : 'missing-on-error',
          event: n,
          related: [first],
          addr: left.start,
          expected: `arch_sync_kernel_mappings() for ${quoteRange(left.start, left.end)}`,
          seen: `return of ${event.error === 0 ? 'success' : errorText(event.error)} without it`,
        });
      },
    };
  },
};

/** The hardware levels that the mask means: a folded level's entries are those of the level above. */
function levelsToSync(machine: Machine): Set<LevelName> {
  const existing = new Set(machine.levels.map(({ name }) => name));
  const synced = new Set<LevelName>();
  let hardware: LevelName | undefined;
  for (const [bit, level] of levelNames.entries()) {
    if (existing.has(level)) hardware = level;
    if ((machine.syncMask & (1 << bit)) !== 0 && hardware !== undefined) synced.add(hardware);
  }
  return synced;
}

/** A root entry may begin before vmalloc space does. */
function coversVmallocStart(machine: Machine, addr: number, level: LevelName): boolean {
  const { vmallocStart } = machine.addresses;
  const shift = machine.levels.find(({ name }) => name === level)?.shift ?? 0;
  return addr <= vmallocStart && addr + 2 ** shift > vmallocStart;
}
