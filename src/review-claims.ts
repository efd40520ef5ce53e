// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import type { SourceTree } from './ingest/source-tree.ts';
import { claimNoChange } from './invariants/claim/no-change.ts';
import { howItDiffers } from './report/changes-text.ts';
import { groupedBy } from './base/grouped.ts';
import type { BehaviourChange, Finding, MatrixCell, PatchChanges } from './report/review-schema.ts';
import type { FindingContext } from './review-findings.ts';
import type { ReviewInput } from './review-input.ts';
import { noChangeClaim } from './series/no-change-claim.ts';
import { findCFunctions } from './series/c-functions.ts';
import type { Patch } from './series/series.ts';

/** A patch that says that it changes nothing, and what it changes, machine by machine. */
interface ClaimingPatch {
  readonly claim: string;
  readonly patch: Patch;
  readonly version: number;
  readonly label: string;
  /** The source behind the patch. */
  readonly tree: SourceTree | undefined;
  readonly on: readonly PatchChanges[];
}

/** Patches of all versions that say so and were run, in order. */
export function claimingPatches(
  { versions }: Pick<ReviewInput, 'versions'>,
  changes: readonly PatchChanges[],
): ClaimingPatch[] {
  return versions.flatMap(({ version: { label, version, patches }, prefixes }) =>
    patches.flatMap((patch): ClaimingPatch[] => {
      const claim = noChangeClaim(patch);
      const on = changes.filter((each) => each.label === label && each.patch === patch.index);
      if (claim === undefined || on.length === 0) return [];
      const tree = prefixes.find((prefix) => prefix.patch === patch.index)?.tree;
      return [{ claim, patch, version, label, tree, on }];
    }),
  );
}

/**
 * The row of `claim/no-change`, where a series has patches that say so: after each patch, what was said up to there and
 * whether it was true. No later patch mends an untrue message.
 */
export function claimCells(
  claiming: readonly ClaimingPatch[],
  changes: readonly PatchChanges[],
): MatrixCell[] {
  if (claiming.length === 0) return [];
  return changes.map(({ version, label, patch, machine }): MatrixCell => {
    const said = claiming.flatMap((each) =>
      each.label === label && each.patch.index <= patch
        ? each.on.filter((one) => one.machine === machine)
        : [],
    );
    const exercised = said.reduce((sum, { compared }) => sum + compared, 0);
    const violated = said.reduce((sum, { visible }) => sum + visible, 0);
    const cell = { version, label, patch, invariant: claimNoChange.id, machine, exercised, violated };
    if (violated > 0) return { ...cell, verdict: 'violated' };
    if (exercised > 0) return { ...cell, verdict: 'holds' };
    return { ...cell, verdict: 'not-reached', reason: 'no patch up to here says that it changes nothing' };
  });
}

/** One finding for each patch whose message is not true, on all machines together. */
export function claimFindings(claiming: readonly ClaimingPatch[], context: FindingContext): Finding[] {
  const untrue = claiming.filter(({ on }) => on.some(({ visible }) => visible > 0));
  const labels = [...groupedBy(claiming, ({ label }) => label).keys()];
  return untrue.map((one): Finding => {
    const { claim, patch, version, label, tree, on } = one;
    const shown = on.filter(({ visible }) => visible > 0);
    const { machine, change } = smallestOf(shown);
    const hash = createHash('sha256').update(patch.subject).digest('hex').slice(0, 6);
    const isLater = (other: ClaimingPatch): boolean => labels.indexOf(other.label) > labels.indexOf(label);
    const isSame = (other: ClaimingPatch): boolean => other.patch.subject === patch.subject;
    const later = claiming.filter((other) => isLater(other) && isSame(other));
    const mended = later.find((other) => !untrue.includes(other));
    const subject = context.subjectOf(label, patch.index);
    return {
      id: `${label}-claim-no-change-${hash}`,
      defect: `claim-no-change-${hash}`,
      invariant: claimNoChange.id,
      severity: claimNoChange.severity,
      ...{ version, label, patch: patch.index, machine },
      ...(subject === undefined ? {} : { subject }),
      status: mended === undefined ? 'introduced' : 'fixed-later',
      ...(mended === undefined ? {} : { fixedIn: { version: mended.version, label: mended.label } }),
      inBase: false,
      machines: shown.map((each) => each.machine),
      where: changedPlace(patch, tree),
      stack: [],
      count: shown.reduce((sum, { visible }) => sum + visible, 0),
      scenario: change.scenario,
      replay: change.replay,
      expected: `as the patch says: “${claim}”`,
      seen: howItDiffers(change),
    };
  });
}

/** What shows it with the shortest scenario. */
function smallestOf(on: readonly PatchChanges[]): {
  readonly machine: string;
  readonly change: BehaviourChange;
} {
  return on
    .flatMap(({ machine, changes }) =>
      changes.filter(({ visible }) => visible > 0).map((change) => ({ machine, change })),
    )
    .reduce((best, each) => (each.change.scenario.length < best.change.scenario.length ? each : best));
}

/** Where to look: the first line that the patch changes inside of a function; else the first that it changes. */
function changedPlace({ files }: Patch, tree: SourceTree | undefined): Finding['where'] {
  const places = files.flatMap(({ newPath: file, hunks }) => {
    if (file === undefined) return [];
    const functions = findCFunctions(tree?.read(file) ?? '');
    return hunks.map((hunk) => {
      const line =
        hunk.newStart +
        Math.max(
          0,
          hunk.lines.findIndex(({ kind }) => kind !== 'context'),
        );
      const around = functions.find(({ startLine, endLine }) => line >= startLine && line <= endLine);
      return { file, line, function: around?.name ?? '' };
    });
  });
  return places.find((place) => place.function !== '') ?? places[0] ?? { file: '', line: 0, function: '' };
}
