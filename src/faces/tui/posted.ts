// SPDX-License-Identifier: GPL-2.0-only

import type { compare } from '../../compare.ts';
import type { SeriesInput } from '../../read-series.ts';

/** The parts of a series as it was posted, as they come from what reads it. */
export type Series = SeriesInput['series'][number];
export type SeriesVersion = Series['versions'][number];
export type Patch = SeriesVersion['patches'][number];
export type FunctionChange = Patch['functions'][number];
export type ChangedFile = Patch['files'][number];
export type Hunk = ChangedFile['hunks'][number];
export type Reply = SeriesVersion['replies'][number];
export type ReviewComment = SeriesVersion['comments'][number];

/** What differs between two versions. */
export type VersionDiff = NonNullable<Awaited<ReturnType<typeof compare>>['value']>;
export type FunctionDiff = VersionDiff['functions'][number];
export type PatchOutcome = VersionDiff['patches'][number];

/** The versions that have patches, oldest first. */
export function versionsWithPatches(series: Series | undefined): readonly SeriesVersion[] {
  return series?.versions.filter(({ patches }) => patches.length > 0) ?? [];
}

/** The versions that have patches; where none was read, those that are known by their letters and replies. */
export function versionsToRead(series: Series | undefined): readonly SeriesVersion[] {
  const withPatches = versionsWithPatches(series);
  return withPatches.length === 0 ? (series?.versions ?? []) : withPatches;
}

/** What a version is compared with. */
export function versionBefore(series: Series | undefined, label: string): SeriesVersion | undefined {
  const versions = versionsWithPatches(series);
  return versions[versions.findIndex((version) => version.label === label) - 1];
}
