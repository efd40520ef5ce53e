// SPDX-License-Identifier: GPL-2.0-only
import type { EventSequence } from '../trace/events.ts';

/** Areas wait for the next purge in any case. */
const WAITS_FOR_PURGE = /^vmap_area\b/;

/** Have pages or objects been allocated since `first` that are not freed? Page tables stay for the next mapping. */
export function leftBehind(events: EventSequence, first: number): boolean {
  const held = new Set<string>();
  for (let n = first; n < events.length; n++) {
    const event = events.at(n)!;
    if (event.kind === 'page') note(held, event.change === 'alloc', `page ${event.pfn}`);
    else if (event.kind === 'alloc' && event.what === 'object' && !WAITS_FOR_PURGE.test(event.name))
      held.add(`object ${event.addr}`);
    else if (event.kind === 'free') held.delete(`object ${event.addr}`);
  }
  return held.size > 0;
}

/** Has an allocation been refused since `first`? */
export function wasRefused(events: EventSequence, first: number): boolean {
  for (let n = first; n < events.length; n++) if (events.at(n)!.kind === 'alloc-failure') return true;
  return false;
}

function note(held: Set<string>, isHeld: boolean, what: string): void {
  if (isHeld) held.add(what);
  else held.delete(what);
}
