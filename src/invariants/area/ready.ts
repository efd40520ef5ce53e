// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { Invariant } from '../invariant.ts';

export const areaReady: Invariant = {
  id: 'area/ready',
  title: 'areas are marked as ready',
  promise: 'What vmalloc() and its relatives hand out does not bear VM_UNINITIALIZED any more.',
  source:
    'mm/vmalloc.c: the flag is set while pages are allocated and mapped, and taken away before the area is handed out.',
  why: 'Those who look at areas of others (/proc/vmallocinfo, vread_iter()) pass over such an area for good: crash dumps lack it.',
  example: 'The line that clears the flag is lost when the function is cut in two.',
  limits: 'Areas are seen when the call that made them has returned.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    area: (event, n) => {
      if (!event.flagNames.includes('VM_ALLOC')) return;
      verdict.exercise();
      if (!event.flagNames.includes('VM_UNINITIALIZED')) return;
      verdict.violate({
        key: 'uninitialised',
        event: n,
        related: run.returned === undefined ? [] : [run.returned.n],
        addr: event.addr,
        expected: `no VM_UNINITIALIZED at ${hex(event.addr)}`,
        seen: event.flagNames.join('|'),
      });
    },
  }),
};
