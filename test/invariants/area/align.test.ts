// SPDX-License-Identifier: GPL-2.0-only
import { areaAlign } from '../../../src/invariants/area/align.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { KIB64, MIB2, PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

/** Device areas, each `step` behind the last. */
const row = (step: number, size: number): TraceBuilder =>
  [1, 2, 3, 4].reduce(
    (builder, i) => builder.area(VMALLOC + i * step, size + PAGE, 'VM_IOREMAP'),
    traceOn(arm64),
  );

judgeFixtures(areaAlign, {
  good_device_area_at_its_size: () => traceOn(arm64).area(VMALLOC + MIB2, MIB2 + PAGE, 'VM_IOREMAP'),
  good_memory_at_any_page: () => traceOn(arm64).area(VMALLOC + 5 * PAGE, MIB2 + PAGE, 'VM_ALLOC'),
  good_device_areas_side_by_side: () => row(4 * KIB64, 3 * KIB64),
  bad_device_areas_aligned_too_far: [['too-far'], () => row(16 * KIB64, 5 * KIB64)],
  bad_device_area_at_the_largest_leaf_alone: [
    ['no-leaf-lost'],
    () => traceOn(arm64).area(VMALLOC + MIB2, MIB2 + 2 * PAGE, 'VM_IOREMAP'),
  ],
  bad_device_area_at_a_page: [
    ['VM_IOREMAP'],
    () => traceOn(arm64).area(VMALLOC + 16 * PAGE, MIB2 + PAGE, 'VM_IOREMAP'),
  ],
});
