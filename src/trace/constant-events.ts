// SPDX-License-Identifier: GPL-2.0-only
import type { BarrierEvent, ScopeEvent } from './events.ts';

export const dsbIshst: BarrierEvent = { kind: 'barrier', name: 'dsb ishst' };
export const isb: BarrierEvent = { kind: 'barrier', name: 'isb' };
export const lazyMmuEntered: ScopeEvent = { kind: 'scope', scope: 'lazy-mmu', change: 'enter' };
export const lazyMmuLeft: ScopeEvent = { kind: 'scope', scope: 'lazy-mmu', change: 'leave' };

/** Events that say nothing of their own: hot code notes them by their number here. */
export const constantEvents = [dsbIshst, isb, lazyMmuEntered, lazyMmuLeft] as const;
