// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';

// include/linux/err.h: the last 4095 addresses are error numbers.

const MAX_ERRNO = 4095;

function isError(ptr: Ptr): boolean {
  return ptr < 0 && ptr >= -MAX_ERRNO;
}

/** @kernel include/linux/err.h ERR_PTR @fidelity dup */
export function ERR_PTR(_k: Kernel, error: number): Ptr {
  return error;
}

/** @kernel include/linux/err.h PTR_ERR @fidelity dup */
export function PTR_ERR(_k: Kernel, ptr: Ptr): number {
  return ptr;
}

/** @kernel include/linux/err.h IS_ERR @fidelity dup */
export function IS_ERR(_k: Kernel, ptr: Ptr): number {
  return isError(ptr) ? 1 : 0;
}

/** @kernel include/linux/err.h IS_ERR_OR_NULL @fidelity dup */
export function IS_ERR_OR_NULL(_k: Kernel, ptr: Ptr): number {
  return ptr === 0 || isError(ptr) ? 1 : 0;
}

/** @kernel include/linux/err.h ERR_CAST @fidelity dup */
export function ERR_CAST(_k: Kernel, ptr: Ptr): Ptr {
  return ptr;
}

/** @kernel include/linux/err.h PTR_ERR_OR_ZERO @fidelity dup */
export function PTR_ERR_OR_ZERO(_k: Kernel, ptr: Ptr): number {
  return isError(ptr) ? ptr : 0;
}
