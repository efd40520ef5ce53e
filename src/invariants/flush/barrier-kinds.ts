// SPDX-License-Identifier: GPL-2.0-only

/** What a barrier of arm64 does for page tables. */
export interface BarrierKind {
  /** Earlier stores come before later ones for whoever sees the later ones. */
  readonly ordersStores: boolean;
  /** Earlier stores are done, where walkers see them, before anything goes on. */
  readonly endsStores: boolean;
  /** Earlier TLB invalidations are done before anything goes on. */
  readonly endsInvalidations: boolean;
  /** For all CPUs, and not only for the one that asks. */
  readonly everywhere: boolean;
  /** What was fetched or looked up ahead is looked up again. */
  readonly isContextSync: boolean;
}

const DATA_BARRIER = /^(dsb|dmb) (sy|st|ld|(?:ish|nsh|osh)(?:st|ld)?)$/;

/** How arm64 makes the kernel's barriers (arch/arm64/include/asm/barrier.h): those that order stores. */
const instructions: ReadonlyMap<string, string> = new Map([
  ['mb', 'dsb sy'],
  ['wmb', 'dsb st'],
  ['rmb', 'dsb ld'],
  ['smp_mb', 'dmb ish'],
  ['smp_wmb', 'dmb ishst'],
  ['dma_wmb', 'dmb oshst'],
  ['smp_mb__before_atomic', 'dmb ish'],
  ['smp_mb__after_atomic', 'dmb ish'],
  ['smp_mb__after_spinlock', 'dmb ish'],
  ['smp_mb__after_unlock_lock', 'dmb ish'],
]);

const nothing = {
  ordersStores: false,
  endsStores: false,
  endsInvalidations: false,
  everywhere: false,
  isContextSync: false,
};
const known = new Map<string, BarrierKind>();

/**
 * What a barrier event's name stands for (Arm ARM, "Data Synchronization Barrier"): a DSB for stores alone ends no TLB
 * invalidation, one for loads alone neither, and one for this CPU (`nsh`) says nothing of others.
 */
export function barrierKind(name: string): BarrierKind {
  let kind = known.get(name);
  if (kind === undefined) known.set(name, (kind = read(name)));
  return kind;
}

function read(name: string): BarrierKind {
  if (name === 'isb') return { ...nothing, isContextSync: true };
  const [, operation, option] = DATA_BARRIER.exec(instructions.get(name) ?? name) ?? [];
  if (option === undefined || option.endsWith('ld')) return nothing;
  const waits = operation === 'dsb';
  return {
    ordersStores: true,
    endsStores: waits,
    endsInvalidations: waits && !option.endsWith('st'),
    everywhere: !option.startsWith('nsh'),
    isContextSync: false,
  };
}
