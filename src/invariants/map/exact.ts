// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, type Descriptor } from '../../base/descriptor.ts';
import { hex } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import { AddressRanges } from '../../trace/address-ranges.ts';
import type { PageRun, ReturnEvent } from '../../trace/events.ts';
import type { LeafRun } from '../../trace/leaf-runs.ts';
import { modulo } from '../../trace/page-table-entry.ts';
import type { TranslationChange } from '../../trace/translation-change.ts';
import { allocatesPages, freesPages, mayDefer } from '../entry-points.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedRun, MappedRange } from '../judged-run.ts';
import { quoteProtection, quoteRange, quoteTranslation } from '../quoting.ts';

export const mapExact: Invariant = {
  id: 'map/exact',
  title: 'pages map where asked',
  promise:
    'After a successful map call, page i of the range translates to pages[i] with the asked protection and nothing outside of the range changed; what begins inside of a page does so at the address that is returned; after an unmap call, nothing in the range translates.',
  source: 'Documentation/core-api and the kernel-doc of vmap(), vmap_page_range() and vunmap_range().',
  why: 'A wrong translation reads or overwrites memory that belongs to somebody else, far from the line that caused it.',
  example:
    'The index into pages[] is advanced by one page after a block of 512: what follows the block maps pages 1, 2, 3 again.',
  limits:
    "For vmalloc() the pages are the callee's choice: only that each address has a page of its own, and one that was allocated, is checked. Execute permission may be taken away from what was asked (pgprot_nx). Calls that ran beside another one, and unmapping put off to a worker, are not judged; bytes outside of the range are not when the caller cuts a leaf in two by unmapping a part of it, nor in the linear map where something else is unmapped.",
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    /** Physical addresses of pages that the allocator has given out. */
    const held = new AddressRanges();
    return {
      page: ({ change, pfn, order }) => {
        const start = pfn * run.pageSize;
        const end = start + 2 ** order * run.pageSize;
        if (change === 'alloc') held.add(start, end);
        else held.remove(start, end);
      },
      return: (event, n) => {
        const resized = run.operation?.intent;
        if (resized?.kind === 'resize' && event.error === 0 && event.addr !== undefined) {
          checkResized(run, verdict, { from: resized.addr, to: event.addr, size: resized.size, n }, held);
          return;
        }
        if (checkPlace(run, verdict, event, n)) return;
        const map = run.mapped(event);
        if (map?.intent.legal !== true) {
          checkUnmapped(run, verdict, event.error, n);
          return;
        }
        verdict.exercise();
        const { intent, range } = map;
        const { pages, prot } = intent;
        const told =
          pages === undefined
            ? checkOwnPages(run, verdict, range, { prot, held })
            : checkPages(run, verdict, range, { pages, prot });
        if (!told && !allocatesPages(map.operation.event.name)) checkOutside(run, verdict, range, n);
      },
    };
  },
};

/** Memory that begins inside of a page does so in virtual space as well. Returns whether it does not. */
function checkPlace(
  run: JudgedRun,
  verdict: Verdict,
  { addr, value, error }: ReturnEvent,
  n: number,
): boolean {
  const intent = run.operation?.intent;
  if (addr === undefined || error !== 0 || intent?.kind !== 'map' || !intent.legal) return false;
  if (addr % run.pageSize === 0) return false;
  const offset = modulo(Number(value) - addr, run.pageSize);
  verdict.exercise();
  verdict.violate({
    key: 'offset',
    event: n,
    addr,
    expected: `an address ${offset === 0 ? 'at the start of' : `${hex(offset)} bytes into`} a page, as the memory asked for`,
    seen: hex(value),
  });
  return true;
}

function checkResized(
  run: JudgedRun,
  verdict: Verdict,
  { from, to, size, n }: { from: VirtAddr; to: VirtAddr; size: number; n: number },
  held: AddressRanges,
): void {
  verdict.exercise();
  const told = checkOwnPages(run, verdict, { addr: to, end: to + size, size }, { prot: undefined, held });
  if (!told && from !== to) checkLeft(run, verdict, from, n);
}

/** Walks what was asked and what is there side by side, run by run. Returns whether something was wrong. */
function checkPages(
  run: JudgedRun,
  verdict: Verdict,
  range: MappedRange,
  asked: { pages: readonly PageRun[]; prot: Descriptor },
): boolean {
  const leaves = run.leafRuns(range.addr, range.end);
  let addr = range.addr;
  let at = 0;
  for (const { pfn, count } of asked.pages) {
    const end = Math.min(range.end, addr + count * run.pageSize);
    for (let frame: number = pfn; addr < end;) {
      while (at < leaves.length && leaves[at]!.end <= addr) at++;
      const leaf = leaves[at];
      const there = leaf !== undefined && leaf.addr <= addr ? leaf : undefined;
      const wrong = wrongness(run, there, addr, { pfn: frame, prot: asked.prot });
      if (wrong !== undefined) {
        report(run, verdict, addr, `page ${(addr - range.addr) / run.pageSize}: ${wrong.expected}`, wrong);
        return true;
      }
      const next = Math.min(end, there!.end);
      frame += (next - addr) / run.pageSize;
      addr = next;
    }
  }
  return false;
}

interface Wrong {
  readonly key: string;
  readonly expected: string;
  readonly seen: string;
}

function wrongness(
  run: JudgedRun,
  leaf: LeafRun | undefined,
  addr: VirtAddr,
  asked: { pfn: number; prot: Descriptor },
): Wrong | undefined {
  if (leaf !== undefined && leaf.pfn + (addr - leaf.addr) / run.pageSize === asked.pfn) {
    return wrongProtection(run, leaf, attributesOf(asked.prot));
  }
  const seen = quoteTranslation(addr, run.state.tables.translate(addr), run.pageSize);
  return { key: leaf === undefined ? 'missing' : 'wrong-page', expected: `pfn ${hex(asked.pfn)}`, seen };
}

function wrongProtection(run: JudgedRun, leaf: LeafRun, asked: number): Wrong | undefined {
  const { attributes: bits } = run.machine;
  const { format } = run.state.tables;
  const withoutExecution = format.isExecutable(asked) && !format.isExecutable(leaf.attributes);
  const mask = withoutExecution ? bits.writable.mask | bits.user.mask | bits.memoryType : bits.protection;
  if (((leaf.attributes ^ asked) & mask & bits.protection) === 0) return undefined;
  return {
    key: 'wrong-protection',
    expected: quoteProtection(format, asked & bits.protection),
    seen: quoteProtection(format, leaf.attributes & bits.protection),
  };
}

/** vmalloc: every address mapped, with the asked protection if one is known, to a frame of its own that somebody holds. */
function checkOwnPages(
  run: JudgedRun,
  verdict: Verdict,
  range: MappedRange,
  { prot, held }: { prot: Descriptor | undefined; held: AddressRanges },
): boolean {
  const frames: LeafRun[] = [];
  let { addr } = range;
  for (const leaf of run.leafRuns(range.addr, range.end)) {
    if (leaf.addr > addr) break;
    const wrong =
      (prot === undefined ? undefined : wrongProtection(run, leaf, attributesOf(prot))) ??
      strangeFrame(run, leaf, held);
    if (wrong !== undefined) {
      report(run, verdict, addr, wrong.expected, wrong);
      return true;
    }
    frames.push(leaf);
    addr = leaf.end;
  }
  if (addr < range.end) {
    report(run, verdict, addr, 'a page', { key: 'missing', seen: 'no translation' });
    return true;
  }
  const sorted = frames.toSorted((a, b) => a.pfn - b.pfn);
  for (const [index, leaf] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || before.pfn + (before.end - before.addr) / run.pageSize <= leaf.pfn) continue;
    const seen = `pfn ${hex(leaf.pfn)}, which ${hex(before.addr)} translates to as well`;
    report(run, verdict, leaf.addr, 'a page of its own', { key: 'page-twice', seen });
    return true;
  }
  return false;
}

/** A frame that the page allocator has not given out, where the trace tells of it at all. */
function strangeFrame(run: JudgedRun, leaf: LeafRun, held: AddressRanges): Wrong | undefined {
  if (held.isEmpty) return undefined;
  const start = leaf.pfn * run.pageSize;
  const gap = held.firstGap(start, start + (leaf.end - leaf.addr));
  if (gap === undefined) return undefined;
  const seen = `pfn ${hex(gap.start / run.pageSize)}, which nobody has allocated`;
  return { key: 'strange-page', expected: 'pages from the allocator', seen };
}

function report(
  run: JudgedRun,
  verdict: Verdict,
  addr: VirtAddr,
  expected: string,
  wrong: { key: string; seen: string },
): void {
  const related = run.operation === undefined ? [] : [run.operation.n];
  verdict.violate({
    key: wrong.key,
    event: run.lastWriteTo(addr),
    related,
    addr,
    expected: `${expected} at ${hex(addr)}`,
    seen: wrong.seen,
  });
}

function checkOutside(run: JudgedRun, verdict: Verdict, range: MappedRange, n: number): void {
  const change = run.changesOutside(range.addr, range.end).find((found) => !run.inLinearMap(found.addr));
  if (change !== undefined) reportOutside(run, verdict, { change, range, n });
}

function reportOutside(
  run: JudgedRun,
  verdict: Verdict,
  found: { change: TranslationChange; range: MappedRange; n: number },
): void {
  const { change, range, n } = found;
  const before = quoteTranslation(change.addr, change.before, run.pageSize);
  const after = quoteTranslation(change.addr, change.after, run.pageSize);
  const write = run.lastWriteTo(change.addr);
  verdict.violate({
    key: 'outside',
    event: write,
    related: write === n ? [] : [n],
    addr: change.addr,
    expected: `no change outside of ${quoteRange(range.addr, range.end)}`,
    seen: `${quoteRange(change.addr, change.addr + change.size)}: ${before}, then ${after}`,
  });
}

function checkUnmapped(run: JudgedRun, verdict: Verdict, error: number, n: number): void {
  const { operation } = run;
  if (operation?.intent.kind !== 'unmap' || error !== 0 || !operation.alone) return;
  const { addr, size } = operation.intent;
  const { name } = operation.event;
  if (size <= 0 || mayDefer(operation.event)) return;
  verdict.exercise();
  const end = addr + size;
  const left = run.leafRuns(addr, end)[0];
  if (left !== undefined) {
    const at = Math.max(left.addr, addr);
    const seen = quoteTranslation(at, run.state.tables.translate(at), run.pageSize);
    verdict.violate({
      key: 'still-mapped',
      event: n,
      related: [operation.n],
      addr: at,
      expected: 'no translation',
      seen,
    });
    return;
  }
  if (freesPages(name)) return;
  // What ends an area may give its pages back to the linear map.
  const isJudged = (at: VirtAddr): boolean => run.inLinearMap(addr) || !run.inLinearMap(at);
  const change = run
    .changesOutside(addr, end)
    .find(({ addr: at, before }) => isJudged(at) && !isCut(before, addr, end));
  if (change !== undefined) reportOutside(run, verdict, { change, range: { addr, end, size }, n });
}

/** What moved elsewhere leaves nothing at its old place. */
function checkLeft(run: JudgedRun, verdict: Verdict, addr: VirtAddr, n: number): void {
  const left = run.state.tables.translate(addr);
  if (left === undefined) return;
  verdict.violate({
    key: 'still-mapped',
    event: n,
    related: run.operation === undefined ? [] : [run.operation.n],
    addr,
    expected: 'no translation of what has moved',
    seen: quoteTranslation(addr, left, run.pageSize),
  });
}

/** The caller unmaps a part of the leaf only. */
function isCut(leaf: { addr: VirtAddr; size: number } | undefined, start: VirtAddr, end: VirtAddr): boolean {
  return leaf !== undefined && leaf.addr < end && leaf.addr + leaf.size > start;
}
