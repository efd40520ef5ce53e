// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, VirtAddr } from '../base/units.ts';
import { pageSupply } from '../model/mm/page-supply.ts';
import type { AreaEvent, Intent } from '../trace/events.ts';
import { wrongContents } from './marked-memory.ts';
import type { AreaKind, OwnArea, ScenarioState } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** An area that a call has made. */
interface MadeArea {
  readonly operation: number;
  readonly addr: VirtAddr;
  readonly kind: AreaKind;
  readonly intent: Intent;
  /** The address that its maker was given lies so many bytes behind the start. */
  readonly offset: ByteCount;
  /** The area that it was before its size changed. */
  readonly old: OwnArea | undefined;
}

/** What the scenario knows of an area from now on; what has no vm_struct is as large as was asked for. */
export function noteArea(stage: Stage, state: ScenarioState, made: MadeArea): void {
  const { operation, addr, kind, intent, offset } = made;
  const found = stage.findArea(addr);
  if (found === undefined) {
    if ('size' in intent) state.areas.set(operation, { kind, addr, size: intent.size });
    return;
  }
  // A guard page lies behind every area that scenarios make.
  const { vm, pages, ...area } = found;
  const flagNames = stage.flagNames(area.flags);
  // Whoever takes an area of vmalloc()'s own kind has to tell it the pages that are mapped there.
  const tellsPages = kind === 'taken' && flagNames.includes('VM_ALLOC');
  const size = area.size - stage.pageSize;
  const asked = intent.kind === 'resize' ? { asked: intent.size } : {};
  state.areas.set(operation, { kind, addr, size, offset, ...asked, ...(tellsPages && { vm }) });
  // Pages that a caller brings are the area's own only if the caller says so.
  const isWithout = kind === 'taken' || (kind === 'mapped' && !flagNames.includes('VM_MAP_PUT_PAGES'));
  const stray = isWithout && pages > 0 ? { strayPages: pages } : {};
  stage.linked.emit({ kind: 'area', ...area, flagNames, ...stray, ...whatIsWrong(stage, made, size) });
}

function whatIsWrong(
  stage: Stage,
  { addr, intent, old }: MadeArea,
  size: number,
): Pick<AreaEvent, 'lastPageLost' | 'notZero' | 'contentsLost'> {
  if (intent.kind === 'take' && size > 2 * stage.pageSize) {
    // Until 2.6.28 an area was found by its first page alone.
    const [second, last] = [stage.pageSize, size - stage.pageSize].map(
      (at) => stage.findArea(addr + at)?.addr,
    );
    return second === addr && last !== addr ? { lastPageLost: true } : {};
  }
  if (intent.kind === 'resize') {
    return old === undefined
      ? {}
      : wrongContents(stage, {
          old,
          addr,
          size: intent.size / stage.pageSize,
          zeroed: intent.zeroed === true,
        });
  }
  if (intent.kind !== 'map' || intent.asked?.zeroed !== true) return {};
  return holdsZeroes(stage, addr, addr + intent.size) ? {} : { notZero: true };
}

const WORD = 8;

/** Pages whose allocator was not asked for zeroes have something at both ends while `usedMemory()` holds. */
function holdsZeroes({ kernel: k, pageSize }: Stage, addr: VirtAddr, end: VirtAddr): boolean {
  for (let page = addr; page < end; page += pageSize) {
    const phys = k.mem.translate(page, 'read');
    if (phys === undefined) continue;
    const at = k.machine.addresses.pageOffset + phys;
    if (k.mem.ld64(at) !== 0 || k.mem.ld64(at + pageSize - WORD) !== 0) return false;
  }
  return true;
}

/** While a call that wants zeroes is made, the page allocator gives out what others have used. */
export function usedMemory({ kernel }: Stage, intent: Intent): void {
  const zeroed = intent.kind === 'map' ? intent.asked?.zeroed : intent.kind === 'resize' && intent.zeroed;
  kernel.state(pageSupply).used = zeroed === true;
}
