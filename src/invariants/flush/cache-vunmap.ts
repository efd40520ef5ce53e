// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import { owesCacheFlushBeforeUnmap } from '../entry-points.ts';
import type { Invariant } from '../invariant.ts';

export const flushCacheVunmap: Invariant = {
  id: 'flush/cache-vunmap',
  title: 'caches told of unmapping',
  promise: 'Before an unmap call clears entries, flush_cache_vunmap() has covered them.',
  source:
    'Documentation/core-api/cachetlb.rst: flush_cache_vunmap() before the page table entries are deleted.',
  why: 'A virtually indexed cache can write dirty lines back only while the address still translates; afterwards they are lost, or hit whoever gets the address next.',
  example: 'The flush is moved behind the loop that clears the entries.',
  limits:
    'Entry points that leave the flush to their caller (*_noflush) are not judged, nor is what a failed map call takes back. Only vmalloc space is looked at.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let cleared = 0;
    let early: { n: number; addr: number } | undefined;
    const { state } = run;
    const entries = state.tables.format;
    return {
      operation: () => {
        cleared = 0;
        early = undefined;
      },
      'table-write': (event, n) => {
        const { operation } = run;
        if (event.addr === undefined || operation?.intent.kind !== 'unmap' || !run.inVmallocSpace(event.addr))
          return;
        const format = entries.level(event.level);
        if (entries.kind(format, event.before) !== 'leaf' || entries.kind(format, event.after) === 'leaf')
          return;
        cleared++;
        if (early !== undefined) return;
        const gap = state.cacheVunmap.firstGap(event.addr, event.addr + format.entrySize);
        if (gap !== undefined) early = { n, addr: gap.start };
      },
      return: () => {
        const { operation } = run;
        if (operation === undefined || cleared === 0 || !owesCacheFlushBeforeUnmap(operation.event.name))
          return;
        verdict.exercise();
        if (early === undefined) return;
        verdict.violate({
          key: 'not-covered',
          event: early.n,
          related: [operation.n],
          addr: early.addr,
          expected: `flush_cache_vunmap before the entry at ${hex(early.addr)} is cleared`,
          seen: 'no flush of that address since it was mapped',
        });
      },
    };
  },
};
