// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';
import { WARN_ON } from '../../mm/bug.ts';
import { isHeld } from './lock-word.ts';

/**
 * Said by what relies on a lock that its caller holds.
 * @kernel include/linux/lockdep.h lockdep_assert_held
 * @fidelity custom: who holds it is not asked, for one call runs at a time. Emits `warn`.
 */
export function lockdep_assert_held(k: Kernel, lock: Ptr): void {
  const name = k.nameOf(lock) || 'a lock';
  WARN_ON(k, isHeld(k, lock) === 0, `${name} is relied on and not held`);
}
