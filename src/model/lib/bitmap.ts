// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

// lib/bitmap.c, lib/find_bit.c and the bit operations. Memory is little endian, so bit n lies in byte n / 8.

function byteOf(addr: Ptr, nr: number): Ptr {
  return addr + Math.floor(nr / 8);
}

function read(k: Kernel, addr: Ptr, nr: number): boolean {
  return ((k.mem.ld8(byteOf(addr, nr)) >> (nr & 7)) & 1) === 1;
}

function write(k: Kernel, addr: Ptr, nr: number, set: boolean): void {
  const byte = k.mem.ld8(byteOf(addr, nr));
  const mask = 1 << (nr & 7);
  k.mem.st8(byteOf(addr, nr), set ? byte | mask : byte & ~mask);
}

function find(k: Kernel, addr: Ptr, size: number, from: number, set: boolean): number {
  for (let nr = from; nr < size; nr++) if (read(k, addr, nr) === set) return nr;
  return size;
}

/** @kernel include/asm-generic/bitops/instrumented-atomic.h set_bit @fidelity dup */
export function set_bit(k: Kernel, nr: number, addr: Ptr): void {
  write(k, addr, nr, true);
}

/** @kernel include/asm-generic/bitops/instrumented-atomic.h clear_bit @fidelity dup */
export function clear_bit(k: Kernel, nr: number, addr: Ptr): void {
  write(k, addr, nr, false);
}

/** @kernel include/asm-generic/bitops/instrumented-atomic.h change_bit @fidelity dup */
export function change_bit(k: Kernel, nr: number, addr: Ptr): void {
  write(k, addr, nr, !read(k, addr, nr));
}

/** @kernel include/linux/bitops.h test_bit @fidelity dup */
export function test_bit(k: Kernel, nr: number, addr: Ptr): number {
  return read(k, addr, nr) ? 1 : 0;
}

/** @kernel include/asm-generic/bitops/instrumented-atomic.h test_and_set_bit @fidelity dup */
export function test_and_set_bit(k: Kernel, nr: number, addr: Ptr): number {
  const before = read(k, addr, nr);
  write(k, addr, nr, true);
  return before ? 1 : 0;
}

/** @kernel include/asm-generic/bitops/instrumented-atomic.h test_and_clear_bit @fidelity dup */
export function test_and_clear_bit(k: Kernel, nr: number, addr: Ptr): number {
  const before = read(k, addr, nr);
  write(k, addr, nr, false);
  return before ? 1 : 0;
}

/** Whole words are written, as in C. @kernel include/linux/bitmap.h bitmap_zero @fidelity dup */
export function bitmap_zero(k: Kernel, dst: Ptr, nbits: number): void {
  k.mem.fill(dst, 0, Math.ceil(nbits / 64) * 8);
}

/** @kernel include/linux/bitmap.h bitmap_fill @fidelity dup */
export function bitmap_fill(k: Kernel, dst: Ptr, nbits: number): void {
  k.mem.fill(dst, 0xff, Math.ceil(nbits / 64) * 8);
}

/** @kernel lib/bitmap.c __bitmap_set @fidelity dup */
export function bitmap_set(k: Kernel, map: Ptr, start: number, nbits: number): void {
  for (let nr = start; nr < start + nbits; nr++) write(k, map, nr, true);
}

/** @kernel lib/bitmap.c __bitmap_clear @fidelity dup */
export function bitmap_clear(k: Kernel, map: Ptr, start: number, nbits: number): void {
  for (let nr = start; nr < start + nbits; nr++) write(k, map, nr, false);
}

/** @kernel include/linux/bitmap.h bitmap_empty @fidelity dup */
export function bitmap_empty(k: Kernel, src: Ptr, nbits: number): number {
  return find(k, src, nbits, 0, true) === nbits ? 1 : 0;
}

/** @kernel include/linux/bitmap.h bitmap_full @fidelity dup */
export function bitmap_full(k: Kernel, src: Ptr, nbits: number): number {
  return find(k, src, nbits, 0, false) === nbits ? 1 : 0;
}

/** @kernel lib/bitmap.c __bitmap_weight @fidelity dup */
export function bitmap_weight(k: Kernel, src: Ptr, nbits: number): number {
  let weight = 0;
  for (let nr = 0; nr < nbits; nr++) if (read(k, src, nr)) weight++;
  return weight;
}

/** @kernel include/linux/find.h find_first_bit @fidelity dup @returns `size` when there is none */
export function find_first_bit(k: Kernel, addr: Ptr, size: number): number {
  return find(k, addr, size, 0, true);
}

/** @kernel include/linux/find.h find_next_bit @fidelity dup @returns `size` when there is none */
export function find_next_bit(k: Kernel, addr: Ptr, size: number, offset: number): number {
  return find(k, addr, size, offset, true);
}

/** @kernel include/linux/find.h find_first_zero_bit @fidelity dup @returns `size` when there is none */
export function find_first_zero_bit(k: Kernel, addr: Ptr, size: number): number {
  return find(k, addr, size, 0, false);
}

/** @kernel include/linux/find.h find_next_zero_bit @fidelity dup @returns `size` when there is none */
export function find_next_zero_bit(k: Kernel, addr: Ptr, size: number, offset: number): number {
  return find(k, addr, size, offset, false);
}

/** @kernel include/linux/find.h find_last_bit @fidelity dup @returns `size` when there is none */
export function find_last_bit(k: Kernel, addr: Ptr, size: number): number {
  for (let nr = size - 1; nr >= 0; nr--) if (read(k, addr, nr)) return nr;
  return size;
}
