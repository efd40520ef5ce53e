// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';

// include/uapi/asm-generic/errno-base.h, as far as mm/ uses it.
export const E2BIG = 7;
export const ENOMEM = 12;
export const EFAULT = 14;
export const EBUSY = 16;
export const EINVAL = 22;
export const ERANGE = 34;

const MAX_ERRNO = 4095;

/** Whether a pointer carries an error: IS_ERR(). */
export function isErrorPointer(pointer: Ptr): boolean {
  return pointer < 0 && pointer >= -MAX_ERRNO;
}
