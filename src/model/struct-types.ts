// SPDX-License-Identifier: GPL-2.0-only

/**
 * The C structs that model code looks into, as their fields appear in TypeScript: pointers and 64-bit integers are
 * numbers here (a value beyond ±2^53 is refused as not modelled), smaller integers are numbers. Offsets are not
 * written down: they come from the C declarations at link time, as BTF relocation does it.
 * Embedded structs appear as the address of their first byte.
 */
export interface StructTypes {
  page: { flags: number };
  vm_struct: {
    next: number;
    addr: number;
    size: number;
    flags: number;
    pages: number;
    page_order: number;
    nr_pages: number;
    phys_addr: number;
    caller: number;
    requested_size: number;
  };
  vm_area_struct: { vm_start: number; vm_end: number; vm_flags: number };
  vmap_area: { va_start: number; va_end: number; vm: number; flags: number };
}
