// SPDX-License-Identifier: GPL-2.0-only

/**
 * The C structs that model code looks into, as their fields appear in TypeScript: pointers and 64-bit integers are
 * numbers here (a value beyond ±2^53 is refused as not modelled), smaller integers are numbers. Offsets are not
 * written down: they come from the C declarations at link time, as BTF relocation does it.
 * Embedded structs appear as the address of their first byte.
 */
export interface StructTypes {
  page: { flags: number };
}
