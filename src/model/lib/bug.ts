// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import { KernelBug, type Kernel } from '../kernel.ts';

/**
 * WARN_ON() and its relatives: where the condition is true, reports it; the caller goes on. Emits `warn`.
 * @kernel lib/bug.c report_bug
 * @fidelity custom: the _ONCE forms report every time
 * @returns the condition
 */
export function __warn_on(k: Kernel, condition: number, text: Ptr): number {
  if (condition !== 0) k.trace.emit({ kind: 'warn', call: 'WARN', condition: k.mem.string(text) });
  return condition;
}

/**
 * BUG_ON(): where the condition is true, the operation ends. Emits `warn`.
 * @kernel lib/bug.c report_bug
 * @fidelity custom: throws KernelBug
 */
export function __bug_on(k: Kernel, condition: number, text: Ptr): void {
  if (condition === 0) return;
  const condition_ = k.mem.string(text);
  k.trace.emit({ kind: 'warn', call: 'BUG', condition: condition_ });
  throw new KernelBug(condition_);
}
