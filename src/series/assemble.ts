// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import type { MailMessage } from '../ingest/mail-message.ts';
import { groupMails, type MailCounts, type MailGroup } from './mail-groups.ts';
import type { Patch, Series, SeriesVersion } from './series.ts';
import { readVersion } from './read-version.ts';
import { withReviewComments } from './review-comments.ts';
import { followTrailers } from './trailer-history.ts';

interface Assembled extends WithDiagnostics<Series[]> {
  readonly mails: MailCounts;
}

/** Groups messages and reads every group. Series come in the order of their first mail. */
export function assembleSeries(messages: readonly MailMessage[]): Assembled {
  const { value: groups, diagnostics, mails } = groupMails(messages);
  const all = groups.map(readGroup);
  return {
    value: all.map(({ value }) => value),
    diagnostics: [...diagnostics, ...all.flatMap((one) => one.diagnostics)],
    mails,
  };
}

/** Reads the mails of one series. Missing and doubled patches are reported. */
export function readGroup(group: MailGroup): WithDiagnostics<Series> {
  const diagnostics: Diagnostic[] = [];
  const versions = group.postings.map((posting) => {
    const read = readVersion(posting);
    diagnostics.push(...read.diagnostics);
    return read.value;
  });
  const whole = withReviewComments(carryPatches(labelVersions(versions)));
  for (const version of whole) diagnostics.push(...missingPatches(version));
  return { value: describeSeries(group, whole), diagnostics };
}

function describeSeries({ title, changeId }: MailGroup, versions: readonly SeriesVersion[]): Series {
  const author = versions
    .map(({ cover, patches }) => cover?.author ?? patches[0]?.sender ?? patches[0]?.author)
    .findLast((person) => person !== undefined);
  return {
    title,
    ...(author === undefined ? {} : { author }),
    ...(changeId === undefined ? {} : { changeId }),
    versions,
    trailerFates: followTrailers(versions),
  };
}

/** Gives each version a label of its own: two postings may bear one number (a resend, an RFC before). */
function labelVersions(versions: readonly SeriesVersion[]): SeriesVersion[] {
  const used = new Set<string>();
  return versions.map((version) => {
    const plain = `v${version.version}`;
    // An RFC's number says little where the series begins anew without it.
    const hasTwin = versions.some(
      (other) => other !== version && !other.rfc && other.version <= version.version,
    );
    const suffix = version.resend ? '-resend' : version.rfc && hasTwin ? '-rfc' : '';
    let label = `${plain}${suffix}`;
    for (let count = 2; used.has(label); count += 1) label = `${plain}${suffix}-${count}`;
    used.add(label);
    return { ...version, label };
  });
}

/**
 * Where a version posts only some patches anew, below those of an older version with the same count, the others are
 * taken over from that one.
 */
function carryPatches(versions: readonly SeriesVersion[]): SeriesVersion[] {
  const result: SeriesVersion[] = [];
  for (const posted of versions) {
    const older = result.at(-1);
    const version = older === undefined ? posted : (inPlaceOf(posted, older) ?? posted);
    if (older === undefined || !isPartialReroll(version, older)) {
      result.push(version);
      continue;
    }
    const own = new Set(version.patches.map(({ index }) => index));
    const carried: Patch[] = older.patches
      .filter(({ index }) => !own.has(index))
      .map((patch) => ({ ...patch, carriedFrom: patch.carriedFrom ?? older.version }));
    const patches = [...version.patches, ...carried].sort((left, right) => left.index - right.index);
    const present = new Set(patches.map(({ index }) => index));
    result.push({ ...version, patches, missing: version.missing.filter((index) => !present.has(index)) });
  }
  return result;
}

/** One patch without a number that answers a patch of several takes that one's place: it has its number then. */
function inPlaceOf(version: SeriesVersion, older: SeriesVersion): SeriesVersion | undefined {
  const [patch, ...others] = version.patches;
  if (patch === undefined || others.length > 0 || version.cover !== undefined || older.total === 1)
    return undefined;
  if (patch.total !== undefined || patch.inReplyTo === undefined) return undefined;
  const answered = older.patches.find(({ messageId }) => messageId === patch.inReplyTo);
  if (answered === undefined) return undefined;
  const { index } = answered;
  const missing = Array.from({ length: older.total }, (_, at) => at + 1).filter((number) => number !== index);
  const replies = version.replies.map((reply) =>
    reply.toPatch === patch.index ? { ...reply, toPatch: index } : reply,
  );
  return {
    ...version,
    patches: [{ ...patch, index, total: older.total }],
    total: older.total,
    missing,
    replies,
  };
}

/** A version is partial if it has no cover letter, lacks patches, and answers mails of the version before. */
function isPartialReroll(version: SeriesVersion, older: SeriesVersion): boolean {
  if (version.cover !== undefined || version.missing.length === 0 || version.patches.length === 0)
    return false;
  if (version.total !== older.total) return false;
  const ids = new Set([older.cover?.messageId, ...older.patches.map(({ messageId }) => messageId)]);
  return version.patches.every(({ inReplyTo }) => inReplyTo !== undefined && ids.has(inReplyTo));
}

function missingPatches(version: SeriesVersion): Diagnostic[] {
  // Where only replies were read there is nothing that could be missing from the input by accident.
  if (version.missing.length === 0 || (version.cover === undefined && version.patches.length === 0))
    return [];
  const place = version.cover?.place ?? version.patches[0]?.place;
  const title = version.cover?.subject ?? version.patches[0]?.subject ?? '';
  const one = version.missing.length === 1;
  const which = `${one ? 'patch' : 'patches'} ${numberList(version.missing)} of ${version.total}`;
  return [
    {
      code: 'series/missing-patch',
      severity: 'error',
      message: `${version.label} \`${title}\`: ${which} ${one ? 'is' : 'are'} missing`,
      where: place,
      hint: 'what comes after it cannot be built; the patches before it are still read',
    },
  ];
}

/** `1, 3 to 6`: numbers in order, runs of three and more drawn together. */
function numberList(numbers: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run.last === number - 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  const text = ({ first, last }: { first: number; last: number }): string => {
    if (first === last) return `${first}`;
    return last === first + 1 ? `${first}, ${last}` : `${first} to ${last}`;
  };
  return runs.map(text).join(', ');
}
