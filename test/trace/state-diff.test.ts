// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import type { TraceEvent } from '../../src/trace/events.ts';
import { MachineState } from '../../src/trace/machine-state.ts';
import { diffStates } from '../../src/trace/state-diff.ts';
import { PAGE, traceOn, type TraceBuilder } from '../invariants/trace-on.ts';
import { arm64, VMALLOC } from './small-machines.ts';

const PFN = 0x50000;
const lock: TraceEvent = { kind: 'lock', change: 'acquire', lock: -8192, name: 'init_mm.page_table_lock' };

function stateOf(builder: TraceBuilder): MachineState {
  const state = new MachineState(builder.machine);
  for (const [n, event] of builder.events.entries()) state.step(event, n);
  return state;
}

it('finds nothing between equal states, however they came about', () => {
  const straight = traceOn(arm64).map('pte', VMALLOC, PFN, { count: 4 });
  const detour = traceOn(arm64)
    .map('pte', VMALLOC + PAGE, PFN + 1, { count: 4 })
    .clear('pte', VMALLOC + 4 * PAGE)
    .map('pte', VMALLOC, PFN);
  expect(diffStates(stateOf(straight), stateOf(detour))).toEqual({
    translations: [],
    held: [],
    allocations: [],
  });
});

it('tells ranges, locks and allocations that differ', () => {
  const before = traceOn(arm64).map('pte', VMALLOC, PFN, { count: 4 });
  const after = traceOn(arm64)
    .map('pte', VMALLOC, PFN, { count: 2 })
    .map('pte', VMALLOC + 2 * PAGE, 0x60000, { count: 3 })
    .event(lock, { kind: 'page', change: 'alloc', pfn: PFN, order: 9 });
  const { translations, held, allocations } = diffStates(stateOf(before), stateOf(after));
  expect(
    translations.map(({ addr, end, before: old, after: now }) => [
      addr - VMALLOC,
      end - VMALLOC,
      old?.pfn,
      now?.pfn,
    ]),
  ).toEqual([
    [2 * PAGE, 4 * PAGE, PFN, 0x60000],
    [4 * PAGE, 5 * PAGE, undefined, 0x60000],
  ]);
  expect(held).toEqual([{ what: 'lock init_mm.page_table_lock', before: 0, after: 1 }]);
  expect(allocations).toEqual([{ what: '2^9 pages', before: 0, after: 1 }]);
});
