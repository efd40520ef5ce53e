// SPDX-License-Identifier: GPL-2.0-only
import { areaDisjoint } from '../../../src/invariants/area/disjoint.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { PAGE, traceOn } from '../trace-on.ts';

const first = VMALLOC;
const second = VMALLOC + 3 * PAGE;

judgeFixtures(areaDisjoint, {
  good_one_behind_the_other: () =>
    traceOn(arm64)
      .area(first, 3 * PAGE, 'VM_ALLOC')
      .area(second, 2 * PAGE, 'VM_ALLOC'),
  good_place_taken_again: () =>
    traceOn(arm64)
      .area(first, 3 * PAGE, 'VM_ALLOC')
      .op('vfree', { kind: 'unmap', addr: first, size: 2 * PAGE })
      .returns()
      .area(first, 2 * PAGE, 'VM_MAP'),
  bad_next_area_in_the_guard_page: [
    ['overlap'],
    () =>
      traceOn(arm64)
        .area(first, 3 * PAGE, 'VM_ALLOC')
        .area(second - PAGE, 2 * PAGE, 'VM_ALLOC'),
  ],
  bad_guard_page_mapped: [
    ['guard'],
    () =>
      traceOn(arm64)
        .op('other', { kind: 'other' })
        .map('pte', first + PAGE, 0x50000)
        .returns()
        .area(first, 2 * PAGE, 'VM_ALLOC'),
  ],
  bad_behind_the_end_of_vmalloc_space: [
    ['outside'],
    () => traceOn(arm64).area(arm64.addresses.vmallocEnd - PAGE, 2 * PAGE, 'VM_ALLOC'),
  ],
});
