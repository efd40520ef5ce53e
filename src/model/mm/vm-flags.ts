// SPDX-License-Identifier: GPL-2.0-only

/** vm_struct.flags: what an area is for (include/linux/vmalloc.h). */
export const VM_IOREMAP = 0x1;
export const VM_ALLOC = 0x2;
export const VM_MAP = 0x4;
export const VM_USERMAP = 0x8;
export const VM_DMA_COHERENT = 0x10;
export const VM_UNINITIALIZED = 0x20;
export const VM_NO_GUARD = 0x40;
export const VM_KASAN = 0x80;
export const VM_FLUSH_RESET_PERMS = 0x100;
export const VM_MAP_PUT_PAGES = 0x200;
export const VM_ALLOW_HUGE_VMAP = 0x400;
export const VM_DEFER_KMEMLEAK = 0;
export const VM_SPARSE = 0x1000;

/** vmap_area.flags: the area belongs to vm_map_ram(), and if so whether it is a block of several mappings. */
export const VMAP_RAM = 0x1;
export const VMAP_BLOCK = 0x2;
