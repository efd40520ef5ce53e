// SPDX-License-Identifier: GPL-2.0-only

import { matchPatches } from './match-patches.ts';
import type { ChangelogEntry, Patch, Series, SeriesVersion } from './series.ts';

/** What a version changed since the one before: by what its changelogs say, and by its patches. */
export interface VersionChanges {
  readonly from: string;
  readonly to: string;
  /** Patch 0 is the cover letter. */
  readonly stated: readonly { readonly patch: number; readonly text: string }[];
  readonly patches: readonly PatchFate[];
}

export interface PatchFate {
  readonly fate: 'same' | 'changed' | 'added' | 'dropped';
  readonly subject: string;
  /** Number in the newer version; left out if it was dropped. */
  readonly patch?: number;
  /** Number in the older version; left out if it was added. */
  readonly before?: number;
}

/** Most entries of a changelog that are kept. */
const MOST_STATED = 100;

/** Undefined where there is only one version with patches. */
export function changesOfLatest({ versions }: Series): VersionChanges | undefined {
  const [before, latest] = versions.filter(({ patches }) => patches.length > 0).slice(-2);
  if (before === undefined || latest === undefined) return undefined;
  return {
    from: before.label,
    to: latest.label,
    stated: statedChanges(before, latest).slice(0, MOST_STATED),
    patches: patchFates(before, latest),
  };
}

function statedChanges(before: SeriesVersion, latest: SeriesVersion): VersionChanges['stated'] {
  const isOf = ({ to, from }: ChangelogEntry): boolean =>
    to === latest.version && from <= latest.version && from >= Math.min(before.version, latest.version - 1);
  const logs = [
    { patch: 0, log: latest.cover?.changelog ?? [] },
    ...latest.patches.map(({ index, changelog }) => ({ patch: index, log: changelog })),
  ];
  return logs.flatMap(({ patch, log }) => log.filter(isOf).map(({ text }) => ({ patch, text })));
}

function patchFates(before: SeriesVersion, latest: SeriesVersion): PatchFate[] {
  const pairs = matchPatches(before.patches, latest.patches);
  const fates = latest.patches.map((after): PatchFate => {
    const pair = pairs.find((each) => each.after === after);
    const { subject, index } = after;
    if (pair === undefined) return { fate: 'added', subject, patch: index };
    const fate = changeText(pair.before) === changeText(after) ? 'same' : 'changed';
    return { fate, subject, patch: index, before: pair.before.index };
  });
  const dropped = before.patches
    .filter((patch) => !pairs.some((pair) => pair.before === patch))
    .map(({ subject, index }): PatchFate => ({ fate: 'dropped', subject, before: index }));
  return [...fates, ...dropped];
}

/** The lines that a patch adds and removes: what a rebase leaves as it is. */
function changeText({ files }: Patch): string {
  const lines = files.map(({ newPath, oldPath, hunks }) => [
    newPath ?? oldPath ?? '',
    ...hunks.flatMap((hunk) =>
      hunk.lines.filter(({ kind }) => kind !== 'context').map(({ kind, text }) => `${kind} ${text}`),
    ),
  ]);
  return JSON.stringify(lines);
}
