// SPDX-License-Identifier: GPL-2.0-only
import { KernelBug, type Kernel } from '../kernel.ts';

/** WARN_ON() in model code: reports the condition where it is true, and returns it. `text` is its C text. */
export function WARN_ON(k: Kernel, condition: boolean, text: string): boolean {
  if (condition) k.trace.emit({ kind: 'warn', call: 'WARN', condition: text });
  return condition;
}

/** BUG_ON() in model code: the operation ends where the condition is true. */
export function BUG_ON(k: Kernel, condition: boolean, text: string): void {
  if (!condition) return;
  k.trace.emit({ kind: 'warn', call: 'BUG', condition: text });
  throw new KernelBug(text);
}
