// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../base/u64.ts';
import { AddressRanges } from '../trace/address-ranges.ts';
import type { Pfn, Ptr, VirtAddr } from '../base/units.ts';
import { allocatesPages, keepsArea, makesArea, mayDefer } from './entry-points.ts';
import type { Invariant, Verdict } from './invariant.ts';
import type { JudgedRun } from './judged-run.ts';
import { kindOfObject, quoteRange } from './quoting.ts';

export const leak: Invariant = {
  id: 'leak',
  title: 'nothing is leaked',
  promise:
    'What was allocated during a scenario that unmaps all it mapped is freed at its end, a table that is no longer linked is freed, something points to what is kept, and no tree of areas has addresses that nobody uses.',
  source:
    'mm/vmalloc.c, vfree() and free_vm_area(); Documentation/dev-tools/kmemleak.rst, which looks for pointers to objects as this does.',
  why: 'A leak in an error path or an unmap path is memory that only a reboot brings back.',
  example: 'A block replaces a table, and the table is cleared out of its entry without being freed.',
  limits:
    'Pages that vmalloc() takes and maps nowhere are a cost, and so are twice as many as were asked for. The rest is judged at the end of a scenario in which every call returned and nothing is left mapped. vmap_area objects and the per-CPU blocks of vm_map_ram() may wait for a purge, linked tables stay for the next mapping: neither counts; of what describes blocks, as much counts as there are more than CPUs that mapped. Where all objects are anonymous (kmalloc), one for each area that waits is taken for such. What a variable points to that the series brings counts as kept on purpose, as far as the variable has room for. Work that was put off to a worker that never ran looks like a leak.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    const boot = new AddressRanges();
    const unlinked = new Map<number, number>();
    /** The table that points to each, by frame. */
    const linked = new Map<Pfn, Pfn>();
    let first: number | undefined;
    let usesBlocks = false;
    const cpus = new Set<number>();
    /** Areas whose end was left to a worker, and by which return. */
    const putOff: PutOff[] = [];
    /** Pages that the current call took and has not given back. */
    let taken = 0;
    const lost: Ptr[] = [];
    let setAside: ReadonlySet<Ptr> = new Set();
    let kept: PutOff | undefined;
    /** Areas in use, and those that were freed since the last purge. */
    let inUse = 0;
    let waiting = 0;
    return {
      operation: (event, n) => {
        if (/^vm_(un)?map_ram$/.test(event.name)) {
          usesBlocks = true;
          cpus.add(event.cpu);
        }
        taken = 0;
        if (first !== undefined) return;
        first = n;
        for (const { addr, end } of leavesInVmalloc(run)) boot.add(addr, end);
      },
      page: ({ change, order }) => {
        taken += change === 'alloc' ? 2 ** order : -(2 ** order);
      },
      return: (event, n) => {
        const { operation } = run;
        if (operation === undefined) return;
        const { name } = operation.event;
        if (allocatesPages(name) && event.error === 0 && operation.alone) reportIdle(run, verdict, taken, n);
        if (operation.intent.kind === 'unmap' && mayDefer(operation.event)) {
          const { addr, size } = operation.intent;
          putOff.push({ addr, end: addr + size, n });
        }
        if (name === 'flush_scheduled_work') reportPutOff(run, verdict, putOff.splice(0), n);
        if (makesArea(name)) {
          if (event.error === 0) inUse++;
          else waiting++;
        } else if (name === 'vm_unmap_aliases') {
          waiting = 0;
        } else if (operation.intent.kind === 'unmap' && !keepsArea(name)) {
          inUse--;
          waiting++;
        }
      },
      'table-write': (event, n) => {
        if (event.addr === undefined || first === undefined) return;
        const { format: entries } = run.state.tables;
        const format = entries.level(event.level);
        if (format.level.table === undefined) return;
        const pointsTo = (descriptor: typeof event.before): number | undefined =>
          entries.kind(format, descriptor) === 'table' ? entries.rawPfn(entries.last, descriptor) : undefined;
        const before = pointsTo(event.before);
        const after = pointsTo(event.after);
        if (before !== undefined && before !== after) {
          unlinked.set(before, n);
          linked.delete(before);
        }
        if (after !== undefined) {
          unlinked.delete(after);
          linked.set(after, event.table);
        }
      },
      free: ({ what, addr }, n) => {
        if (what !== 'table') return;
        const table = (addr - run.machine.addresses.pageOffset) / run.pageSize;
        // What it still points to, nobody finds any more.
        for (const [below, above] of linked) {
          if (above !== table) continue;
          unlinked.set(below, n);
          linked.delete(below);
        }
      },
      unreachable: ({ addr }) => {
        lost.push(addr);
      },
      'set-aside': ({ objects }) => {
        setAside = new Set(objects);
      },
      'area-kept': ({ addr, size }, n) => {
        kept ??= { addr, end: addr + size, n };
      },
      end: (complete) => {
        if (!complete || first === undefined) return;
        if (leavesInVmalloc(run).some(({ addr, end }) => boot.firstGap(addr, end) !== undefined)) return;
        verdict.exercise();
        if (kept !== undefined) reportArea(verdict, kept);
        reportTable(run, verdict, unlinked);
        reportPage(run, verdict, first, linked);
        reportUnreachable(run, verdict, first, lost);
        if (usesBlocks) reportBlocks(run, verdict, first, cpus.size);
        else if (inUse <= 0) reportObject(run, verdict, { first, setAside }, waiting);
      },
    };
  },
};

function reportArea(verdict: Verdict, { addr, end, n }: PutOff): void {
  const expected = `${quoteRange(addr, end)} free, since nobody uses it`;
  verdict.violate({ key: 'area', event: n, addr, expected, seen: 'an area there, after a purge' });
}

interface PutOff {
  readonly addr: VirtAddr;
  readonly end: VirtAddr;
  readonly n: number;
}

/** Workers have done all that was left to them: what they should have freed is mapped by nobody else yet. */
function reportPutOff(run: JudgedRun, verdict: Verdict, putOff: readonly PutOff[], n: number): void {
  for (const { addr, end, n: since } of putOff) {
    verdict.exercise();
    if (run.leafRuns(addr, end).length === 0) continue;
    verdict.violate({
      key: 'put-off',
      event: n,
      related: [since],
      addr,
      expected: `${quoteRange(addr, end)} freed by a worker`,
      seen: 'still mapped when all work is done',
    });
  }
}

function leavesInVmalloc(run: JudgedRun): readonly { addr: number; end: number }[] {
  const { vmallocStart, vmallocEnd } = run.machine.addresses;
  return run.leafRuns(vmallocStart, vmallocEnd);
}

function reportTable(run: JudgedRun, verdict: Verdict, unlinked: Map<number, number>): void {
  for (const [table, since] of unlinked) {
    const held = run.state.allocations.get(run.machine.addresses.pageOffset + table * run.pageSize);
    if (held?.event.what !== 'table') continue;
    const seen = `${held.event.name} at pfn ${hex(table)} is neither linked nor freed`;
    verdict.violate({
      key: `table/${held.event.level ?? ''}`,
      event: since,
      related: [held.n],
      expected: 'the table freed',
      seen,
    });
    return;
  }
}

/** @param linked frames of tables, which may be pages as well */
function reportPage(run: JudgedRun, verdict: Verdict, first: number, linked: ReadonlyMap<Pfn, Pfn>): void {
  const held = [...run.state.pages.values()].find(({ n, event }) => n > first && !linked.has(event.pfn));
  if (held === undefined) return;
  const seen = `2^${held.event.order} pages from pfn ${hex(held.event.pfn)} not freed`;
  verdict.violate({ key: 'page', event: held.n, expected: 'all pages freed', seen });
}

/** As kmemleak has it: an object that may be kept is leaked when nobody can find it. */
function reportUnreachable(run: JudgedRun, verdict: Verdict, first: number, lost: readonly Ptr[]): void {
  for (const addr of lost) {
    const held = run.state.allocations.get(addr);
    if (held === undefined || held.n < first) continue;
    const { name, size } = held.event;
    const seen = `${name} at ${hex(addr)}, ${size} bytes, in use, and nothing points to it`;
    verdict.violate({
      key: `lost/${kindOfObject(name)}`,
      event: held.n,
      expected: 'freed, or to be found',
      seen,
    });
    return;
  }
}

const VMAP_AREA = /^vmap_area\b/;

/**
 * A vmap_area lives on after its area is freed, until the purge. Where the tree has no cache of that name, it cannot be
 * told from other objects, and as many are let pass as areas wait.
 */
function reportObject(
  run: JudgedRun,
  verdict: Verdict,
  { first, setAside }: { readonly first: number; readonly setAside: ReadonlySet<Ptr> },
  waiting: number,
): void {
  const inside = [...run.state.allocations.values()].filter(
    ({ n, event }) => n > first && event.what === 'object' && !setAside.has(event.addr),
  );
  const held = inside.filter(({ event }) => !VMAP_AREA.test(event.name));
  const mayWait = held.length === inside.length ? waiting : 0;
  if (held.length <= mayWait) return;
  const leaked = held[0]!;
  const seen = `${leaked.event.name} at ${hex(leaked.event.addr)}, ${leaked.event.size} bytes, not freed`;
  verdict.violate({
    key: `object/${kindOfObject(leaked.event.name)}`,
    event: leaked.n,
    expected: 'all objects freed',
    seen,
  });
}

/** A block of vm_map_ram() stays where a CPU has room in it: one for each, however much it has mapped. */
function reportBlocks(run: JudgedRun, verdict: Verdict, first: number, cpus: number): void {
  const blocks = [...run.state.allocations.values()].filter(
    ({ n, event }) => n > first && event.what === 'object' && event.size > LARGEST_AREA_OBJECT,
  );
  if (blocks.length <= cpus) return;
  const leaked = blocks[0]!;
  verdict.violate({
    key: 'block',
    event: leaked.n,
    expected: `what describes ${cpus} block${cpus === 1 ? '' : 's'}, for as many CPUs`,
    seen: `${blocks.length} of them; ${leaked.event.name} at ${hex(leaked.event.addr)} is the first`,
  });
}

/** A block has a bitmap of its pages; what describes an area is smaller, in bytes. */
const LARGEST_AREA_OBJECT = 128;

/** The array that describes an area has one for each page. */
const POINTER_BYTES = 8;

/** Every page that vmalloc() takes is mapped, in the area or in the array that describes it, and they are not far too many. */
function reportIdle(run: JudgedRun, verdict: Verdict, taken: number, n: number): void {
  const mapped = run
    .changes()
    .filter(({ addr, after }) => after !== undefined && run.inVmallocSpace(addr))
    .reduce((sum, { size }) => sum + size / run.pageSize, 0);
  const { operation } = run;
  if (operation?.intent.kind !== 'map') return;
  const asked = operation.intent.size / run.pageSize;
  const forArray = Math.ceil((2 * asked * POINTER_BYTES) / run.pageSize);
  // A size is rounded to leaves that it fills at least once.
  const most = Math.min(mapped, 2 * asked - 1 + forArray);
  if (taken <= most) return;
  verdict.violate({
    key: 'idle',
    severity: 'cost',
    event: n,
    related: [operation.n],
    expected:
      most === mapped ? `${mapped} pages, as many as are mapped` : `${most} pages at most, for ${asked}`,
    seen: `${taken} pages taken`,
  });
}
