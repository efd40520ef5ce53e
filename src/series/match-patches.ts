// SPDX-License-Identifier: GPL-2.0-only

import type { Patch } from './series.ts';
import { plainTitle, titleSimilarity } from './subject.ts';

/** How alike two patches must be, 0 to 1, to be one patch in two versions. */
const ALIKE = 0.5;

/** A patch and what became of it in another version. */
export interface PatchPair {
  readonly before: Patch;
  readonly after: Patch;
  /** 0 to 1; 1 for equal titles or equal changes. */
  readonly similarity: number;
}

/**
 * Pairs the patches of two versions: by title, and by the lines that they add and remove, whichever is more alike.
 * Each patch is in one pair at most; those that are left over were added or dropped.
 */
export function matchPatches(before: readonly Patch[], after: readonly Patch[]): PatchPair[] {
  const changesOf = new Map([...before, ...after].map((patch) => [patch, changedLines(patch)]));
  const candidates: { pair: PatchPair; rank: number }[] = [];
  for (const old of before) {
    for (const now of after) {
      const changes = overlap(changesOf.get(old) ?? new Map(), changesOf.get(now) ?? new Map());
      const titles = titlesAlike(old, now);
      const pair = { before: old, after: now, similarity: Math.max(titles, changes) };
      if (pair.similarity >= ALIKE) candidates.push({ pair, rank: titles + changes });
    }
  }
  const distance = (pair: PatchPair): number => Math.abs(pair.before.index - pair.after.index);
  // Patches that are alike in both ways come first, neighbours before others.
  candidates.sort((left, right) => right.rank - left.rank || distance(left.pair) - distance(right.pair));
  const taken = new Set<Patch>();
  const pairs: PatchPair[] = [];
  for (const { pair } of candidates) {
    if (taken.has(pair.before) || taken.has(pair.after)) continue;
    taken.add(pair.before).add(pair.after);
    pairs.push(pair);
  }
  return pairs.sort((left, right) => left.after.index - right.after.index);
}

function titlesAlike(left: Patch, right: Patch): number {
  if (plainTitle(left.subject) === plainTitle(right.subject)) return 1;
  return titleSimilarity(left.subject, right.subject);
}

/** The lines that a patch adds and removes, with their marks, and how often each comes. */
function changedLines(patch: Patch): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, text } of patch.files.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines))) {
    const plain = text.trim();
    if (kind === 'context' || plain === '' || plain === '{' || plain === '}') continue;
    const key = `${kind} ${plain}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** What two counted sets have in common, as a share of what either has: 0 to 1. */
function overlap(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  let common = 0;
  let all = 0;
  for (const [key, count] of left) {
    const other = right.get(key) ?? 0;
    common += Math.min(count, other);
    all += Math.max(count, other);
  }
  for (const [key, count] of right) if (!left.has(key)) all += count;
  return all === 0 ? 0 : common / all;
}
