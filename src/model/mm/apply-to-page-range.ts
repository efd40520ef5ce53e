// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { applyToRange } from './apply-to-range.ts';

// mm/memory.c: a function for every page of a range.

/**
 * Calls `fn` for every page entry of a range, making tables that are missing.
 * @kernel mm/memory.c apply_to_page_range
 * @fidelity dup
 * @returns 0, the first non-zero result of `fn`, -EINVAL at a leaf above the page level, -ENOMEM. Emits `walk`.
 */
export function apply_to_page_range(
  k: Kernel,
  mm: Ptr,
  addr: VirtAddr,
  size: ByteCount,
  fn: Ptr,
  data: Ptr,
): number {
  const call = (pte: Ptr, at: VirtAddr): number => Number(k.callPointer(fn, pte, at, data));
  return applyToRange(k, { mm, addr, size, fn: call, create: true });
}

/**
 * The same for entries that exist and are not empty.
 * @kernel mm/memory.c apply_to_existing_page_range
 * @fidelity dup
 * @returns as apply_to_page_range(). Emits `walk`.
 */
export function apply_to_existing_page_range(
  k: Kernel,
  mm: Ptr,
  addr: VirtAddr,
  size: ByteCount,
  fn: Ptr,
  data: Ptr,
): number {
  const call = (pte: Ptr, at: VirtAddr): number => Number(k.callPointer(fn, pte, at, data));
  return applyToRange(k, { mm, addr, size, fn: call, create: false });
}
