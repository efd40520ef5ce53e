// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../base/descriptor.ts';
import type { U64 } from '../../base/u64.ts';
import type { ByteCount, PhysAddr, VirtAddr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { alignUp, levelSizes } from './level-sizes.ts';
import { VM_IOREMAP } from './vm-flags.ts';
import { vmallocSpace } from './vmalloc-space.ts';

// mm/ioremap.c: device memory at a virtual address.

/**
 * Maps `size` bytes of device memory from `phys_addr` on, neither of which need be page aligned.
 * @kernel mm/ioremap.c generic_ioremap_prot
 * @fidelity dup
 * @returns the address that belongs to `phys_addr`, or NULL.
 */
export function generic_ioremap_prot(
  k: Kernel,
  phys_addr: PhysAddr,
  size: ByteCount,
  prot: Descriptor,
): VirtAddr {
  const { pageSize } = levelSizes(k.machine);
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(k);
  // The upper half of all addresses is negative here: who comes out of it has come around.
  if (size === 0 || (phys_addr < 0 && phys_addr + size - 1 >= 0)) return 0;
  const offset = phys_addr % pageSize;
  const frame = phys_addr - offset;
  const mapped = alignUp(size + offset, pageSize);
  const area = k.__get_vm_area_caller(mapped, VM_IOREMAP, VMALLOC_START, VMALLOC_END, 0);
  if (area === 0) return 0;
  const vm = k.structs.vm_struct(area);
  vm.phys_addr = frame;
  if (k.ioremap_page_range(vm.addr, vm.addr + mapped, frame, prot)) {
    k.free_vm_area(area);
    return 0;
  }
  return vm.addr + offset;
}

/** @kernel include/asm-generic/io.h ioremap_allowed older @fidelity dup @returns 1: architectures that refuse say so in C */
export function ioremap_allowed(_k: Kernel, _phys_addr: PhysAddr, _size: ByteCount, _prot: U64): number {
  return 1;
}

/**
 * @kernel include/linux/ioremap.h is_ioremap_addr
 * @fidelity custom: device memory is mapped in vmalloc space on every machine
 */
export function is_ioremap_addr(k: Kernel, x: VirtAddr): number {
  return k.is_vmalloc_addr(x);
}

/**
 * Ends a mapping of device memory; addresses outside vmalloc space are not ours and are left alone.
 * @kernel mm/ioremap.c generic_iounmap
 * @fidelity dup
 */
export function generic_iounmap(k: Kernel, addr: VirtAddr): void {
  const { pageSize } = levelSizes(k.machine);
  const page = Math.floor(addr / pageSize) * pageSize;
  if (k.is_ioremap_addr(page)) k.vunmap(page);
}

/**
 * @kernel mm/ioremap.c iounmap
 * @fidelity dup
 */
export function iounmap(k: Kernel, addr: VirtAddr): void {
  k.generic_iounmap(addr);
}
