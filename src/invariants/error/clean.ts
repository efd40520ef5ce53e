// SPDX-License-Identifier: GPL-2.0-only
import { errorText } from '../../trace/error-names.ts';
import { hex } from '../../base/u64.ts';
import type { ByteCount, Ptr, VirtAddr } from '../../base/units.ts';
import type { Intent, ReturnEvent } from '../../trace/events.ts';
import { allocatesPages, cleansUpItself } from '../entry-points.ts';
import type { Invariant, Verdict } from '../invariant.ts';
import type { JudgedOperation, JudgedRun } from '../judged-run.ts';
import { quoteRange } from '../quoting.ts';

type MapIntent = Extract<Intent, { kind: 'map' }>;

export const errorClean: Invariant = {
  id: 'error/clean',
  title: 'failed calls leave nothing',
  promise:
    'A call that chooses its address, or adds memory, and fails leaves no leaf, no area and no page behind and returns NULL, and a legal call fails only if something was refused to it.',
  source: 'The error paths of vmap(), vm_map_ram() and __vmalloc_node_range() in mm/vmalloc.c.',
  why: 'Nobody knows the address of what a failed call left mapped: it is never unmapped, and its pages are freed under it.',
  example: 'A failure half way through returns NULL without unmapping the first half.',
  limits:
    'Calls that are given their address may leave a part mapped: their callers clean up. Areas are seen by their vm_struct only, where allocations have names. A failure is held against the call only where address space cannot be exhausted (calls with a range of their own: area/space), and if refusals are in the trace (alloc-failure).',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let largest = 0;
    let setAside: ReadonlySet<Ptr> = new Set();
    return {
      'set-aside': ({ objects }) => {
        setAside = new Set(objects);
      },
      area: ({ size }) => {
        largest = Math.max(largest, size);
      },
      return: (event, n) => {
        const { operation } = run;
        if (operation === undefined || !operation.alone || event.error === 0) return;
        if (choosesAddress(operation.intent)) checkNull(verdict, event, n);
        if (operation.intent.kind !== 'map') return;
        verdict.exercise();
        const cleansUp = operation.intent.addr === undefined || cleansUpItself(operation.event.name);
        if (cleansUp) checkLeftBehind(run, verdict, { operation, setAside }, n);
        if (!isMuchOfSpace(run, largest) && failsWithoutReason(run, operation, operation.intent)) {
          const seen = `${errorText(event.error)}, and no allocation was refused`;
          verdict.violate({ key: 'no-reason', event: n, related: [operation.n], expected: 'success', seen });
        }
      },
    };
  },
};

function choosesAddress(intent: Intent): boolean {
  return intent.kind === 'take' || (intent.kind === 'map' && intent.addr === undefined);
}

/** Callers of these functions compare with NULL, and take anything else for an address. */
function checkNull(verdict: Verdict, { value, error }: ReturnEvent, n: number): void {
  if (value === 0) return;
  verdict.violate({ key: 'error-pointer', event: n, expected: 'NULL', seen: `ERR_PTR(${errorText(error)})` });
}

function checkLeftBehind(
  run: JudgedRun,
  verdict: Verdict,
  { operation, setAside }: { readonly operation: JudgedOperation; readonly setAside: ReadonlySet<Ptr> },
  n: number,
): void {
  const start = 'addr' in operation.intent ? operation.intent.addr : undefined;
  const mayLie = (addr: VirtAddr): boolean => addr === start || run.inVmallocSpace(addr);
  const left = run.changes().find(({ addr, after }) => after !== undefined && mayLie(addr));
  if (left !== undefined) {
    verdict.violate({
      key: 'leaf',
      event: n,
      related: [run.lastWriteTo(left.addr)],
      addr: left.addr,
      expected: 'nothing mapped',
      seen: `${quoteRange(left.addr, left.addr + left.size)} still mapped`,
    });
  }
  const page = [...run.state.pages.values()].find((held) => held.n > operation.n);
  if (page !== undefined) {
    const seen = `2^${page.event.order} pages from pfn ${hex(page.event.pfn)} not freed`;
    verdict.violate({ key: 'page', event: page.n, related: [n], expected: 'all pages freed', seen });
  }
  const area = [...run.state.allocations.values()].find(
    (held) => held.n > operation.n && held.event.name === 'vm_struct' && !setAside.has(held.event.addr),
  );
  if (area !== undefined) {
    const seen = `vm_struct at ${hex(area.event.addr)} not freed`;
    verdict.violate({ key: 'area', event: area.n, related: [n], expected: 'no area left', seen });
  }
}

function failsWithoutReason(run: JudgedRun, operation: JudgedOperation, intent: MapIntent): boolean {
  // Where there is no large block of pages, vmalloc() has to do with single ones.
  const { refusals, largeRefusals } = operation;
  const reasons = allocatesPages(operation.event.name) ? refusals - largeRefusals : refusals;
  if (!intent.legal || reasons > 0 || operation.warned) return false;
  if (intent.addr !== undefined) return wasEmpty(run, operation, intent.addr, intent.addr + intent.size);
  // Whether a range has room is area/space.
  if (intent.asked?.from !== undefined && intent.asked.to !== undefined) return false;
  const { ramPages } = run.machine.addresses;
  // Pages that the caller brings need no memory.
  const fitsMemory = intent.pages !== undefined || intent.size < (ramPages * run.pageSize) / 4;
  return fitsMemory && !isMuchOfSpace(run, intent.size) && operation.event.operation < 64;
}

/** Where a few such areas are, address space may be exhausted. */
function isMuchOfSpace(run: JudgedRun, size: ByteCount): boolean {
  const { vmallocStart, vmallocEnd } = run.machine.addresses;
  return size >= (vmallocEnd - vmallocStart) / 1024;
}

function wasEmpty(run: JudgedRun, { journal }: JudgedOperation, start: number, end: number): boolean {
  for (let addr = start; addr < end;) {
    const extent = run.state.tables.lookupBefore(addr, journal);
    if (extent.leaf !== undefined) return false;
    addr = extent.addr + extent.size;
  }
  return true;
}
