// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { onEveryCpu } from './cross-call.ts';

// kernel/smp.c: calls on other CPUs.

/**
 * @kernel kernel/smp.c on_each_cpu_cond_mask
 * @fidelity custom: where that is every CPU, the function is called once, on behalf of all; other sets are not modelled
 */
export function on_each_cpu_cond_mask(
  k: Kernel,
  condition: Ptr,
  func: Ptr,
  info: Ptr,
  wait: number,
  mask: Ptr,
): void {
  const cpus = Array.from({ length: Number(k.machine.config['CONFIG_NR_CPUS']) }, (_, cpu) => cpu);
  const asked = cpus.filter(
    (cpu) =>
      k.test_bit(cpu, mask) !== 0 && (condition === 0 || Number(k.callPointer(condition, cpu, info)) !== 0),
  );
  if (asked.length === cpus.length) k.on_each_cpu(func, info, wait);
  else if (asked.length > 0) k.notModelled('a call on some CPUs and not on others');
}

/** @kernel include/linux/smp.h on_each_cpu @fidelity custom: the function is called once, on behalf of all */
export function on_each_cpu(k: Kernel, func: Ptr, info: Ptr, _wait: number): void {
  onEveryCpu(k, () => void k.callPointer(func, info));
}
