// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import type { MailMessage } from '../ingest/mail-message.ts';
import { groupPostings, type Posting } from './postings.ts';
import { linkPostings } from './link-postings.ts';
import type { Patch, Series, SeriesVersion } from './series.ts';
import { findChangeId, readVersion } from './read-version.ts';
import { withReviewComments } from './review-comments.ts';
import { followTrailers } from './trailer-history.ts';

/** What every mail that was read is: no mail is in two of the counts, and none is in none. */
export interface MailCounts {
  readonly read: number;
  readonly covers: number;
  readonly patches: number;
  readonly replies: number;
  /** The same mail once more, by its message id. */
  readonly copies: number;
  /** Neither patch nor answer to one. */
  readonly others: number;
}

interface Assembled extends WithDiagnostics<Series[]> {
  readonly mails: MailCounts;
}

/**
 * Puts messages together to series: mails to postings, postings of one series to its versions. Missing and doubled
 * patches are reported. Series come in the order of their first mail.
 */
export function assembleSeries(messages: readonly MailMessage[]): Assembled {
  const diagnostics: Diagnostic[] = [];
  const all = groupPostings(messages);
  const unused = unusedMails(messages, all);
  diagnostics.push(...reportUnused(unused));
  const series = linkPostings(all).map((postings) => {
    const versions = postings.map((posting) => {
      const read = readVersion(posting);
      diagnostics.push(...read.diagnostics);
      return read.value;
    });
    const whole = withReviewComments(carryPatches(labelVersions(versions)));
    for (const version of whole) diagnostics.push(...missingPatches(version));
    return describeSeries(postings, whole);
  });
  return { value: series, diagnostics, mails: countMails(messages, all, unused) };
}

function describeSeries(postings: readonly Posting[], versions: readonly SeriesVersion[]): Series {
  const newest = versions.at(-1);
  const titled = newest?.cover?.subject ?? newest?.patches[0]?.subject ?? newest?.replies[0]?.subject ?? '';
  const author = versions.map(
    ({ cover, patches }) => cover?.author ?? patches[0]?.sender ?? patches[0]?.author,
  );
  const changeId = postings.map(findChangeId).find((id) => id !== undefined);
  const found = author.findLast((person) => person !== undefined);
  return {
    title: titled === '' ? untitled(newest) : titled,
    ...(found === undefined ? {} : { author: found }),
    ...(changeId === undefined ? {} : { changeId }),
    versions,
    trailerFates: followTrailers(versions),
  };
}

/** What stands for a title: a commit's page in a web archive may have lost its subject. */
function untitled(version: SeriesVersion | undefined): string {
  const commit = version?.patches[0]?.commit;
  return commit === undefined ? '(no subject)' : `commit ${commit.slice(0, 12)} (no subject)`;
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

/** Mails that are neither patches nor hang below one. */
function unusedMails(messages: readonly MailMessage[], postings: readonly Posting[]): MailMessage[] {
  const used = new Set<MailMessage | undefined>(mailsOf(postings));
  const ids = new Set([...used].map((message) => message?.messageId));
  return messages.filter(
    (message) => !used.has(message) && (message.messageId === undefined || !ids.has(message.messageId)),
  );
}

function mailsOf(postings: readonly Posting[]): MailMessage[] {
  return postings.flatMap(({ cover, patches, replies }) =>
    [cover, ...patches, ...replies].flatMap((mail) => mail?.message ?? []),
  );
}

function countMails(
  messages: readonly MailMessage[],
  postings: readonly Posting[],
  unused: readonly MailMessage[],
): MailCounts {
  const sum = (pick: (posting: Posting) => number): number =>
    postings.reduce((total, posting) => total + pick(posting), 0);
  const ids = unused.flatMap(({ messageId }) => messageId ?? []);
  const others = unused.length - (ids.length - new Set(ids).size);
  return {
    read: messages.length,
    covers: sum(({ cover }) => (cover === undefined ? 0 : 1)),
    patches: sum(({ patches }) => patches.length),
    replies: sum(({ replies }) => replies.length),
    copies: countCopies(messages),
    others,
  };
}

function countCopies(messages: readonly MailMessage[]): number {
  const ids = messages.flatMap(({ messageId }) => messageId ?? []);
  return ids.length - new Set(ids).size;
}

/** Said once, since a list has many. */
function reportUnused(unused: readonly MailMessage[]): Diagnostic[] {
  const [first] = unused;
  if (first === undefined) return [];
  const subject = first.subject === '' ? 'no subject' : `\`${first.subject}\``;
  const message =
    unused.length === 1
      ? `this mail (${subject}) is neither a patch nor an answer to one that was read`
      : `${unused.length} mails are neither patches nor answers to one that was read; the first is ${subject}`;
  return [{ code: 'series/not-a-patch', severity: 'warning', message, where: first.place }];
}
