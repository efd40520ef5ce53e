// SPDX-License-Identifier: GPL-2.0-only
import {
  attributesOf,
  descriptorFromBits,
  DESCRIPTOR_ROTATION,
  type Descriptor,
} from '../../base/descriptor.ts';
import { fromBig, or, shl, toBigUnsigned, type U64 } from '../../base/u64.ts';
import type { ByteCount, PageCount, Pfn, VirtAddr } from '../../base/units.ts';
import type { AttributeMatch, Level, Machine } from '../../trace/machine.ts';

/**
 * Entries taken apart and put together. Attribute masks are the 26-bit values of `attributesOf()`; they are the low
 * bits of a descriptor, so that setting and clearing them is plain arithmetic.
 */

/** `entry` with all bits of `attributes` set. */
export function withAttributes(entry: Descriptor, attributes: number): Descriptor {
  if (typeof entry === 'number') return entry + (attributes & ~entry);
  return fromBig(entry | BigInt(attributes));
}

/** `entry` with all bits of `attributes` clear. */
export function withoutAttributes(entry: Descriptor, attributes: number): Descriptor {
  if (typeof entry === 'number') return entry - (attributes & entry);
  return fromBig(entry & ~BigInt(attributes));
}

/** Any bit of `attributes` is set. */
export function hasAttribute(entry: Descriptor, attributes: number): boolean {
  return (attributesOf(entry) & attributes) !== 0;
}

/** The entry looks as `match` says. */
export function matches(entry: Descriptor, match: AttributeMatch): boolean {
  const masked = attributesOf(entry) & match.mask;
  return match.value === 'any' ? masked !== 0 : masked === match.value;
}

/** What one page frame is worth in a descriptor: a power of two of at most 2^30. */
export function frameUnit(machine: Machine): number {
  return 1 << (DESCRIPTOR_ROTATION + machine.attributes.pfnShift);
}

/** Frames below it are in a descriptor that is a plain number. */
export function plainFrames(machine: Machine): PageCount {
  return Math.floor(Number.MAX_SAFE_INTEGER / frameUnit(machine)) - 1;
}

/** The frame of a physical address; of one that is beyond all RAM, the nearest number. */
export function frameAt({ pageSize }: { readonly pageSize: ByteCount }, phys: U64): Pfn {
  return Math.floor(Number(phys) / pageSize);
}

/** The page-frame number that an entry carries. */
export function frameOf(machine: Machine, entry: Descriptor): Pfn {
  if (typeof entry === 'number' && entry >= 0) return Math.floor(entry / frameUnit(machine));
  const shift = DESCRIPTOR_ROTATION + machine.attributes.pfnShift;
  return Number(toBigUnsigned(entry) >> BigInt(shift));
}

/** The frame that the walker makes of a leaf for `addr`: in a NAPOT run (riscv) the address tells the page. */
export function leafFrameAt(machine: Machine, level: Level, entry: Descriptor, addr: VirtAddr): Pfn {
  const pfn = frameOf(machine, entry);
  const { contiguousEntries: pages } = level;
  const isNapot =
    machine.arch === 'riscv' && pages !== undefined && hasAttribute(entry, machine.attributes.contiguous);
  return isNapot ? pfn - (pfn % pages) + (Math.floor(addr / 2 ** level.shift) & (pages - 1)) : pfn;
}

/** An entry for a frame with a protection, ORed together as hardware bits. */
export function entryFor(machine: Machine, pfn: Pfn, prot: Descriptor): Descriptor {
  const unit = frameUnit(machine);
  if (
    pfn >= 0 &&
    pfn < Number.MAX_SAFE_INTEGER / unit - 1 &&
    typeof prot === 'number' &&
    prot >= 0 &&
    prot < unit
  ) {
    return pfn * unit + prot;
  }
  return or(descriptorFromBits(shl(pfn, machine.attributes.pfnShift)), prot);
}

/** What is left of an entry without its frame. */
export function protectionOf(machine: Machine, entry: Descriptor): Descriptor {
  const mask = frameUnit(machine) - 1;
  return typeof entry === 'number' ? entry & mask : Number(entry & BigInt(mask));
}
