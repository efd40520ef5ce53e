// SPDX-License-Identifier: GPL-2.0-only
import type { CacheFlushEvent } from '../../trace/events.ts';
import { owesCacheFlushAfterMap } from '../entry-points.ts';
import type { Invariant } from '../invariant.ts';
import { quoteRange } from '../quoting.ts';

export const flushCacheVmap: Invariant = {
  id: 'flush/cache-vmap',
  title: 'caches told of new mappings',
  promise:
    'Before a map call returns, flush_cache_vmap() has covered all that it mapped, after it was mapped.',
  source:
    'Documentation/core-api/cachetlb.rst: flush_cache_vmap() after vmap_page_range() installs the entries.',
  why: 'With virtually indexed caches a new mapping may meet lines that an earlier use of the address left behind. On arm64 and x86 the call does nothing; generic code owes it all the same, as it is built for both, and no test on those machines would notice its absence.',
  example: 'The call is given the start address that a loop has advanced to the end: an empty range.',
  limits:
    'Entry points that leave the flush to their caller (*_noflush, and static functions, whose callers are judged) are not judged, nor are failed calls. A flush of more than was mapped, or in several pieces, keeps the promise: it costs time and nothing else.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let flushes: { n: number; event: CacheFlushEvent }[] = [];
    return {
      operation: () => {
        flushes = [];
      },
      'cache-flush': (event, n) => {
        if (event.call === 'flush_cache_vunmap') return;
        flushes.push({ n, event });
      },
      return: (event, n) => {
        const map = run.mapped(event);
        if (map?.intent.legal !== true) return;
        const { name, isStatic } = map.operation.event;
        if (isStatic === true || !owesCacheFlushAfterMap(name)) return;
        verdict.exercise();
        const { addr, end } = map.range;
        const gap = run.state.cacheVmap.firstGap(addr, end);
        if (gap === undefined) return;
        verdict.violate({
          key: flushes.length === 0 ? 'missing' : 'not-covered',
          event: flushes.at(-1)?.n ?? n,
          related: [map.operation.n],
          addr: gap.start,
          expected: `flush_cache_vmap ${quoteRange(addr, end)}`,
          seen: flushes.length === 0 ? 'no flush' : quoteSome(flushes),
        });
      },
    };
  },
};

/** The last ones say most: an early flush is followed by the mapping that it missed. */
function quoteSome(flushes: readonly { event: CacheFlushEvent }[]): string {
  const texts = flushes.slice(-3).map(({ event: { call, start, end } }) => {
    return call === 'flush_cache_all' ? call : `${call} ${quoteRange(start, end)}`;
  });
  return `${flushes.length > 3 ? `${flushes.length - 3} flushes, then ` : ''}${texts.join(', ')}`;
}
