// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, VirtAddr } from '../base/units.ts';
import { matches } from '../model/hardware/entry.ts';
import { warnsOfWritableCode } from './entry-points.ts';
import type { Place, ProtectOperation } from './scenario.ts';
import { atPlace, type PreparedCall, type ScenarioState, type Unreachable } from './scenario-state.ts';
import type { Stage } from './stage.ts';
import { leafEntry } from './table-entry.ts';

/** What each call asks for. */
const changes = {
  set_memory_ro: 'ro',
  set_memory_rw: 'rw',
  set_memory_nx: 'nx',
  set_memory_x: 'x',
  set_memory_rox: 'rox',
} as const;

/** Other rights for a range that is mapped. */
export function prepareProtect(
  stage: Stage,
  state: ScenarioState,
  { call, at, size: numpages }: ProtectOperation,
): PreparedCall | Unreachable {
  const change = changes[call];
  const beyond = placeBeyondArea(stage, state, at, numpages);
  if (beyond !== undefined) {
    // Others go by what is mapped, and not by areas.
    if (stage.machine.arch !== 'arm64') return { notReached: 'this architecture takes any range' };
    return {
      intent: { kind: 'protect', ...beyond, change, beyond: true },
      values: { addr: beyond.addr, numpages },
    };
  }
  return atPlace(stage, state, at, numpages, (addr, size) => {
    if (!state.mapped.covers(addr, addr + size)) return { notReached: 'the range is not mapped' };
    if (isRefusedByX86(stage, change, { addr, end: addr + size }))
      return { notReached: 'this tree warns of whoever makes memory both writable and executable' };
    return { intent: { kind: 'protect', addr, size, change }, values: { addr, numpages } };
  });
}

/** Addresses of a range that begins in an area and ends behind its guard page. */
function placeBeyondArea(
  { pageSize }: Stage,
  { areas }: ScenarioState,
  { of, page }: Place,
  pages: PageCount,
): { readonly addr: VirtAddr; readonly size: ByteCount } | undefined {
  const area = of === 'window' ? undefined : areas.get(of);
  if (area === undefined || (page + pages) * pageSize <= area.size + pageSize) return undefined;
  return { addr: area.addr + page * pageSize, size: pages * pageSize };
}

/** Would some page become writable and executable, in a tree that warns of it? */
function isRefusedByX86(
  { linked, kernel, machine, pageSize }: Stage,
  change: (typeof changes)[ProtectOperation['call']],
  { addr, end }: { readonly addr: VirtAddr; readonly end: VirtAddr },
): boolean {
  if (change !== 'rw' && change !== 'x') return false;
  if (machine.arch !== 'x86' || !warnsOfWritableCode(linked.program)) return false;
  const { writable, executable } = machine.attributes;
  for (let page = addr; page < end; page += pageSize) {
    const entry = leafEntry(kernel, page);
    if (entry !== undefined && matches(entry, change === 'rw' ? executable : writable)) return true;
  }
  return false;
}
