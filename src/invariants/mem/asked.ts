// SPDX-License-Identifier: GPL-2.0-only
import { errorText } from '../../trace/error-names.ts';
import { hex } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import type { AllocEvent, PageEvent } from '../../trace/events.ts';
import { allocatesPages } from '../entry-points.ts';
import type { Invariant } from '../invariant.ts';
import type { JudgedRun } from '../judged-run.ts';

export const memAsked: Invariant = {
  id: 'mem/asked',
  title: 'memory is what was asked for',
  promise:
    'Memory of vmalloc() and its relatives comes from the zone and the node asked for, holds zeroes where they are asked for, keeps what it holds when its size changes, comes in the end where it must not fail, and nothing is allocated in a way that the mask rules out.',
  source:
    'The comments above the functions of the vmalloc() family in mm/vmalloc.c; Documentation/core-api/memory-allocation.rst and gfp_mask-from-fs-io.rst.',
  why: 'A caller that holds locks of a file system deadlocks when memory for it is looked for in that file system; a device cannot reach pages of another zone; stale bytes in memory for user space are a leak of secrets.',
  example: 'A wrapper passes GFP_KERNEL where it has a mask of its caller.',
  limits:
    'Zone and node are what the page allocator was asked, not where pages lie. Tables are told by the scopes that are entered for them (error/balance). Zeroes are looked for at both ends of each page.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const reclaim = (event: AllocEvent | PageEvent, n: number): void => {
      const allowed = allowedTo(run);
      if (allowed === undefined || event.gfp === undefined) return;
      const wrong = wordsOf(event.gfp).filter((word) => RECLAIM.has(word) && !allowed.includes(word));
      if (wrong.length === 0) return;
      verdict.violate({
        key: `may-${wrong.at(-1)}`,
        event: n,
        related: [run.operation!.n],
        expected: `an allocation that may ${reclaimText(allowed.filter((word) => RECLAIM.has(word)))}`,
        seen: `one that may ${reclaimText(wrong)}`,
      });
    };
    return {
      alloc: reclaim,
      page: reclaim,
      return: (event, n) => {
        const allowed = allowedTo(run);
        if (allowed === undefined || run.operation?.legal === false) return;
        if (event.error !== 0 && allowed.includes('nofail')) {
          const expected = 'memory, as long as it may take';
          verdict.violate({
            key: 'failed',
            event: n,
            related: [run.operation!.n],
            expected,
            seen: errorText(event.error),
          });
        }
        if (event.error !== 0 || event.addr === undefined) return;
        verdict.exercise();
        const places = allowed.filter((word) => isPlace(word));
        const wrong = misplaced(run, event.addr, places);
        if (wrong === undefined) return;
        verdict.violate({
          key: 'place',
          event: n,
          related: [wrong.n, run.operation!.n],
          addr: event.addr,
          expected: `pages of ${placesText(places)}`,
          seen: `pfn ${hex(wrong.event.pfn)}, asked of ${placesText(wordsOf(wrong.event.gfp ?? '').filter(isPlace))}`,
        });
      },
      area: (event, n) => {
        const { returned } = run;
        if (returned === undefined) return;
        if (event.contentsLost === true) {
          verdict.violate({
            key: 'contents',
            event: n,
            related: [returned.n],
            addr: event.addr,
            expected: 'what its owner had written, as far as it still belongs to it',
            seen: 'a page with something else',
          });
        }
        if (event.notZero !== true) return;
        verdict.violate({
          key: 'zero',
          event: n,
          related: [returned.n],
          addr: event.addr,
          expected: 'zeroes in all of it',
          seen: 'a page with what its last user left',
        });
      },
    };
  },
};

const RECLAIM: ReadonlyMap<string, string> = new Map([
  ['wait', 'wait'],
  ['io', 'do I/O'],
  ['fs', 'call file systems'],
]);

/** `wait and do I/O`. */
function reclaimText(words: readonly string[]): string {
  return words.map((word) => RECLAIM.get(word)).join(' and ') || 'not wait';
}

/** There are some dozens of masks, and every allocation has one. */
const wordsOfMask = new Map<string, readonly string[]>();

function wordsOf(gfp: string): readonly string[] {
  let known = wordsOfMask.get(gfp);
  if (known === undefined) wordsOfMask.set(gfp, (known = gfp.split(' ')));
  return known;
}

/** Zones that not all memory is in, and nodes. */
function isPlace(word: string): boolean {
  return word.startsWith('dma') || word.startsWith('node');
}

/** `node 0 and ZONE_DMA32`. */
function placesText(places: readonly string[]): string {
  const names = places.map((word) =>
    word.replace(/^node/, 'node ').replace(/^dma.*/, (zone) => `ZONE_${zone.toUpperCase()}`),
  );
  return names.join(' and ') || 'any node and zone';
}

/** What the caller of the present call allows and asks; undefined where it says nothing. */
function allowedTo({ operation }: JudgedRun): readonly string[] | undefined {
  if (operation?.intent.kind !== 'map' || !operation.alone || !allocatesPages(operation.event.name))
    return undefined;
  const { asked } = operation.intent;
  return asked?.gfp === undefined ? undefined : wordsOf(asked.gfp);
}

/** A page of the new area that was not asked for as it should be. */
function misplaced(
  run: JudgedRun,
  addr: VirtAddr,
  places: readonly string[],
): { readonly n: number; readonly event: PageEvent } | undefined {
  const { operation, state } = run;
  if (operation?.intent.kind !== 'map') return undefined;
  const leaves = run.leafRuns(addr, addr + operation.intent.size);
  const mapped = new Set(leaves.map(({ pfn }) => pfn));
  return [...state.pages.values()].find(
    ({ n, event }) => n > operation.n && mapped.has(event.pfn) && !isAsAsked(event, places),
  );
}

/** In every place that was asked for, and on no node that nobody named. */
function isAsAsked(event: PageEvent, places: readonly string[]): boolean {
  const nodes = wordsOf(event.gfp ?? '').filter((word) => word.startsWith('node'));
  return places.every((word) => isIn(event, word)) && nodes.every((word) => places.includes(word));
}

/** The first 16 MiB are part of the first 4 GiB. */
function isIn({ gfp = '' }: PageEvent, place: string): boolean {
  const words = wordsOf(gfp);
  return words.includes(place) || (place === 'dma32' && words.includes('dma'));
}
