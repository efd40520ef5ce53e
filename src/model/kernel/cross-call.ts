// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../kernel.ts';
import { executionContext } from './interrupt-state.ts';

/** Does something once, on behalf of every CPU: what it does to a TLB goes for the TLBs of all of them. */
export function onEveryCpu(k: Kernel, run: () => void): void {
  const context = k.state(executionContext);
  const outer = context.onEveryCpu;
  context.onEveryCpu = true;
  try {
    run();
  } finally {
    context.onEveryCpu = outer;
  }
}
