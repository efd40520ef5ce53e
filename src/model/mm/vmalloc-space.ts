// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';

/**
 * The bounds of vmalloc space as C has them. VMALLOC_END is the last address on x86, elsewhere the first behind it:
 * mm/vmalloc.c compares with it and rounds it, so that the difference shows.
 */
export function vmallocSpace({ machine }: Pick<KernelWorld, 'machine'>): {
  readonly VMALLOC_START: VirtAddr;
  readonly VMALLOC_END: VirtAddr;
} {
  const { vmallocStart, vmallocEnd } = machine.addresses;
  return { VMALLOC_START: vmallocStart, VMALLOC_END: machine.arch === 'x86' ? vmallocEnd - 1 : vmallocEnd };
}
