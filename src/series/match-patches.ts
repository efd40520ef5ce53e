// SPDX-License-Identifier: GPL-2.0-only

import type { Patch } from './series.ts';
import { titleSimilarity, titleWords } from './subject.ts';

/** How alike two patches must be, 0 to 1, to be one patch in two versions. */
const ALIKE = 0.5;

/** A patch and what became of it in another version. */
export interface PatchPair {
  readonly before: Patch;
  readonly after: Patch;
  /** 0 to 1; 1 for equal titles or equal changes. */
  readonly similarity: number;
}

/** Pairs that were found, by the two lists: several parts of a report ask for the same. */
const known = new WeakMap<readonly Patch[], WeakMap<readonly Patch[], readonly PatchPair[]>>();

/**
 * Pairs the patches of two versions: by title, and by the lines that they add and remove, whichever is more alike.
 * Each patch is in one pair at most; those that are left over were added or dropped.
 */
export function matchPatches(before: readonly Patch[], after: readonly Patch[]): readonly PatchPair[] {
  const ofBefore = known.get(before) ?? new WeakMap<readonly Patch[], readonly PatchPair[]>();
  known.set(before, ofBefore);
  const pairs = ofBefore.get(after) ?? findPairs(before, after);
  ofBefore.set(after, pairs);
  return pairs;
}

function findPairs(before: readonly Patch[], after: readonly Patch[]): PatchPair[] {
  const newer = new CountedPatches(after);
  const candidates: { pair: PatchPair; rank: number }[] = [];
  const titlesAfter = after.map(({ subject }) => titleWords(subject));
  for (const old of before) {
    const title = titleWords(old.subject);
    const changes = newer.overlaps(old);
    for (const [index, now] of after.entries()) {
      const titles = titleSimilarity(title, titlesAfter[index]!);
      const changesAlike = changes.get(index) ?? 0;
      const pair = { before: old, after: now, similarity: Math.max(titles, changesAlike) };
      if (pair.similarity >= ALIKE) candidates.push({ pair, rank: titles + changesAlike });
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

/** The lines that a patch adds and removes, with their marks, and how often each comes. */
function changedLines(patch: Patch): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { hunks } of patch.files) {
    for (const { lines } of hunks) {
      for (const { kind, text } of lines) {
        const plain = text.trim();
        if (kind === 'context' || plain === '' || plain === '{' || plain === '}') continue;
        const key = `${kind} ${plain}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** The changed lines of several patches, by line. */
class CountedPatches {
  readonly #byLine = new Map<string, { readonly index: number; readonly count: number }[]>();
  readonly #totals: number[];

  constructor(patches: readonly Patch[]) {
    this.#totals = patches.map((patch, index) => {
      const counts = changedLines(patch);
      for (const [key, count] of counts) {
        const found = this.#byLine.get(key);
        if (found === undefined) this.#byLine.set(key, [{ index, count }]);
        else found.push({ index, count });
      }
      return totalOf(counts);
    });
  }

  /** What a patch has in common with each of these, as a share of what both have: 0 to 1, by index; 0 is left out. */
  overlaps(patch: Patch): Map<number, number> {
    const counts = changedLines(patch);
    const total = totalOf(counts);
    const common = new Map<number, number>();
    for (const [key, count] of counts) {
      for (const other of this.#byLine.get(key) ?? []) {
        common.set(other.index, (common.get(other.index) ?? 0) + Math.min(count, other.count));
      }
    }
    return new Map(
      [...common].map(([index, shared]) => [index, (2 * shared) / (total + (this.#totals[index] ?? 0))]),
    );
  }
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
