// SPDX-License-Identifier: GPL-2.0-only
import { descriptorHex } from '../../base/descriptor.ts';
import { hex } from '../../base/u64.ts';
import type { Pfn, VirtAddr } from '../../base/units.ts';
import type { TableWriteEvent, TlbFlushEvent } from '../../trace/events.ts';
import type { Breach, Invariant } from '../invariant.ts';
import type { JudgedOperation, JudgedRun } from '../judged-run.ts';
import { quoteRange } from '../quoting.ts';
import { barrierKind, type BarrierKind } from './barrier-kinds.ts';

export const flushBarrier: Invariant = {
  id: 'flush/barrier',
  title: 'barriers around tables and TLBs',
  promise:
    'On arm64 a kernel entry that became valid is followed by a DSB and an ISB before its address is used or the call returns; what is invalidated in TLBs was made to be seen by walkers with a DSB before, and a DSB (and an ISB, for kernel addresses) follows before anything relies on it; the entries of a table can be seen before the table is linked.',
  source:
    'Arm ARM, VMSAv8-64, on ordering and completion of TLB maintenance instructions and of translation table walks; the comments of asm/tlbflush.h on the sequence of an invalidation, of __set_pte() and emit_pte_barriers() in asm/pgtable.h, and of __pte_alloc() in mm/memory.c on tables that are linked.',
  why: 'Without the first a fresh mapping faults now and then; without the others a CPU goes on with a translation that is gone, long after the flush.',
  example:
    'An invalidation by range ends with dsb(ishst), which waits for stores and not for the invalidation.',
  limits:
    'Only arm64. A flush function of the model counts as the whole sequence, so that the barriers of tlbflush.h are judged where a series changes them. In lazy MMU mode barriers may wait until it is left, as the call must. User entries, and those that set_huge_pte_at() is called for, wait for update_mmu_cache() or an exception and are not judged; neither are calls that fail. A barrier of any CPU counts for stores of all, and that an exception between two calls does what an ISB does is not counted.',
  severity: 'bug',
  appliesTo: ({ arch }) => arch === 'arm64',
  begin: (run, verdict) => {
    const pending = new Pending(run);
    return {
      operation: () => pending.begin(),
      'table-write': (event, n) => pending.write(event, n),
      barrier: ({ name }) => pending.pass(barrierKind(name)),
      'tlb-flush': (event, n) => pending.invalidate(event, n),
      free: ({ what }, n) => {
        if (what === 'table') pending.freeTable(n);
      },
      access: ({ addr }, n) => pending.use(addr, n),
      return: (event, n) => {
        const { isTested, breaches } = pending.end(n);
        if (isTested) verdict.exercise();
        if (event.error === 0) for (const breach of breaches) verdict.violate(breach);
      },
    };
  },
};

/** Entries that became valid and may not be seen yet. */
interface Made {
  readonly operation: JudgedOperation;
  /** Numbers of the first and the last store. */
  readonly first: number;
  last: number;
  /** Every address that they cover lies between these. */
  start: VirtAddr;
  end: VirtAddr;
  needs: 'DSB' | 'ISB';
}

/** A TLB invalidation that may not be done yet. */
interface Invalidation {
  readonly operation: JudgedOperation;
  readonly n: number;
  readonly event: TlbFlushEvent;
  needs: 'DSB' | 'ISB';
}

/** What still waits for a barrier. */
class Pending {
  readonly #run: JudgedRun;
  #made: Made | undefined;
  #invalidations: Invalidation[] = [];
  /** First stores that took a valid entry away and may not be seen yet: by anybody, and by walkers of this CPU. */
  #taken: { everywhere: number | undefined; here: number | undefined } = {
    everywhere: undefined,
    here: undefined,
  };
  /** Tables that nothing points to, by frame, with the last valid entry that they got. */
  readonly #unlinked = new Map<Pfn, number>();
  #isTested = false;
  readonly #breaches: Breach[] = [];

  constructor(run: JudgedRun) {
    this.#run = run;
  }

  begin(): void {
    this.#isTested = false;
    this.#breaches.length = 0;
  }

  write(event: TableWriteEvent, n: number): void {
    const { operation, state } = this.#run;
    if (operation === undefined || event.before === event.after) return;
    const { format: entries } = state.tables;
    const format = entries.level(event.level);
    const after = entries.kind(format, event.after);
    if (event.addr === undefined) {
      if (after !== 'none') this.#unlinked.set(event.table, n);
      return;
    }
    if (entries.kind(format, event.before) !== 'none') {
      this.#taken.everywhere ??= n;
      this.#taken.here ??= n;
    } else if (after !== 'none' && operation.intent.kind !== 'huge') {
      this.#make(operation, event.addr, event.addr + format.entrySize, n);
    }
    if (after === 'table' && this.#unlinked.size > 0) {
      this.#link(event, entries.rawPfn(entries.last, event.after), n);
    }
  }

  /** A barrier, of whichever kind. */
  pass({ ordersStores, endsStores, endsInvalidations, everywhere, isContextSync }: BarrierKind): void {
    if (isContextSync) {
      if (this.#made?.needs === 'ISB') this.#made = undefined;
      if (this.#invalidations.length > 0)
        this.#invalidations = this.#invalidations.filter(({ needs }) => needs === 'DSB');
      return;
    }
    if (ordersStores) this.#unlinked.clear();
    if (endsStores) {
      this.#taken.here = undefined;
      if (everywhere) {
        this.#taken.everywhere = undefined;
        if (this.#made !== undefined) this.#made.needs = 'ISB';
      }
    }
    if (!endsInvalidations) return;
    for (const each of this.#invalidations) if (everywhere || each.event.local) each.needs = 'ISB';
  }

  invalidate(event: TlbFlushEvent, n: number): void {
    const { operation } = this.#run;
    if (event.bare !== true) {
      // The model's function: the stores, the instruction, its end.
      this.pass(barrierKind(event.local ? 'dsb nshst' : 'dsb ishst'));
      this.pass(barrierKind('isb'));
      return;
    }
    if (operation === undefined) return;
    this.#isTested = true;
    const since = event.local ? this.#taken.here : this.#taken.everywhere;
    const [start, end] = event.scope === 'all' ? [-Infinity, Infinity] : [event.start, event.end];
    const store = since === undefined ? undefined : this.#run.lastTakenAway(since, start, end);
    if (store !== undefined) {
      this.#breach(n, store, 'flush-before-store', {
        expected: `a DSB between the store and the invalidation of ${rangeOf(event)}`,
        seen: 'none: a walker may read the old entry again afterwards',
      });
    }
    this.#invalidations.push({ operation, n, event, needs: 'DSB' });
  }

  freeTable(n: number): void {
    const running = this.#invalidations.find(({ needs }) => needs === 'DSB');
    if (running === undefined) return;
    this.#breach(running.n, n, 'table-freed-early', {
      expected: `a DSB after the invalidation of ${rangeOf(running.event)}, before its table is freed`,
      seen: 'none: a walker may still use the table',
    });
  }

  /** The kernel reads or writes through an address. */
  use(addr: VirtAddr, n: number): void {
    const made = this.#made;
    if (made === undefined || addr < made.start || addr >= made.end) return;
    const store = this.#run.lastWriteTo(addr);
    if (store < made.first || store === n) return;
    this.#breach(store, n, 'used-early', {
      expected: `a ${made.needs} after the store of its entry, before ${hex(addr)} is used`,
      seen: 'none',
    });
  }

  /** The call returns: whether it put the promise to the test, and what came of it. */
  end(n: number): { readonly isTested: boolean; readonly breaches: readonly Breach[] } {
    const { operation } = this.#run;
    if (this.#made !== undefined && this.#made.operation === operation) {
      const { last, start, end, needs } = this.#made;
      this.#breach(last, n, needs === 'DSB' ? 'not-published' : 'not-published/isb', {
        expected: `a ${needs} after the last entry of ${quoteRange(start, end)}, before the call returns`,
        seen: 'none',
      });
      this.#made = undefined;
    }
    const own = this.#invalidations.filter((each) => each.operation === operation);
    const left = own.find(({ needs }) => needs === 'DSB' || operation?.intent.kind !== 'huge');
    if (left !== undefined) {
      this.#breach(left.n, n, left.needs === 'DSB' ? 'flush-not-done' : 'flush-not-done/isb', {
        expected: `${left.needs === 'DSB' ? 'a DSB for loads and stores' : 'an ISB'} after the invalidation of ${rangeOf(left.event)}, before the call returns`,
        seen: 'none',
      });
    }
    if (own.length > 0) this.#invalidations = this.#invalidations.filter((each) => !own.includes(each));
    return { isTested: this.#isTested, breaches: this.#breaches };
  }

  #make(operation: JudgedOperation, start: VirtAddr, end: VirtAddr, n: number): void {
    this.#isTested = true;
    const made = this.#made;
    if (made === undefined) this.#made = { operation, first: n, last: n, start, end, needs: 'DSB' };
    else {
      made.last = n;
      made.start = Math.min(made.start, start);
      made.end = Math.max(made.end, end);
      made.needs = 'DSB';
    }
    if (this.#invalidations.length === 0) return;
    const running = this.#invalidations.find(
      ({ event, needs }) =>
        needs === 'DSB' && (event.scope === 'all' || (start < event.end && end > event.start)),
    );
    if (running === undefined) return;
    this.#breach(running.n, n, 'reused-early', {
      expected: `a DSB after the invalidation of ${rangeOf(running.event)}, before an entry there becomes valid`,
      seen: 'none: the old translation may still be in use beside the new one',
    });
  }

  #link(event: TableWriteEvent, table: Pfn, n: number): void {
    const store = this.#unlinked.get(table);
    this.#unlinked.delete(table);
    if (store === undefined) return;
    this.#breach(n, store, 'linked-early', {
      expected: `a barrier between the entries of a table and ${descriptorHex(event.after)}, which links it`,
      seen: 'none: a walker may find the table before its entries',
    });
  }

  /** @param event what lacks the barrier: that line of C is to be mended */
  #breach(event: number, related: number, key: string, texts: Pick<Breach, 'expected' | 'seen'>): void {
    this.#breaches.push({ key, event, related: [related], ...texts });
  }
}

function rangeOf({ scope, start, end }: TlbFlushEvent): string {
  return scope === 'all' ? 'all addresses' : quoteRange(start, end);
}
