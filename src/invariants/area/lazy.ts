// SPDX-License-Identifier: GPL-2.0-only
import { AddressRanges } from '../../trace/address-ranges.ts';
import type { StaleTranslation } from '../../trace/stale-translations.ts';
import type { Invariant } from '../invariant.ts';
import { quoteRange } from '../quoting.ts';

export const areaLazy: Invariant = {
  id: 'area/lazy',
  title: 'lazily freed areas wait',
  promise: 'A lazily freed area is not handed out again before its purge has flushed it.',
  source: 'mm/vmalloc.c, free_vmap_area_noflush() and __purge_vmap_area_lazy().',
  why: 'The flush that the free put off is then never done before the address has a new meaning.',
  example: 'An area is put back into the free tree when it is freed, and again when it is purged.',
  limits:
    'Judged where the callee chooses the address, when the call returns: an area counts as purged once a flush has covered all that was mapped in it.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const freed = new AddressRanges();
    const waiting = new AddressRanges();
    let first: StaleTranslation | undefined;
    return {
      operation: () => {
        waiting.clear();
        const intent = run.operation?.intent;
        if (intent?.kind !== 'map' || intent.addr !== undefined || run.state.stale.isEmpty) return;
        const { vmallocStart, vmallocEnd } = run.machine.addresses;
        const stale = run.state.stale.overlapping(vmallocStart, vmallocEnd);
        for (const { addr, size } of stale) waiting.add(addr, addr + size);
        first = stale[0];
      },
      'tlb-flush': (event) => {
        if (event.local || waiting.isEmpty) return;
        if (event.scope === 'all') waiting.clear();
        else waiting.remove(event.start, event.end);
      },
      return: (event, n) => {
        const intent = run.operation?.intent;
        if (event.error !== 0 || intent === undefined) return;
        if (intent.kind === 'unmap') freed.add(intent.addr, intent.addr + intent.size);
        if (intent.kind !== 'map' || intent.addr !== undefined || event.addr === undefined) return;
        const end = event.addr + intent.size;
        if (freed.firstOverlap(event.addr, end) === undefined) return;
        verdict.exercise();
        freed.remove(event.addr, end);
        const lazy = waiting.firstOverlap(event.addr, end);
        if (lazy === undefined) return;
        verdict.violate({
          key: 'handed-out',
          event: n,
          related: first === undefined ? [] : [first.since],
          addr: Math.max(lazy.start, event.addr),
          expected: `a flush of ${quoteRange(lazy.start, lazy.end)} before it is handed out again`,
          seen: `an area at ${quoteRange(event.addr, end)}`,
        });
      },
    };
  },
};
