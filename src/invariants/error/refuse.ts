// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import type { Intent, ReturnEvent } from '../../trace/events.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedOperation, JudgedRun } from '../judged-run.ts';
import { quoteTranslation } from '../quoting.ts';

export const errorRefuse: Invariant = {
  id: 'error/refuse',
  title: 'what must be refused is',
  promise:
    'A call that would map single pages over others fails and leaves those alone; vmap() takes no flags that are not for it; no area is made of nothing, and what is more than all memory is refused before anything is taken for it; ioremap_page_range() fails for all but the whole of an area that is made for device memory.',
  source:
    'mm/vmalloc.c: vmap_pages_pte_range() returns -EBUSY for an entry that is not empty; vmap() returns NULL for VM_FLUSH_RESET_PERMS, __get_vm_area_node() for a size of 0; vmap() and __vmalloc_node_range() compare with totalram_pages() first; ioremap_page_range() returns -EINVAL and -ERANGE.',
  why: 'The check is there for the day when something else is broken already: without it, the second user silently takes the place of the first.',
  example: 'The walk no longer looks at the entry before it writes it.',
  limits:
    'Bad pages are map/refuse, what user space may not be shown is map/given, attributes of what is not mapped by pages split/set_memory. Of entries that are in use, those of single pages are looked at.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: (event, n) => {
      const { operation } = run;
      if (operation === undefined) return;
      const { intent } = operation;
      if (intent.kind === 'take' && intent.size === 0) checkRefused(run, verdict, event, n);
      if (isTooMuch(run, operation)) checkUntried(verdict, operation, n);
      if (intent.kind !== 'map' || intent.legal) return;
      const { addr, size } = intent;
      const busy = addr === undefined ? undefined : firstBusy(run, operation, addr, addr + size);
      if (busy === undefined) {
        checkRefused(run, verdict, event, n);
        return;
      }
      verdict.exercise();
      const before = run.state.tables.lookupBefore(busy, operation.journal).leaf;
      const now = run.state.tables.translate(busy);
      const isKept = now?.pfn === before?.pfn && now?.descriptor === before?.descriptor;
      if (event.error !== 0 && isKept) return;
      verdict.violate({
        key: isKept ? 'success' : 'overwritten',
        event: isKept ? n : run.lastWriteTo(busy),
        related: [operation.n],
        addr: busy,
        expected: `an error, and ${quoteTranslation(busy, before, run.pageSize)}`,
        seen: quoteTranslation(busy, now, run.pageSize),
      });
    },
  }),
};

const COMPARES = /^(vmap|(__)?v[mz]alloc(_.*)?)$/;

function isTooMuch({ machine, pageSize }: JudgedRun, { event, intent }: JudgedOperation): boolean {
  const { ramPages } = machine.addresses;
  return COMPARES.test(event.name) && intent.kind === 'map' && intent.size > ramPages * pageSize;
}

/** To find out by taking all the memory that there is would take it from everybody else. */
function checkUntried(verdict: Verdict, { n: since, refusals }: JudgedOperation, n: number): void {
  verdict.exercise();
  if (refusals === 0) return;
  const expected = 'refused before anything is asked for';
  verdict.violate({ key: 'tried', event: n, related: [since], expected, seen: 'allocations for it' });
}

/** Nothing is wrong with the pages: it is the flags, the area, or there are none. */
function hasGoodPages(intent: Intent): boolean {
  return intent.kind !== 'map' || (intent.pages ?? []).every(({ bad }) => bad === undefined);
}

function checkRefused(run: JudgedRun, verdict: Verdict, event: ReturnEvent, n: number): void {
  const { operation } = run;
  if (operation === undefined || !hasGoodPages(operation.intent)) return;
  verdict.exercise();
  if (event.error !== 0) return;
  const { intent } = operation;
  const asked = 'addr' in intent ? intent.addr : undefined;
  const addr = asked ?? event.addr;
  verdict.violate({
    key: intent.kind === 'take' ? 'nothing' : asked === undefined ? 'flags' : 'area',
    event: n,
    related: [operation.n],
    ...(addr !== undefined && { addr }),
    expected: 'an error',
    seen: `success, at ${hex(addr ?? event.value)}`,
  });
}

/** The first address that something was mapped at before the call. */
function firstBusy(
  run: JudgedRun,
  { journal }: JudgedOperation,
  start: VirtAddr,
  end: VirtAddr,
): VirtAddr | undefined {
  for (let addr = start; addr < end;) {
    const extent = run.state.tables.lookupBefore(addr, journal);
    if (extent.leaf !== undefined) return addr;
    addr = extent.addr + extent.size;
  }
  return undefined;
}
