// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../kernel.ts';

/** CPUs of this kernel, all of them possible and online: CONFIG_NR_CPUS. */
export function cpuCount(k: Kernel): number {
  return Number(k.machine.config['CONFIG_NR_CPUS'] ?? 1);
}
