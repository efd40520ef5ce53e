// SPDX-License-Identifier: GPL-2.0-only
import { areaAlign } from '../../../src/invariants/area/align.ts';
import { arm64, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { MIB2, PAGE, traceOn } from '../trace-on.ts';

judgeFixtures(areaAlign, {
  good_device_area_at_its_size: () => traceOn(arm64).area(VMALLOC + MIB2, MIB2 + PAGE, 'VM_IOREMAP'),
  good_memory_at_any_page: () => traceOn(arm64).area(VMALLOC + 5 * PAGE, MIB2 + PAGE, 'VM_ALLOC'),
  bad_device_area_at_a_page: [
    ['VM_IOREMAP'],
    () => traceOn(arm64).area(VMALLOC + 16 * PAGE, MIB2 + PAGE, 'VM_IOREMAP'),
  ],
});
