// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { Descriptor } from '../base/descriptor.ts';
import type { ByteCount, PageCount, Pfn, Ptr, Shift, VirtAddr } from '../base/units.ts';
import type { Intent } from '../trace/events.ts';
import type { FrameSource } from './frames.ts';
import type { Arguments } from './kernel-call.ts';
import type { MappedRanges } from './mapped-ranges.ts';
import type { Place } from './scenario.ts';
import type { ObjectsSetAside } from './set-aside.ts';
import type { Stage } from './stage.ts';

/** An operation ready to be called. */
export interface PreparedCall {
  readonly intent: Intent;
  readonly values: Arguments;
  /** The call chooses an address, which its return event shall tell. */
  readonly choosesAddress?: boolean;
  /** The address that the call returns lies so many bytes behind what it chose. */
  readonly offset?: ByteCount;
  /** The call makes an area of that kind, which is looked up afterwards. */
  readonly makesArea?: AreaKind;
  /** For calls that map: the largest leaf that the callee may use, in bytes. */
  readonly mapsBy?: ByteCount;
  /** NULL is what it returns when all is well. */
  readonly expectsNull?: true;
  /** The area that the call gives another size. */
  readonly old?: OwnArea;
  /** The call unmaps what its intent names. */
  readonly unmaps?: boolean;
  /** The call returns a page, or the number of its frame. */
  readonly returns?: 'page' | 'frame';
  /** The call says whether this frame is there. */
  readonly saysPresent?: Pfn;
  /** What its caller does when it has returned, with its errno (0 for success) and the address that it chose. */
  readonly after?: (error: number, addr: VirtAddr | undefined, made: Made) => void;
}

/** What a call gave its caller. */
interface Made {
  /** Its number in the scenario. */
  readonly operation: number;
  /** What it returned, and what of that is a pointer to something. */
  readonly value: U64;
  readonly pointer: Ptr | undefined;
}

/**
 * How an area came to be, which decides who may end it: pages of its own, a caller's pages, none, no vm_struct, or several;
 * or it is memory that was plugged in.
 */
export type AreaKind = 'allocated' | 'mapped' | 'taken' | 'ram' | 'percpu' | 'memory';

/** An area as the scenario knows it, without the guard page. */
export interface OwnArea {
  readonly kind: AreaKind;
  readonly addr: VirtAddr;
  readonly size: ByteCount;
  /** What its owner asked for when it changed size, where the area may be larger. */
  readonly asked?: ByteCount;
  /** The struct vm_struct, where the scenario has to tell it the pages that it maps there; of several, their array. */
  readonly vm?: Ptr;
  /** The address that its maker was given lies so many bytes behind the start. */
  readonly offset?: ByteCount;
  /** How many areas there are, where they are several. */
  readonly count?: number;
}

/** A huge page, or a marker in its place. */
export interface HugeEntry {
  readonly size: ByteCount;
  readonly pfn: Pfn;
  readonly prot: Descriptor;
  /** One of its entries, with what hardware has noted in any of them. */
  readonly entry: Descriptor;
  /** All of its entries hold that. */
  readonly uniform: boolean;
  /** Nothing is mapped: the entry says what was there. */
  readonly marker: boolean;
  /** Who set it. */
  readonly mm: Ptr;
  /** It is not there now: who took it away puts it back with other rights. */
  readonly taken?: true;
}

/** What is left of earlier operations of a scenario. */
export interface ScenarioState {
  readonly frames: FrameSource;
  /** The area that an operation made, by operation; absent where it failed. */
  readonly areas: Map<number, OwnArea>;
  readonly mapped: MappedRanges;
  /** The largest leaf that ioremap() may use. */
  ioremapShift: Shift;
  /** First address that set_huge_pte_at() was called for: what stands there. */
  readonly huge: Map<VirtAddr, HugeEntry>;
  /** The fixmap's tables are linked. */
  hasFixmap: boolean;
  readonly setAside: ObjectsSetAside;
}

/** The operation cannot be called in this kernel, or not after what happened before. */
export interface Unreachable {
  readonly notReached: string;
  /** It is the tree that lacks something: no scenario could call it. */
  readonly treeLacks?: boolean;
}

export const somethingMapped: Unreachable = { notReached: 'something is mapped there' };

type Prepare = (addr: VirtAddr, size: ByteCount) => PreparedCall | Unreachable;

/** With the address of a place; a place in an area ends with the area's last page. */
export function atPlace(
  stage: Stage,
  state: ScenarioState,
  { of, page }: Place,
  pages: PageCount,
  prepare: Prepare,
): PreparedCall | Unreachable {
  const size = pages * stage.pageSize;
  const offset = page * stage.pageSize;
  if (of === 'window') return prepare(stage.windowStart + offset, size);
  const area = state.areas.get(of);
  if (area === undefined) return noArea(of);
  if (offset + size > area.size) return { notReached: `the range goes beyond the area of #${of}` };
  return prepare(area.addr + offset, size);
}

/** The same where nothing is mapped yet. */
export function atFreePlace(
  stage: Stage,
  state: ScenarioState,
  place: Place,
  pages: PageCount,
  prepare: Prepare,
): PreparedCall | Unreachable {
  return atPlace(stage, state, place, pages, (addr, size) => {
    return state.mapped.overlaps(addr, addr + size) ? somethingMapped : prepare(addr, size);
  });
}

export function noArea(operation: number): Unreachable {
  return { notReached: `#${operation} made no area` };
}
