// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';
import { executionContext } from './interrupt-state.ts';

/** Work that CPUs have sent themselves, or others, an interrupt for: oldest first. */
export const pendingInterrupts = partOfState((): { waiting: { work: Ptr; cpu: number }[] } => ({
  waiting: [],
}));

/** Does anybody wait for an interrupt? */
export function hasPendingInterrupt(k: Kernel): boolean {
  return k.state(pendingInterrupts).waiting.length > 0;
}

/** Lets the interrupt come that does the oldest work, or this; nothing happens where that does not wait. */
export function takeInterrupt(k: Kernel, wanted?: Ptr): void {
  const { waiting } = k.state(pendingInterrupts);
  const place = wanted === undefined ? 0 : waiting.findIndex(({ work }) => work === wanted);
  const [next] = place < 0 ? [] : waiting.splice(place, 1);
  if (next === undefined) return;
  const item = k.structs.irq_work(next.work);
  item.pending = 0;
  asInterrupt(k, next.cpu, () => void k.callPointer(item.func, next.work));
}

/** Runs something as the handler of an interrupt of that CPU. */
function asInterrupt(k: Kernel, cpu: number, run: () => void): void {
  const context = k.state(executionContext);
  const { inInterrupt } = context;
  const interrupted = k.cpu;
  context.inInterrupt = true;
  k.cpu = cpu;
  try {
    run();
  } finally {
    context.inInterrupt = inInterrupt;
    k.cpu = interrupted;
  }
}
