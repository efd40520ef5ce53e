// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import { CachedLines, type LeftLines } from '../../trace/cached-lines.ts';
import type { CacheFlushEvent, PageEvent, TableWriteEvent } from '../../trace/events.ts';
import { leavesCacheFlushToCaller, owesCacheFlushBeforeUnmap } from '../entry-points.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedOperation, JudgedRun } from '../judged-run.ts';
import { quoteRange } from '../quoting.ts';

export const flushCacheVunmap: Invariant = {
  id: 'flush/cache-vunmap',
  title: 'caches told of unmapping',
  promise: 'Before an unmap call clears entries, flush_cache_vunmap() has covered them.',
  source:
    'Documentation/core-api/cachetlb.rst: flush_cache_vunmap() before the page table entries are deleted.',
  why: 'A virtually indexed cache can write dirty lines back only while the address still translates; afterwards they are lost, or hit whoever gets the address or the page next. On machines with such caches, lines that are still there when that happens are reported too, whoever left them.',
  example: 'The flush is moved behind the loop that clears the entries.',
  limits:
    'Entry points that leave the flush to their caller (*_noflush) are not judged, nor is what a failed map call takes back, as long as no line that it leaves does harm. Only vmalloc space is looked at.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let cleared = 0;
    let early: { n: number; addr: number } | undefined;
    const { state } = run;
    const entries = state.tables.format;
    const lines = run.machine.cachesVirtuallyIndexed ? new LineWatch(run, verdict) : undefined;
    return {
      operation: () => {
        cleared = 0;
        early = undefined;
      },
      'cache-flush': (event) => lines?.flush(event),
      page: (event, n) => lines?.page(event, n),
      'table-write': (event, n) => {
        lines?.tableWrite(event, n);
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

/** On machines with virtually indexed caches: lines that outlive their mapping, until they do harm. */
class LineWatch {
  readonly #run: JudgedRun;
  readonly #verdict: Verdict;
  readonly #lines: CachedLines;

  constructor(run: JudgedRun, verdict: Verdict) {
    this.#run = run;
    this.#verdict = verdict;
    this.#lines = new CachedLines(run.pageSize);
  }

  flush({ call, start, end }: CacheFlushEvent): void {
    if (call === 'flush_cache_all') this.#lines.flushAll();
    else this.#lines.flush(start, end);
  }

  tableWrite({ addr, level, before, after }: TableWriteEvent, n: number): void {
    const { operation } = this.#run;
    if (addr === undefined || operation === undefined || !this.#run.inVmallocSpace(addr)) return;
    const { format: entries } = this.#run.state.tables;
    const format = entries.level(level);
    if (entries.kind(format, after) === 'leaf') {
      const left = this.#lines.underLeaf(addr, format.entrySize, entries.leafPfn(format, after, addr));
      if (left !== undefined) this.#report('address-reused', n, left, 'the address is mapped anew');
    } else if (entries.kind(format, before) === 'leaf' && ownsItsFlushes(operation)) {
      this.#leave(addr, addr + format.entrySize, entries.leafPfn(format, before, addr), n);
    }
  }

  /** A page that goes back to the allocator, with lines of it still in the cache. */
  page({ change, pfn, order }: PageEvent, n: number): void {
    const left = change === 'free' ? this.#lines.ofFrames(pfn, 2 ** order) : undefined;
    if (left !== undefined) this.#report('page-freed', n, left, `pfn ${hex(left.pfn)} is freed`);
  }

  #leave(start: number, end: number, pfn: number, n: number): void {
    const { cacheVunmap } = this.#run.state;
    for (let gap = cacheVunmap.firstGap(start, end); gap !== undefined;) {
      this.#lines.leave(gap.start, gap.end - gap.start, pfn + (gap.start - start) / this.#run.pageSize, n);
      gap = cacheVunmap.firstGap(gap.end, end);
    }
  }

  #report(key: string, n: number, { addr, size, since }: LeftLines, harm: string): void {
    this.#verdict.exercise();
    this.#verdict.violate({
      key,
      event: n,
      related: [since],
      addr,
      expected: `flush_cache_vunmap ${quoteRange(addr, addr + size)} before it is unmapped`,
      seen: `lines of the former mapping are in the cache when ${harm}`,
    });
  }
}

/** Of huge entries and attributes the caller takes care, as of everything that says so in its name. */
function ownsItsFlushes({ intent, event }: JudgedOperation): boolean {
  return intent.kind !== 'huge' && intent.kind !== 'protect' && !leavesCacheFlushToCaller(event.name);
}
