// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

/** @kernel lib/string.c memset @fidelity dup */
export function memset(k: Kernel, s: Ptr, c: number, n: ByteCount): Ptr {
  k.mem.fill(s, c & 0xff, n);
  return s;
}

/** @kernel include/linux/string.h memzero_explicit @fidelity dup */
export function memzero_explicit(k: Kernel, s: Ptr, n: ByteCount): Ptr {
  k.mem.fill(s, 0, n);
  return s;
}

/** @kernel lib/string.c memcpy @fidelity dup */
export function memcpy(k: Kernel, dest: Ptr, src: Ptr, n: ByteCount): Ptr {
  k.mem.copy(dest, src, n);
  return dest;
}

/** @kernel lib/string.c memmove @fidelity dup */
export function memmove(k: Kernel, dest: Ptr, src: Ptr, n: ByteCount): Ptr {
  k.mem.copy(dest, src, n);
  return dest;
}

/** @kernel lib/string.c memcmp @fidelity dup */
export function memcmp(k: Kernel, a: Ptr, b: Ptr, n: ByteCount): number {
  for (let i = 0; i < n; i++) {
    const difference = k.mem.ld8(a + i) - k.mem.ld8(b + i);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @kernel lib/string.c memchr_inv @fidelity dup @returns the first byte that is another than `c`, or NULL */
export function memchr_inv(k: Kernel, start: Ptr, c: number, bytes: ByteCount): Ptr {
  for (let at = start; at < start + bytes; at++) if (k.mem.ld8(at) !== (c & 0xff)) return at;
  return 0;
}

/** @kernel lib/string.c strlen @fidelity dup */
export function strlen(k: Kernel, s: Ptr): number {
  let length = 0;
  while (k.mem.ld8(s + length) !== 0) length++;
  return length;
}

/** @kernel lib/string.c strcmp @fidelity dup */
export function strcmp(k: Kernel, a: Ptr, b: Ptr): number {
  for (let i = 0; ; i++) {
    const difference = k.mem.ld8(a + i) - k.mem.ld8(b + i);
    if (difference !== 0 || k.mem.ld8(a + i) === 0) return Math.sign(difference);
  }
}
