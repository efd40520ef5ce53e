// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { Pfn } from '../../base/units.ts';
import type { PageGivenEvent, ReturnEvent } from '../../trace/events.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedOperation, JudgedRun } from '../judged-run.ts';

/** Page of what was asked for, by index, with the event that handed it out. */
type Given = ReadonlyMap<number, { readonly n: number; readonly event: PageGivenEvent }>;

export const mapGiven: Invariant = {
  id: 'map/given',
  title: 'pages given are those mapped',
  promise:
    'vmalloc_to_page() and vread_iter() give the pages that addresses translate to, and vread_iter() nothing of devices; remap_vmalloc_range() shows user space every page of the range and no other, and nothing of an area that is not made for it.',
  source:
    'mm/vmalloc.c, vmalloc_to_page() and remap_vmalloc_range_partial() and vread_iter(); include/linux/vmalloc.h, VM_USERMAP.',
  why: 'Drivers program devices with such pages, and user space may write to what it is shown: a wrong page is memory of somebody else.',
  example:
    'In a block mapping the offset within the block is lost, so that each address gives its first page.',
  limits:
    'What the tables hold when the call returns is what counts. A page that is not mapped may be asked for; then none is to be given.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const given = new Map<number, { n: number; event: PageGivenEvent }>();
    return {
      operation: () => given.clear(),
      'page-given': (event, n) => {
        given.set(event.index, { n, event });
      },
      return: (event, n) => {
        const { operation } = run;
        if (operation?.intent.kind !== 'show' || !operation.alone) return;
        verdict.exercise();
        checkCount(verdict, operation.intent.bytes, event, n);
        if (operation.intent.legal) checkShown(run, verdict, operation, given, { event, n });
        else if (event.error === 0 && given.size > 0) {
          const seen = `${given.size} pages given`;
          verdict.violate({ key: 'not-refused', event: n, expected: 'refused, nothing given', seen });
        }
      },
    };
  },
};

/** Who reads is told how far it has got: to the end, with zeroes for what is not there. */
function checkCount(verdict: Verdict, bytes: number | undefined, { value }: ReturnEvent, n: number): void {
  if (bytes === undefined || value === bytes) return;
  verdict.violate({ key: 'count', event: n, expected: `${bytes} bytes`, seen: `${value} bytes` });
}

function checkShown(
  run: JudgedRun,
  verdict: Verdict,
  { intent, refusals }: JudgedOperation,
  given: Given,
  returned: { readonly event: ReturnEvent; readonly n: number },
): void {
  if (intent.kind !== 'show') return;
  const count = intent.size / run.pageSize;
  for (let index = 0; index < count; index++) {
    const addr = intent.addr + index * run.pageSize;
    const leaf = run.state.tables.translate(addr);
    const behind = leaf === undefined ? undefined : leaf.pfn + Math.floor((addr - leaf.addr) / run.pageSize);
    // Who reads is shown a hole where devices are.
    const expected = intent.bytes !== undefined && !isRam(run, behind) ? undefined : behind;
    const page = given.get(index);
    const pfn = page?.event.pfn;
    // What failed may have stopped half way.
    if (pfn === expected || (pfn === undefined && returned.event.error !== 0 && refusals > 0)) continue;
    verdict.violate({
      key: pfn === undefined ? 'not-given' : expected === undefined ? 'not-mapped' : 'wrong-page',
      event: page?.n ?? returned.n,
      related: leaf === undefined ? [] : [run.lastWriteTo(addr)],
      addr,
      expected: `page ${index}: ${frame(expected)}`,
      seen: frame(pfn),
    });
    return;
  }
  const beyond = [...given.values()].find(({ event }) => event.index < 0 || event.index >= count);
  if (beyond === undefined) return;
  const seen = `page ${beyond.event.index} given`;
  verdict.violate({ key: 'beyond', event: beyond.n, expected: `${count} pages`, seen });
}

function isRam({ machine }: JudgedRun, pfn: Pfn | undefined): boolean {
  const { ramStart, ramPages } = machine.addresses;
  return pfn !== undefined && pfn >= ramStart && pfn < ramStart + ramPages;
}

function frame(pfn: number | undefined): string {
  if (pfn === undefined) return 'no page';
  return pfn < 0 ? 'what is no struct page' : `pfn ${hex(pfn)}`;
}
