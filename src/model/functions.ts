// SPDX-License-Identifier: GPL-2.0-only
import * as random from './drivers/char/random.ts';
import * as cacheflush from './include/asm-generic/cacheflush.functions.ts';
import * as pgalloc from './include/asm-generic/pgalloc.functions.ts';
import * as tlbflush from './include/asm-generic/tlbflush.functions.ts';
import * as atomic from './include/linux/atomic.functions.ts';
import * as atomic64 from './include/linux/atomic64.functions.ts';
import * as atomicLong from './include/linux/atomic_long.functions.ts';
import * as err from './include/linux/err.functions.ts';
import * as list from './include/linux/list.functions.ts';
import * as log2 from './include/linux/log2.functions.ts';
import * as mm from './include/linux/mm.functions.ts';
import * as overflow from './include/linux/overflow.functions.ts';
import * as pgtableEntries from './include/linux/pgtable-entries.functions.ts';
import * as pgtableValues from './include/linux/pgtable-values.functions.ts';
import * as pgtable from './include/linux/pgtable.functions.ts';
import * as schedMm from './include/linux/sched/mm.functions.ts';
import * as irqWork from './kernel/irq_work.ts';
import * as irqflags from './kernel/irqflags.ts';
import * as lockdep from './kernel/locking/lockdep.ts';
import * as mutex from './kernel/locking/mutex.ts';
import * as rwsem from './kernel/locking/rwsem.ts';
import * as spinlock from './kernel/locking/spinlock.ts';
import * as notifier from './kernel/notifier.ts';
import * as rcuFree from './kernel/rcu-free.ts';
import * as rcu from './kernel/rcu.ts';
import * as sched from './kernel/sched.ts';
import * as smp from './kernel/smp.ts';
import * as vmstat from './mm/vmstat.ts';
import * as workqueue from './kernel/workqueue.ts';
import * as bitmap from './lib/bitmap.ts';
import * as bug from './lib/bug.ts';
import * as iovIter from './lib/iov_iter.ts';
import * as llist from './lib/llist.ts';
import * as rbtreeWalk from './lib/rbtree-walk.ts';
import * as rbtree from './lib/rbtree.ts';
import * as refcount from './lib/refcount.ts';
import * as string from './lib/string.ts';
import * as vsprintf from './lib/vsprintf.ts';
import * as xarray from './lib/xarray.ts';
import * as applyToPageRange from './mm/apply-to-page-range.ts';
import * as lazyMmu from './mm/lazy-mmu.ts';
import * as memblock from './mm/memblock.ts';
import * as memoryUserPages from './mm/memory-user-pages.ts';
import * as memory from './mm/memory.ts';
import * as memcontrol from './mm/memcontrol.ts';
import * as pageAlloc from './mm/page_alloc.ts';
import * as pagewalk from './mm/pagewalk.ts';
import * as percpu from './mm/percpu.ts';
import * as pgallocTrack from './mm/pgalloc-track.ts';
import * as pgtableGeneric from './mm/pgtable-generic.ts';
import * as ptdesc from './mm/ptdesc.ts';
import * as shrinker from './mm/shrinker.ts';
import * as slabCommon from './mm/slab_common.ts';
import * as util from './mm/util.ts';

/**
 * What is the same on every architecture, but for mm/vmalloc.c. All exports of these modules are the
 * kernel's symbols.
 */
export const genericModules = [
  random,
  cacheflush,
  pgalloc,
  tlbflush,
  atomic,
  atomic64,
  atomicLong,
  err,
  list,
  log2,
  mm,
  overflow,
  pgtableEntries,
  pgtableValues,
  pgtable,
  lockdep,
  mutex,
  rwsem,
  spinlock,
  irqWork,
  irqflags,
  notifier,
  rcu,
  rcuFree,
  sched,
  schedMm,
  smp,
  vmstat,
  workqueue,
  bitmap,
  bug,
  iovIter,
  llist,
  rbtreeWalk,
  rbtree,
  refcount,
  string,
  vsprintf,
  xarray,
  applyToPageRange,
  lazyMmu,
  memblock,
  memory,
  memoryUserPages,
  memcontrol,
  pageAlloc,
  pagewalk,
  percpu,
  pgallocTrack,
  pgtableGeneric,
  ptdesc,
  shrinker,
  slabCommon,
  util,
];

/** Their functions by name. */
export type GenericSymbols = typeof random &
  typeof cacheflush &
  typeof pgalloc &
  typeof tlbflush &
  typeof atomic &
  typeof atomic64 &
  typeof atomicLong &
  typeof err &
  typeof list &
  typeof log2 &
  typeof mm &
  typeof overflow &
  typeof pgtableEntries &
  typeof pgtableValues &
  typeof pgtable &
  typeof lockdep &
  typeof mutex &
  typeof rwsem &
  typeof spinlock &
  typeof irqWork &
  typeof irqflags &
  typeof notifier &
  typeof rcu &
  typeof rcuFree &
  typeof sched &
  typeof schedMm &
  typeof smp &
  typeof vmstat &
  typeof workqueue &
  typeof bitmap &
  typeof bug &
  typeof iovIter &
  typeof llist &
  typeof rbtreeWalk &
  typeof rbtree &
  typeof refcount &
  typeof string &
  typeof vsprintf &
  typeof xarray &
  typeof applyToPageRange &
  typeof lazyMmu &
  typeof memblock &
  typeof memory &
  typeof memoryUserPages &
  typeof memcontrol &
  typeof pageAlloc &
  typeof pagewalk &
  typeof percpu &
  typeof pgallocTrack &
  typeof pgtableGeneric &
  typeof ptdesc &
  typeof shrinker &
  typeof slabCommon &
  typeof util;
