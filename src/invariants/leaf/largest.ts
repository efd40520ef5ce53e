// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { ByteCount, Pfn, Shift, VirtAddr } from '../../base/units.ts';
import type { PageRun } from '../../trace/events.ts';
import { sizeText } from '../../trace/size-text.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedRun, MappedRange } from '../judged-run.ts';
import { quoteLeafSize, quoteRange } from '../quoting.ts';

export const leafLargest: Invariant = {
  id: 'leaf/largest',
  title: 'largest leaves used',
  promise:
    "Where pages, address, the caller's page_shift and the machine allow a larger leaf or run, it is used, and one segment that cannot does not stop the others.",
  source:
    'The purpose of huge vmap: Documentation/core-api, CONFIG_HAVE_ARCH_HUGE_VMAP, and the claims of the series that widen it.',
  why: 'Every missed block costs up to 512 entries to set, to clear and to keep in the TLB.',
  example: 'One misaligned segment sends all that follows to single pages.',
  limits:
    'The address is taken as given: that a better one could have been chosen is not seen. Contiguous runs are asked for at the last level only, since the kernel has no way to ask for others. Calls that are refused an allocation are not judged. Of calls whose pages the callee chooses (vmalloc), those are judged that may use blocks: one block at least has to be there if the size reaches that of one.',
  severity: 'cost',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const sizes = leafSizes(run);
    return {
      return: (event, n) => {
        const map = run.mapped(event);
        // A caller that is refused memory may go on with less: x86 asks for some to put a block in the place of a table.
        if (map?.intent.legal !== true || map.operation.refusals > 0) return;
        if (map.intent.pages === undefined) {
          judgeAllocated(run, verdict, map.range, { most: map.intent.maxShift, n });
          return;
        }
        const most = 2 ** map.intent.maxShift;
        const blocks = map.intent.runs === false ? sizes.filter((size) => size !== runSize(run)) : sizes;
        const allowed = blocks.filter((size) => size <= most);
        if (allowed.length > 0)
          judgeRange(run, verdict, map.range, { pages: map.intent.pages, sizes: allowed });
      },
    };
  },
};

/** What is larger than a page, largest first. */
function leafSizes(run: JudgedRun): ByteCount[] {
  const { levels, last } = run.state.tables.format;
  const sizes = levels
    .filter((format) => format !== last && format.level.leaf !== undefined)
    .map((f) => f.entrySize);
  if (last.runEntries > 1) sizes.push(runSize(run));
  return sizes.toSorted((a, b) => b - a);
}

/** Of pages. */
function runSize(run: JudgedRun): ByteCount {
  const { last } = run.state.tables.format;
  return last.entrySize * last.runEntries;
}

/** What has pages of its own can have them in blocks, at an address where blocks begin. */
function judgeAllocated(
  run: JudgedRun,
  verdict: Verdict,
  range: MappedRange,
  { most, n }: { most: Shift; n: number },
): void {
  const { levels, last } = run.state.tables.format;
  const blocks = levels.filter((format) => format !== last && format.level.leaf !== undefined);
  const block = blocks.at(-1)?.entrySize;
  if (block === undefined || block > 2 ** most || block > range.size) return;
  verdict.exercise();
  const leaves = run.leafRuns(range.addr, range.end);
  if (leaves.some(({ format }) => format.entrySize >= block)) return;
  verdict.violate({
    key: `vmalloc/${sizeText(block)}`,
    event: n,
    related: run.operation === undefined ? [] : [run.operation.n],
    addr: range.addr,
    expected: `a block of ${sizeText(block)} in ${quoteRange(range.addr, range.end)}`,
    seen: 'smaller leaves alone, though no allocation was refused',
  });
}

interface Missed {
  readonly addr: VirtAddr;
  readonly size: ByteCount;
  readonly seen: string;
}

function judgeRange(
  run: JudgedRun,
  verdict: Verdict,
  range: MappedRange,
  asked: { pages: readonly PageRun[]; sizes: readonly ByteCount[] },
): void {
  const leaves = run.leafRuns(range.addr, range.end);
  let at = 0;
  let possible = 0;
  let missed = 0;
  let first: Missed | undefined;
  for (const { addr, size } of idealLeaves(run, range, asked)) {
    possible++;
    while (at < leaves.length && leaves[at]!.end <= addr) at++;
    const leaf = leaves[at];
    if (leaf === undefined) break;
    if (leaf.format.entrySize * (leaf.contiguous ? leaf.format.runEntries : 1) >= size) continue;
    missed++;
    first ??= { addr, size, seen: quoteLeafSize(leaf) };
  }
  if (possible > 0) verdict.exercise();
  if (first === undefined) return;
  verdict.violate({
    key: sizeText(first.size),
    event: run.lastWriteTo(first.addr),
    related: run.operation === undefined ? [] : [run.operation.n],
    addr: first.addr,
    expected: `a leaf or run of ${sizeText(first.size)} at ${hex(first.addr)}`,
    seen: `${first.seen}; ${missed} of ${possible} possible larger leaves not used`,
  });
}

/** Where leaves larger than a page fit: at each address the largest that does. */
function* idealLeaves(
  run: JudgedRun,
  range: MappedRange,
  asked: { pages: readonly PageRun[]; sizes: readonly ByteCount[] },
): Generator<{ addr: VirtAddr; size: ByteCount }> {
  const smallest = asked.sizes.at(-1)!;
  for (const segment of contiguousSegments(asked.pages)) {
    const start = range.addr + segment.page * run.pageSize;
    const end = Math.min(range.end, start + segment.count * run.pageSize);
    for (let addr = start; addr < end;) {
      const phys = segment.pfn * run.pageSize + (addr - start);
      const size = asked.sizes.find((fits) => addr % fits === 0 && phys % fits === 0 && addr + fits <= end);
      if (size !== undefined) yield { addr, size };
      addr = size === undefined ? Math.floor(addr / smallest) * smallest + smallest : addr + size;
    }
  }
}

/** Pages that follow one another in memory, whatever runs they were given as. */
export function contiguousSegments(pages: readonly PageRun[]): { page: number; pfn: Pfn; count: number }[] {
  const segments: { page: number; pfn: Pfn; count: number }[] = [];
  let page = 0;
  for (const { pfn, count } of pages) {
    const last = segments.at(-1);
    if (last !== undefined && last.pfn + last.count === pfn) last.count += count;
    else if (count > 0) segments.push({ page, pfn, count });
    page += count;
  }
  return segments;
}
