// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

/** @kernel mm/shrinker.c shrinker_alloc @fidelity custom: the name is not kept. Emits `alloc`. */
export function shrinker_alloc(k: Kernel, flags: number, _format: Ptr): Ptr {
  const shrinker = k.kzalloc(k.sizeof('shrinker'), 0);
  if (shrinker !== 0) k.structs.shrinker(shrinker).flags = flags;
  return shrinker;
}

/**
 * @kernel mm/shrinker.c shrinker_register
 * @fidelity stub: memory never runs short by itself, so no shrinker is asked
 */
export function shrinker_register(_k: Kernel, _shrinker: Ptr): void {}
