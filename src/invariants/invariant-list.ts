// SPDX-License-Identifier: GPL-2.0-only
import { answer } from './answer.ts';
import { areaAlign } from './area/align.ts';
import { areaDisjoint } from './area/disjoint.ts';
import { areaLazy } from './area/lazy.ts';
import { areaReady } from './area/ready.ts';
import { areaRecord } from './area/record.ts';
import { areaSpace } from './area/space.ts';
import { areaTrees } from './area/trees.ts';
import { arith } from './arith.ts';
import { bbm } from './bbm.ts';
import { bisect } from './bisect.ts';
import { boundsPages } from './bounds/pages.ts';
import { claimNoChange } from './claim/no-change.ts';
import { countBalance } from './count/balance.ts';
import { ends } from './ends.ts';
import { errorBalance } from './error/balance.ts';
import { errorClean } from './error/clean.ts';
import { errorRefuse } from './error/refuse.ts';
import { fixmapBatch } from './fixmap/batch.ts';
import { fixmapCleanup } from './fixmap/cleanup.ts';
import { flushBarrier } from './flush/barrier.ts';
import { flushCacheVmap } from './flush/cache-vmap.ts';
import { flushCacheVunmap } from './flush/cache-vunmap.ts';
import { flushOnce } from './flush/once.ts';
import { flushSync } from './flush/sync.ts';
import { flushTlb } from './flush/tlb.ts';
import { hugeAccess } from './huge/access.ts';
import { hugeSize } from './huge/size.ts';
import type { Invariant } from './invariant.ts';
import { leafLargest } from './leaf/largest.ts';
import { leak } from './leak.ts';
import { linearAlias } from './linear/alias.ts';
import { lockTree } from './lock/tree.ts';
import { mapAlign } from './map/align.ts';
import { mapContig } from './map/contig.ts';
import { mapExact } from './map/exact.ts';
import { mapGiven } from './map/given.ts';
import { mapLevel } from './map/level.ts';
import { mapRefuse } from './map/refuse.ts';
import { memAsked } from './mem/asked.ts';
import { memValid } from './mem/valid.ts';
import { splitFlag } from './split/flag.ts';
import { splitSetMemory } from './split/set_memory.ts';
import { walkOnce } from './walk/once.ts';
import { warn } from './warn.ts';
import { wx } from './wx.ts';

/** Every promise, in the order of reports: what is wrong first, what is slow last. */
export const invariants: readonly Invariant[] = [
  mapExact,
  mapAlign,
  mapContig,
  mapLevel,
  mapRefuse,
  mapGiven,
  boundsPages,
  answer,
  hugeSize,
  hugeAccess,
  flushCacheVmap,
  flushCacheVunmap,
  flushTlb,
  flushSync,
  flushBarrier,
  fixmapCleanup,
  bbm,
  splitSetMemory,
  splitFlag,
  linearAlias,
  areaAlign,
  areaDisjoint,
  areaLazy,
  areaRecord,
  areaSpace,
  areaReady,
  areaTrees,
  errorClean,
  errorBalance,
  errorRefuse,
  lockTree,
  countBalance,
  leak,
  memValid,
  memAsked,
  arith,
  ends,
  warn,
  wx,
  claimNoChange,
  flushOnce,
  walkOnce,
  leafLargest,
  fixmapBatch,
  bisect,
];

/** The invariant of that id, as given to `rewalk invariants`. */
export function invariantNamed(id: string): Invariant | undefined {
  return invariants.find((invariant) => invariant.id === id);
}
