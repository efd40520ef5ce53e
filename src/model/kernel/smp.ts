// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { onEveryCpu } from './cross-call.ts';

// kernel/smp.c: calls on other CPUs.

/** @kernel include/linux/smp.h on_each_cpu @fidelity custom: the function is called once, on behalf of all */
export function on_each_cpu(k: Kernel, func: Ptr, info: Ptr, _wait: number): void {
  onEveryCpu(k, () => void k.callPointer(func, info));
}
