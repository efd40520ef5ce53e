// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../../base/units.ts';
import type { PageRun } from '../../trace/events.ts';
import type { Invariant } from '../invariant.ts';
import type { JudgedRun } from '../judged-run.ts';
import { quoteTranslation } from '../quoting.ts';

export const mapRefuse: Invariant = {
  id: 'map/refuse',
  title: 'bad pages are refused',
  promise:
    'A NULL page, or one without a valid pfn, is refused with an error and nothing is mapped for it, at every level.',
  source: 'mm/vmalloc.c: the walker of pages[] warns of both and gives up, at the PTE level since it exists.',
  why: 'page_to_phys() of NULL is a number like any other: a block to nowhere, or to a device, is mapped in silence.',
  example: 'The path that sets PMD blocks takes pages[*nr] unchecked.',
  limits:
    'A bad page inside of a block or a run whose first page is good is not held against the callee: the caller promised contiguous pages up to that size. Pages before the bad one may stay mapped where the caller cleans up.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    warn: (event, n) => {
      if (event.call !== 'BUG' || firstBad(run) === undefined) return;
      verdict.exercise();
      verdict.violate({ key: 'bug', event: n, expected: 'an error', seen: `BUG: ${event.condition}` });
    },
    return: (event, n) => {
      const pages = firstBad(run);
      const { operation } = run;
      if (pages === undefined || operation?.intent.kind !== 'map') return;
      verdict.exercise();
      const addr = operation.intent.addr ?? event.addr;
      const mapped = addr === undefined ? undefined : mappedBad(run, pages, addr);
      if (mapped !== undefined) {
        const { page, at, kind } = mapped;
        verdict.violate({
          key: `mapped/${run.state.tables.translate(at)?.level}`,
          event: run.lastWriteTo(at),
          related: [operation.n],
          addr: at,
          expected: `nothing mapped for pages[${page}], which ${kind}`,
          seen: quoteTranslation(at, run.state.tables.translate(at), run.pageSize),
        });
      } else if (event.error === 0 && !isInsideOfLeaf(run, pages, addr)) {
        verdict.violate({
          key: 'success',
          event: n,
          related: [operation.n],
          expected: 'an error',
          seen: 'success',
        });
      }
    },
  }),
};

/** The pages of the current map call, if one of them is bad. */
function firstBad(run: JudgedRun): readonly PageRun[] | undefined {
  const intent = run.operation?.intent;
  if (intent?.kind !== 'map') return undefined;
  return intent.pages?.some(({ bad, count }) => bad !== undefined && count > 0) === true
    ? intent.pages
    : undefined;
}

/** The first leaf or run that begins with a bad page. */
function mappedBad(
  run: JudgedRun,
  pages: readonly PageRun[],
  addr: VirtAddr,
): { page: number; at: VirtAddr; kind: string } | undefined {
  for (const { page, bad } of badPages(pages)) {
    const at = addr + page * run.pageSize;
    if (beginsLeaf(run, at)) return { page, at, kind: bad === 'null' ? 'is NULL' : 'has no valid pfn' };
  }
  return undefined;
}

function beginsLeaf(run: JudgedRun, at: VirtAddr): boolean {
  const { tables } = run.state;
  const leaf = tables.translate(at);
  if (leaf === undefined || run.operation === undefined) return false;
  if (tables.lookupBefore(at, run.operation.journal).leaf !== undefined) return false;
  const format = tables.format.level(leaf.level);
  const size = leaf.size * (tables.format.isContiguous(format, leaf.descriptor) ? format.runEntries : 1);
  return at % size === 0;
}

/** Every bad page is covered by a leaf that begins with a good one. */
function isInsideOfLeaf(run: JudgedRun, pages: readonly PageRun[], addr: VirtAddr | undefined): boolean {
  if (addr === undefined) return false;
  for (const { page } of badPages(pages)) {
    if (run.state.tables.translate(addr + page * run.pageSize) === undefined) return false;
  }
  return true;
}

function* badPages(pages: readonly PageRun[]): Generator<{ page: number; bad: 'null' | 'invalid' }> {
  let page = 0;
  for (const { count, bad } of pages) {
    if (bad !== undefined) for (let index = 0; index < count; index++) yield { page: page + index, bad };
    page += count;
  }
}
