// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { AskedOfArea } from '../../trace/asked-of-area.ts';
import type { AreaEvent } from '../../trace/events.ts';
import { sizeText } from '../../trace/size-text.ts';
import type { Invariant } from '../invariant.ts';
import { quoteRange } from '../quoting.ts';

export const areaRecord: Invariant = {
  id: 'area/record',
  title: 'areas are what was asked for',
  promise:
    'An area lies in the range and at the alignment that its caller asked for, bears the flags, goes without a guard page only if it shall, names the size, the caller and no pages that are not its own, and is found by each of its pages.',
  source:
    'mm/vmalloc.c, __get_vm_area_node() and __vmalloc_node_range(); struct vm_struct; /proc/vmallocinfo and vrealloc() read what stands there.',
  why: 'Code that comes later goes by the record: vrealloc() copies as many bytes as it names, user space is shown what is marked for it, a driver reaches only the range that it asked for.',
  example: 'The range that the caller names is replaced by all of vmalloc space on the way down.',
  limits:
    'Other flags beyond those asked for are not looked at, and the size only where the tree notes it. Who asked is known of calls that are told.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    area: (event, n) => {
      const { returned } = run;
      if (returned === undefined) return;
      const { intent } = returned;
      const asked: Partial<AskedOfArea> | undefined =
        intent.kind === 'resize'
          ? { bytes: intent.bytes ?? intent.size }
          : 'asked' in intent
            ? intent.asked
            : undefined;
      if (asked === undefined) return;
      verdict.exercise();
      for (const [key, expected, seen] of differences(event, asked)) {
        verdict.violate({ key, event: n, related: [returned.n], addr: event.addr, expected, seen });
      }
    },
  }),
};

type Difference = readonly [key: string, expected: string, seen: string];

function differences(area: AreaEvent, asked: Partial<AskedOfArea>): readonly Difference[] {
  return [...placeOf(area, asked), ...recordOf(area, asked)];
}

function placeOf(area: AreaEvent, { from, to, alignShift }: Partial<AskedOfArea>): readonly Difference[] {
  const found: Difference[] = [];
  const end = area.addr + area.size;
  if (area.addr < (from ?? area.addr) || end > (to ?? end)) {
    found.push(['range', quoteRange(from ?? area.addr, to ?? end), quoteRange(area.addr, end)]);
  }
  if (alignShift !== undefined && area.addr % 2 ** alignShift !== 0) {
    found.push(['alignment', `a multiple of ${sizeText(2 ** alignShift)}`, hex(area.addr)]);
  }
  if (area.displaced === true)
    found.push(['distance', 'areas at the distances that were asked for', hex(area.addr)]);
  if (area.lastPageLost === true)
    found.push(['lost', 'the area found by its last page', 'another one, or none']);
  return found;
}

/** vmap() takes the guard page whatever its caller says; nobody goes without who has not asked to. */
const NO_GUARD = 'VM_NO_GUARD';

function recordOf(
  area: AreaEvent,
  { bytes, flagNames, caller }: Partial<AskedOfArea>,
): readonly Difference[] {
  const found: Difference[] = [];
  const { requestedSize = bytes } = area;
  if (requestedSize !== bytes) {
    found.push(['size', `a requested size of ${bytes} bytes`, `${requestedSize} bytes`]);
  }
  if (area.strayPages !== undefined) {
    found.push(['pages', 'no pages of its own', `${area.strayPages} in the area's record`]);
  }
  const missing = (flagNames ?? []).filter((name) => name !== NO_GUARD && !area.flagNames.includes(name));
  if (missing.length > 0) found.push(['flags', missing.join('|'), area.flagNames.join('|')]);
  if (area.flagNames.includes(NO_GUARD) && flagNames?.includes(NO_GUARD) === false)
    found.push(['guard', 'a guard page', `${NO_GUARD}, which nobody asked for`]);
  if (caller !== undefined && area.caller !== caller) {
    found.push(['caller', `the caller, ${hex(caller)}`, hex(area.caller ?? 0)]);
  }
  return found;
}
