// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from '../mm/bug.ts';

// lib/refcount.c: the functions of linux/refcount.h come from the tree; this is where they end when a count is wrong.

const REFCOUNT_SATURATED = -0x40000000;

/** What each `enum refcount_saturation_type` complains about, in its order. */
const COMPLAINTS = [
  'refcount_t raised beyond its range',
  'refcount_t raised beyond its range',
  'refcount_t raised from 0: a use after free',
  'refcount_t lowered below 0: a use after free',
  'refcount_t lowered to 0 where nothing frees the object: a leak',
];

/**
 * Saturates the count, so that the object is never freed. Emits `warn`.
 * @kernel lib/refcount.c refcount_warn_saturate
 * @fidelity custom: reports every time
 */
export function refcount_warn_saturate(k: Kernel, r: Ptr, t: number): void {
  k.mem.st32(r, REFCOUNT_SATURATED);
  WARN_ON(k, true, COMPLAINTS[t] ?? 'refcount_t misused');
}
