// SPDX-License-Identifier: GPL-2.0-only

import { matchPatches } from './match-patches.ts';
import { lineKey, patchLines, type PatchLine } from './patch-lines.ts';
import type { Patch, SeriesVersion } from './series.ts';
import type { MovedLines, PatchOutcome } from './version-diff.ts';

/** Lines with fewer characters than this are too common to say where they come from. */
const TELLING = 8;

/** Share of a patch's lines that must be found in another for the one to have become a part of the other. */
const MOST = 0.5;

/** Fewer moved lines than this are chance. */
const MOVED_LINES = 3;

/** Pairs the patches of two versions, and says what became of those without a partner. */
export function patchOutcomes(from: SeriesVersion, to: SeriesVersion): PatchOutcome[] {
  const pairs = matchPatches(from.patches, to.patches);
  const outcomes: PatchOutcome[] = to.patches.map((after): PatchOutcome => {
    const before = pairs.find((pair) => pair.after === after)?.before;
    if (before !== undefined) return pairOutcome(before, after);
    const splitFrom = mostLines(after, from.patches);
    return {
      after: after.index,
      subject: after.subject,
      outcome: 'added',
      ...(splitFrom === undefined ? {} : { splitFrom }),
    };
  });
  const gone = from.patches.filter((patch) => pairs.every(({ before }) => before !== patch));
  for (const patch of gone) {
    const squashedInto = mostLines(patch, to.patches);
    const at = outcomes.findIndex(({ before }) => before !== undefined && before > patch.index);
    outcomes.splice(at === -1 ? outcomes.length : at, 0, {
      before: patch.index,
      subject: patch.subject,
      outcome: 'dropped',
      ...(squashedInto === undefined ? {} : { squashedInto }),
    });
  }
  return outcomes;
}

function pairOutcome(before: Patch, after: Patch): PatchOutcome {
  const changes = (patch: Patch): string =>
    patchLines(patch)
      .filter(({ kind }) => kind === 'added' || kind === 'removed')
      .map(({ kind, text, file }) => `${file ?? ''} ${kind} ${text}`)
      .join('\n');
  const words = ({ subject, message }: Patch): string => lineKey(`${subject}\n${withoutTrailers(message)}`);
  const outcome =
    changes(before) !== changes(after) ? 'changed' : words(before) === words(after) ? 'same' : 'message';
  return {
    before: before.index,
    after: after.index,
    subject: after.subject,
    outcome,
    ...(before.subject === after.subject ? {} : { previousSubject: before.subject }),
  };
}

/** People give trailers between versions; that is no change of the message. */
function withoutTrailers(message: string): string {
  return message.replace(/^[A-Z][\w-]{1,40}-by: .*$/gm, '');
}

/** The patch among `others` that has most of the lines that `patch` adds, or else removes. */
function mostLines(patch: Patch, others: readonly Patch[]): number | undefined {
  const own = changedKeys(patch);
  if (own.length === 0) return undefined;
  const shares = others.map((other) => {
    const keys = new Set(changedKeys(other));
    return { index: other.index, share: own.filter((key) => keys.has(key)).length / own.length };
  });
  shares.sort((left, right) => right.share - left.share);
  const [best] = shares;
  return best !== undefined && best.share >= MOST ? best.index : undefined;
}

function changedKeys(patch: Patch): string[] {
  return patchLines(patch).flatMap((line) => (isTelling(line) ? [keyOf(line)] : []));
}

function isTelling({ kind, key }: PatchLine): boolean {
  return (kind === 'added' || kind === 'removed') && key.length >= TELLING;
}

function keyOf({ kind, file, key }: PatchLine): string {
  return `${kind} ${file ?? ''} ${key}`;
}

/** Added lines that went from a patch to another one than what it became; dropped patches are told elsewhere. */
export function movedLines(from: SeriesVersion, to: SeriesVersion): MovedLines[] {
  const pairs = matchPatches(from.patches, to.patches);
  const addedIn = (patch: Patch): PatchLine[] =>
    patchLines(patch).filter((line) => line.kind === 'added' && isTelling(line));
  const keysIn = new Map(
    [...from.patches, ...to.patches].map((patch) => [patch, new Set(addedIn(patch).map(keyOf))]),
  );
  return pairs.flatMap(({ before, after }) =>
    to.patches.flatMap((other): MovedLines[] => {
      if (other === after) return [];
      const partner = pairs.find((pair) => pair.after === other)?.before;
      const moved = addedIn(before).filter((line) => {
        const key = keyOf(line);
        const hadIt = partner !== undefined && keysIn.get(partner)?.has(key) === true;
        return keysIn.get(after)?.has(key) !== true && keysIn.get(other)?.has(key) === true && !hadIt;
      });
      if (moved.length < MOVED_LINES) return [];
      const functions = [...new Set(moved.flatMap((line) => line.function ?? []))];
      return [{ before: before.index, after: other.index, lines: moved.length, functions }];
    }),
  );
}
