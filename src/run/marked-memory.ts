// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr, VirtAddr } from '../base/units.ts';
import type { AreaEvent } from '../trace/events.ts';
import type { OwnArea } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** What the owner of memory has written to the first word of each page, by the number of the page. */
const MARK = 0x5eed0000;

/** The owner writes something to each page. */
export function markMemory(stage: Stage, area: OwnArea): void {
  for (let page = 0; page < pagesOf(stage, area); page++) {
    const at = linearAddress(stage, area.addr + page * stage.pageSize);
    if (at !== undefined) stage.kernel.mem.st64(at, MARK + page);
  }
}

/** More would take long, and show nothing else. */
const MOST_MARKED = 64;

/** Pages that are the owner's to write to: what it gave up when the area shrank is not. */
function pagesOf({ pageSize }: Stage, { size, asked = size }: OwnArea): number {
  return Math.min(asked / pageSize, MOST_MARKED);
}

function linearAddress({ kernel, machine }: Stage, addr: VirtAddr): Ptr | undefined {
  const phys = kernel.mem.translate(addr, 'read');
  return phys === undefined ? undefined : machine.addresses.pageOffset + phys;
}

interface Resized {
  readonly old: OwnArea;
  readonly addr: VirtAddr;
  /** In pages. */
  readonly size: number;
  /** The caller wants zeroes in all that is new, and in what it gave up. */
  readonly zeroed: boolean;
}

/** What memory that was marked holds once it has another size. */
export function wrongContents(
  stage: Stage,
  { old, addr, size, zeroed }: Resized,
): Pick<AreaEvent, 'contentsLost' | 'notZero'> {
  const before = pagesOf(stage, old);
  const kept = Math.min(before, size);
  let contentsLost = false;
  let notZero = false;
  for (let page = 0; page < Math.min(Math.max(before, size), MOST_MARKED); page++) {
    const at = linearAddress(stage, addr + page * stage.pageSize);
    if (at === undefined) continue;
    const word = stage.kernel.mem.ld64(at);
    if (page < kept) contentsLost ||= word !== MARK + page;
    else notZero ||= zeroed && word !== 0;
  }
  return { ...(contentsLost && { contentsLost }), ...(notZero && { notZero }) };
}
