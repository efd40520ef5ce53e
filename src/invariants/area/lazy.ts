// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import { AddressRanges } from '../../trace/address-ranges.ts';
import type { StaleTranslation } from '../../trace/stale-translations.ts';
import { mayDefer } from '../entry-points.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedRun } from '../judged-run.ts';
import { quoteRange } from '../quoting.ts';

export const areaLazy: Invariant = {
  id: 'area/lazy',
  title: 'lazily freed areas wait',
  promise:
    'A lazily freed area is unmapped before it waits for a purge, is neither free nor handed out again before that has flushed it, and the purge comes before too much waits for it.',
  source: 'mm/vmalloc.c, free_vmap_area_noflush() and __purge_vmap_area_lazy().',
  why: 'The flush that the free put off is then never done before the address has a new meaning.',
  example: 'An area is put back into the free tree when it is freed, and again when it is purged.',
  limits:
    'Judged where the callee chooses the address, when the call returns: an area counts as purged once a flush has covered all that was mapped in it. What is too much is for the kernel to say: a share of 4 GiB that has still not been flushed when the workers are done is held against it, as a risk.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const freed = new AddressRanges();
    const waiting = new AddressRanges();
    /** So large that one alone must start a purge. */
    const large = new AddressRanges();
    let first: StaleTranslation | undefined;
    let isQueued = false;
    return {
      operation: () => {
        isQueued = false;
        waiting.clear();
        const intent = run.operation?.intent;
        if (intent?.kind !== 'map' || intent.addr !== undefined || run.state.stale.isEmpty) return;
        const { vmallocStart, vmallocEnd } = run.machine.addresses;
        const stale = run.state.stale.overlapping(vmallocStart, vmallocEnd);
        for (const { addr, size } of stale) waiting.add(addr, addr + size);
        first = stale[0];
      },
      tree: ({ change, name }, n) => {
        if (isQueued || change !== 'insert') return;
        isQueued = true;
        checkQueued(run, verdict, name, n);
      },
      released: ({ addr, size }, n) => {
        if (run.operation !== undefined) checkReleased(run, verdict, { addr, end: addr + size, n });
      },
      'tlb-flush': (event) => {
        if (event.local || waiting.isEmpty) return;
        if (event.scope === 'all') waiting.clear();
        else waiting.remove(event.start, event.end);
      },
      return: (event, n) => {
        const intent = run.operation?.intent;
        if (event.error !== 0 || intent === undefined) return;
        if (run.operation?.event.name === 'flush_scheduled_work') checkPile(run, verdict, large, n);
        if (intent.kind === 'unmap' && intent.size >= TOO_MUCH && !mayDefer(run.operation!.event))
          large.add(intent.addr, intent.addr + intent.size);
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

interface Released {
  readonly addr: VirtAddr;
  readonly end: VirtAddr;
  readonly n: number;
}

/** Another CPU may take these addresses at once. */
function checkReleased(run: JudgedRun, verdict: Verdict, { addr, end, n }: Released): void {
  verdict.exercise();
  const stale = run.state.stale.first(addr, end);
  if (stale === undefined) return;
  verdict.violate({
    key: 'released',
    event: n,
    related: [stale.since],
    addr: stale.addr,
    expected: `a flush of ${quoteRange(addr, end)} before it may be taken`,
    seen: `the TLB may still translate ${hex(stale.addr)} to pfn ${hex(stale.pfn)}`,
  });
}

/** What is in a tree others may take from there, and give its addresses away. */
function checkQueued(run: JudgedRun, verdict: Verdict, tree: string, n: number): void {
  const { operation } = run;
  if (operation?.intent.kind !== 'unmap' || !operation.alone) return;
  const { addr, size } = operation.intent;
  const leaf = run.leafRuns(addr, addr + size)[0];
  if (leaf === undefined) return;
  verdict.exercise();
  verdict.violate({
    key: 'still-mapped',
    event: n,
    related: [operation.n],
    addr: leaf.addr,
    expected: `nothing mapped in ${quoteRange(addr, addr + size)} when it is put into ${tree}`,
    seen: `${quoteRange(leaf.addr, leaf.end)} is mapped`,
  });
}

/** Linux purges from 32 MiB for each doubling of the CPUs. */
const TOO_MUCH = 2 ** 32;

function checkPile(run: JudgedRun, verdict: Verdict, large: AddressRanges, n: number): void {
  for (const { start, end } of large) {
    verdict.exercise();
    const stale = run.state.stale.first(start, end);
    if (stale === undefined) continue;
    verdict.violate({
      key: 'piled-up',
      severity: 'risk',
      event: n,
      related: [stale.since],
      addr: stale.addr,
      expected: `a purge once ${quoteRange(start, end)} waits for it`,
      seen: `the TLB may still translate ${hex(stale.addr)} to pfn ${hex(stale.pfn)}`,
    });
    return;
  }
}
