// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { PhysAddr, Shift, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from './bug.ts';
import { EINVAL, ERANGE } from './errno.ts';
import { VM_IOREMAP } from './vm-flags.ts';

// mm/vmalloc.c: mapping physical ranges with the largest leaves there are.

/**
 * Maps [addr, end) to the frames from `phys_addr` on, never executable, and flushes caches over the range even when
 * it fails.
 * @kernel mm/vmalloc.c vmap_page_range
 * @fidelity dup
 * @returns 0 or -ENOMEM.
 */
export function vmap_page_range(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
): number {
  const err = k.vmap_range_noflush(addr, end, phys_addr, k.pgprot_nx(prot), ioremapMaxPageShift(k));
  k.flush_cache_vmap(addr, end);
  return err;
}

/** ioremap_max_page_shift without `nohugeiomap` on the command line. */
function ioremapMaxPageShift(k: Kernel): Shift {
  return k.machine.config['CONFIG_HAVE_ARCH_HUGE_VMAP'] === true ? 63 : k.machine.pageShift;
}

/**
 * vmap_page_range() for the whole of an area got with VM_IOREMAP, and for nothing else.
 * @kernel mm/vmalloc.c ioremap_page_range
 * @fidelity dup
 * @returns 0, -EINVAL (not such an area), -ERANGE (not its whole range) or -ENOMEM.
 */
export function ioremap_page_range(
  k: Kernel,
  addr: VirtAddr,
  end: VirtAddr,
  phys_addr: PhysAddr,
  prot: Descriptor,
): number {
  const area = k.find_vm_area(addr);
  const vm = area === 0 ? undefined : k.structs.vm_struct(area);
  if (vm === undefined || !(vm.flags & VM_IOREMAP)) {
    WARN_ON(k, true, 'vm_area is not marked as VM_IOREMAP');
    return -EINVAL;
  }
  if (addr !== vm.addr || end !== vm.addr + k.get_vm_area_size(area)) {
    WARN_ON(k, true, "ioremap request doesn't match vm_area");
    return -ERANGE;
  }
  return k.vmap_page_range(addr, end, phys_addr, prot);
}
