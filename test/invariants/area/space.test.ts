// SPDX-License-Identifier: GPL-2.0-only
import { areaSpace } from '../../../src/invariants/area/space.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { mapIntent, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x50000;
/** So much that the rest of vmalloc space may well be full. */
const MUCH = 2 ** 40;

/** A large area, then one of four pages with its guard page, given back and flushed. */
function fourGivenBack(): TraceBuilder {
  const end = VMALLOC + 4 * PAGE;
  return traceOn(arm64)
    .op('get_vm_area', { kind: 'other' })
    .returns({ addr: VMALLOC + 5 * PAGE })
    .area(VMALLOC + 5 * PAGE, MUCH)
    .op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count: 4 }] }))
    .map('pte', VMALLOC, PFN, { count: 4 })
    .cacheVmap(VMALLOC, end)
    .returns({ addr: VMALLOC })
    .area(VMALLOC, 5 * PAGE, 'VM_MAP')
    .op('vunmap', { kind: 'unmap', addr: VMALLOC, size: 4 * PAGE })
    .cacheVunmap(VMALLOC, end)
    .clear('pte', VMALLOC, 4)
    .tlbAll()
    .returns();
}

function failing(builder: TraceBuilder, count: number): TraceBuilder {
  return builder.op('vmap', mapIntent(arm64, { pages: [{ pfn: PFN, count }] })).returns({ error: 12 });
}

/** Takes a page in a range of so many, beside no other area. */
function inRange(pages: number): TraceBuilder {
  const to = VMALLOC + pages * PAGE;
  const asked = { bytes: PAGE, flagNames: [], from: VMALLOC, to };
  return traceOn(arm64).op('__get_vm_area_caller', { kind: 'take', size: PAGE, asked });
}

/** All is taken, and another task could give four pages back with a page behind them. */
function toSpare(): TraceBuilder {
  return traceOn(arm64)
    .op('get_vm_area', { kind: 'other' })
    .returns({ addr: VMALLOC + 5 * PAGE })
    .area(VMALLOC + 5 * PAGE, MUCH)
    .op('get_vm_area', { kind: 'other' })
    .returns({ addr: VMALLOC })
    .area(VMALLOC, 5 * PAGE)
    .event({
      kind: 'operation',
      operation: 2,
      cpu: 0,
      name: 'get_vm_area',
      offer: VMALLOC,
      intent: { kind: 'take', size: 4 * PAGE, asked: { bytes: 4 * PAGE, flagNames: [] } },
    });
}

const failed = { kind: 'return', operation: 2, value: 0, error: 12 } as const;

judgeFixtures(areaSpace, {
  bad_nobody_asked: [['not-found'], () => toSpare().event(failed)],
  bad_not_used_when_given_back: [
    ['not-found'],
    () => toSpare().event({ kind: 'given-back', addr: VMALLOC }, failed),
  ],
  good_more_than_was_given_back: () => failing(fourGivenBack(), 5),
  good_something_else_lies_there: () => {
    const taken = fourGivenBack()
      .op('get_vm_area', { kind: 'other' })
      .returns({ addr: VMALLOC })
      .area(VMALLOC, 2 * PAGE);
    return failing(taken, 2);
  },
  good_range_without_its_guard_page: () => inRange(1).returns({ error: 12 }),
  bad_exact_range_turned_down: [['not-found'], () => inRange(2).returns({ error: 12 })],
  bad_as_much_as_was_given_back: [['not-found'], () => failing(fourGivenBack(), 4)],
});
