// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../kernel.ts';
import { executionContext } from './interrupt-state.ts';

// arch/*/include/asm/irqflags.h: interrupts of the running CPU, kept off or let in.

/** What arch_local_irq_save() gives where interrupts were off already; what it really is differs by architecture. */
const WERE_OFF = 1;

function turn(k: Kernel, off: boolean): void {
  const context = k.state(executionContext);
  if (context.irqsOff === off) return;
  context.irqsOff = off;
  k.trace.emit({ kind: 'scope', scope: 'irqs', change: off ? 'enter' : 'leave' });
}

/** @kernel arch/$SRCARCH/include/asm/irqflags.h arch_local_irq_disable @fidelity custom: only what sleeps or asks notices. Emits `scope`. */
export function arch_local_irq_disable(k: Kernel): void {
  turn(k, true);
}

/** @kernel arch/$SRCARCH/include/asm/irqflags.h arch_local_irq_enable @fidelity custom: see arch_local_irq_disable(). Emits `scope`. */
export function arch_local_irq_enable(k: Kernel): void {
  turn(k, false);
}

/**
 * @kernel arch/$SRCARCH/include/asm/irqflags.h arch_local_irq_save
 * @fidelity custom: see arch_local_irq_disable(). Emits `scope`.
 * @returns what arch_local_irq_restore() needs
 */
export function arch_local_irq_save(k: Kernel): number {
  const { irqsOff } = k.state(executionContext);
  turn(k, true);
  return irqsOff ? WERE_OFF : 0;
}

/** @kernel arch/$SRCARCH/include/asm/irqflags.h arch_local_irq_restore @fidelity custom: see arch_local_irq_disable(). Emits `scope`. */
export function arch_local_irq_restore(k: Kernel, flags: number): void {
  turn(k, flags === WERE_OFF);
}

/** @kernel arch/$SRCARCH/include/asm/irqflags.h arch_irqs_disabled @fidelity dup */
export function arch_irqs_disabled(k: Kernel): number {
  const { irqsOff, inInterrupt } = k.state(executionContext);
  return irqsOff || inInterrupt ? 1 : 0;
}
