// SPDX-License-Identifier: GPL-2.0-only
import type { PageRun } from '../../trace/events.ts';
import { contiguousSegments } from '../leaf/largest.ts';
import type { Invariant } from '../invariant.ts';
import type { JudgedRun, MappedRange } from '../judged-run.ts';

export const walkOnce: Invariant = {
  id: 'walk/once',
  title: 'tables walked once',
  promise: 'One map call walks down from the root once, not once for each segment.',
  source: 'The contiguous-memory series for mm/vmalloc, whose purpose this is.',
  why: 'Each descent looks up three or four tables that the last one just left: for 100 MiB of 64 KiB pages, 1600 times.',
  example: 'A huge vmalloc is mapped one segment at a time, each from the top.',
  limits:
    'Counts descents of successful map calls into the range that they mapped; unmapping, clean-up, and what went before an allocation was refused are not counted. vmap() may begin anew where the order of its segments changes, since the leaf size is an argument of the walk: one descent for each group of neighbouring segments of one order is allowed, and one for each root entry.',
  severity: 'cost',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const root = run.state.tables.format.levels[0]!;
    let walks: { n: number; addr: number }[] = [];
    return {
      operation: () => {
        walks = [];
      },
      walk: (event, n) => {
        if (event.level === root.name && run.operation?.intent.kind === 'map')
          walks.push({ n, addr: event.addr });
      },
      'tlb-flush': ({ scope, start, end }) => {
        // What goes before the flush of an address was about another mapping of it, which the call has given up.
        if (walks.length > 0)
          walks = walks.filter(({ addr }) => scope === 'range' && (addr < start || addr >= end));
      },
      released: ({ addr, size }) => {
        // So was what went before these addresses could be taken, flushed or not.
        walks = walks.filter((walk) => walk.addr < addr || walk.addr >= addr + size);
      },
      'alloc-failure': () => {
        // What was refused memory may begin anew.
        walks = [];
      },
      return: (event) => {
        const map = run.mapped(event);
        if (map?.intent.legal !== true) return;
        const { addr, end } = map.range;
        const descents = walks.filter((walk) => walk.addr >= addr && walk.addr < end);
        if (descents.length === 0) return;
        verdict.exercise();
        const rootEntries = Math.floor((end - 1) / root.entrySize) - Math.floor(addr / root.entrySize) + 1;
        const allowed = groups(run, map.range, map.intent.pages) + rootEntries - 1;
        if (descents.length <= allowed) return;
        verdict.violate({
          key: map.operation.event.name,
          event: descents[allowed]!.n,
          related: [descents[allowed - 1]!.n],
          addr: descents[allowed]!.addr,
          expected: allowed === 1 ? 'one descent from the root' : `at most ${allowed} descents from the root`,
          seen: `${descents.length}`,
        });
      },
    };
  },
};

/** Groups of neighbouring segments of one order, when contiguous pages are cut into aligned powers of two. */
function groups(run: JudgedRun, range: MappedRange, pages: readonly PageRun[] | undefined): number {
  if (pages === undefined || run.operation?.intent.kind !== 'map' || run.operation.intent.addr !== undefined)
    return 1;
  let count = 0;
  let last: number | undefined;
  for (const { pfn, count: contiguous } of contiguousSegments(pages)) {
    let left = Math.min(contiguous, range.size / run.pageSize);
    for (let frame: number = pfn; left > 0;) {
      let order = Math.floor(Math.log2(left));
      while (order > 0 && frame % 2 ** order !== 0) order--;
      if (order !== last) count++;
      last = order;
      frame += 2 ** order;
      left -= 2 ** order;
    }
  }
  return Math.max(1, count);
}
