// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import { takeQuoteMarks } from '../ingest/quote-marks.ts';
import { parseChangelog } from './changelog.ts';
import { functionChangesFromHunks } from './hunk-functions.ts';
import { computeDiffstat, parsePatchBody, parseStatedDiffstat } from './patch-body.ts';
import { readPerformanceClaims } from './performance-claims.ts';
import type { PatchMail, Posting } from './postings.ts';
import type {
  CoverLetter,
  Duplicate,
  Patch,
  PerformanceClaim,
  Person,
  Reply,
  SeriesVersion,
} from './series.ts';
import { parseSubject } from './subject.ts';
import { parseReplyTrailers, parseRunOnTrailers, parseTrailers } from './trailers.ts';

/** Reads one posting into a version: its cover letter, its patches in order, its replies. */
export function readVersion(posting: Posting): WithDiagnostics<SeriesVersion> {
  const diagnostics: Diagnostic[] = [];
  const patches: Patch[] = [];
  const duplicates: Duplicate[] = [];
  for (const { index, mail, others } of numberPatches(posting)) {
    const read = readPatch(mail, index);
    patches.push(read.value);
    diagnostics.push(...read.diagnostics);
    for (const other of others) {
      duplicates.push({ index, ...idOf(other), place: other.message.place });
      diagnostics.push(
        other.subject.round < mail.subject.round
          ? sentAgain(mail, index, other)
          : duplicatePatch(other, index, read.value),
      );
    }
  }
  const head = posting.cover ?? posting.patches[0] ?? posting.replies[0];
  const stated = [posting.cover, ...posting.patches, ...posting.replies].map(
    (mail) => mail?.subject.total ?? 0,
  );
  const answerable = answerableMails(posting, patches);
  const total = Math.max(1, patches.length, ...patches.map(({ index }) => index), ...stated.slice(0, 5000));
  const present = new Set(patches.map(({ index }) => index));
  const missing = Array.from({ length: total }, (_, at) => at + 1).filter((index) => !present.has(index));
  const date = posting.cover?.message.date ?? patches[0]?.date;
  const value: SeriesVersion = {
    version: posting.version,
    label: `v${posting.version}`,
    prefix: head?.subject.prefix ?? '',
    rfc: head?.subject.rfc ?? false,
    resend: head?.subject.resend ?? false,
    ...(date === undefined ? {} : { date }),
    ...baseCommitOf(posting),
    ...(posting.cover === undefined ? {} : { cover: readCover(posting.cover) }),
    patches: patches.sort((left, right) => left.index - right.index),
    total,
    missing,
    duplicates,
    replies: posting.replies.map((mail) => readReply(mail, answerable)),
    comments: [],
  };
  return { value, diagnostics };
}

/** A patch of a posting, and other mails that bear its number. */
interface NumberedPatch {
  readonly index: number;
  readonly mail: PatchMail;
  readonly others: readonly PatchMail[];
}

/**
 * Patches with their numbers: as the subject says, else in the order in which they were read. Of several with one number it
 * is that of the latest round (`v2.1` was sent to take the place of a patch of v2), then the one that was read first.
 */
function numberPatches(posting: Posting): NumberedPatch[] {
  const inOrder = [...posting.patches].sort((left, right) => left.order - right.order);
  const byIndex = new Map<number, PatchMail[]>();
  let next = 1;
  for (const mail of inOrder) {
    const index = mail.subject.index ?? next;
    next = index + 1;
    byIndex.set(index, [...(byIndex.get(index) ?? []), mail]);
  }
  return [...byIndex].map(([index, mails]) => {
    const mail = mails.reduce((best, each) => (each.subject.round > best.subject.round ? each : best));
    return { index, mail, others: mails.filter((each) => each !== mail) };
  });
}

function readPatch(mail: PatchMail, index: number): WithDiagnostics<Patch> {
  const { message, subject } = mail;
  const { value: body, diagnostics } = parsePatchBody(message);
  const title = body.subject === undefined ? subject.title : parseSubject(body.subject).title;
  const sender = message.from;
  const author = body.author ?? sender;
  const stated = parseStatedDiffstat(body.notes);
  const whole = `${title}\n\n${body.message}\n`;
  const patch: Patch = {
    index,
    ...(subject.total === undefined ? {} : { total: subject.total }),
    subject: title,
    ...(author === undefined ? {} : { author }),
    ...(sender === undefined || samePerson(sender, author) ? {} : { sender }),
    ...datesAndIds(mail),
    ...(body.date === undefined ? {} : { authorDate: body.date }),
    ...(message.commit === undefined ? {} : { commit: message.commit }),
    message: body.message,
    notes: body.notes,
    trailers: message.form === 'archive' ? parseRunOnTrailers(body.message) : parseTrailers(whole),
    changelog: [
      ...parseChangelog(body.message, body.messageLine),
      ...parseChangelog(body.notes, body.notesLine),
    ],
    claims: readPerformanceClaims(body.message, body.messageLine),
    ...(stated === undefined ? {} : { statedDiffstat: stated }),
    diffstat: computeDiffstat(body.files),
    files: body.files,
    functions: body.files.flatMap(functionChangesFromHunks),
    place: message.place,
    bodyPlace: message.bodyPlace,
  };
  return { value: patch, diagnostics };
}

function readCover(mail: PatchMail): CoverLetter {
  const { message, subject } = mail;
  const firstLine = message.bodyPlace.line ?? 1;
  const stated = parseStatedDiffstat(message.body);
  return {
    subject: subject.title,
    ...(message.from === undefined ? {} : { author: message.from }),
    ...datesAndIds(mail),
    body: message.body,
    place: message.place,
    changelog: parseChangelog(message.body, firstLine),
    claims: readPerformanceClaims(message.body, firstLine),
    trailers: parseReplyTrailers(message.body),
    ...(stated === undefined ? {} : { statedDiffstat: stated }),
  };
}

/** The mails of a posting that a reply may stand under. */
interface Answerable {
  readonly coverId: string | undefined;
  /** Numbers of the patches, 0 for the cover letter. */
  readonly numbers: ReadonlySet<number>;
  readonly patchOfId: ReadonlyMap<string, number>;
}

function answerableMails({ cover }: Posting, patches: readonly Patch[]): Answerable {
  return {
    coverId: cover?.message.messageId,
    numbers: new Set([...(cover === undefined ? [] : [0]), ...patches.map(({ index }) => index)]),
    patchOfId: new Map(
      patches.flatMap(({ messageId, index }) => (messageId === undefined ? [] : [[messageId, index]])),
    ),
  };
}

function readReply(mail: PatchMail, answerable: Answerable): Reply {
  const { message, subject } = mail;
  const toPatch = repliedPatch(mail, answerable);
  const wasRead = toPatch !== undefined && answerable.numbers.has(toPatch);
  return {
    ...datesAndIds(mail),
    ...(message.from === undefined ? {} : { author: message.from }),
    subject: subject.title,
    ...(toPatch === undefined ? {} : { toPatch }),
    trailers: parseReplyTrailers(message.body),
    quotedClaims: wasRead ? [] : quotedClaims(mail),
    body: message.body,
    place: message.place,
    bodyPlace: message.bodyPlace,
  };
}

/** What a reply quotes of the claims of the mail that it answers. */
function quotedClaims({ message }: PatchMail): PerformanceClaim[] {
  const quoted = message.body.split('\n').map((line) => {
    const { depth, text } = takeQuoteMarks(line);
    return depth > 0 ? text : '';
  });
  return readPerformanceClaims(quoted.join('\n'), message.bodyPlace.line ?? 1);
}

/** Which patch a reply stands under: what it answers directly, else what its subject says. */
function repliedPatch(mail: PatchMail, { coverId, patchOfId }: Answerable): number | undefined {
  const ids = [...mail.message.inReplyTo, ...mail.message.references.slice(-50).toReversed()];
  for (const id of ids) {
    const patch = patchOfId.get(id);
    if (patch !== undefined) return patch;
    // The mail between may be missing; its number still stands in the subject.
    if (id === coverId) return id === mail.message.inReplyTo[0] ? 0 : (mail.subject.index ?? 0);
  }
  return mail.subject.index;
}

function datesAndIds({ message }: PatchMail): { date?: string; messageId?: string; inReplyTo?: string } {
  const parent = message.inReplyTo[0];
  return {
    ...(message.date === undefined ? {} : { date: message.date }),
    ...(message.messageId === undefined ? {} : { messageId: message.messageId }),
    ...(parent === undefined ? {} : { inReplyTo: parent }),
  };
}

function idOf({ message }: PatchMail): { messageId?: string } {
  return message.messageId === undefined ? {} : { messageId: message.messageId };
}

function samePerson(left: Person, right: Person | undefined): boolean {
  return right !== undefined && left.name === right.name && left.address === right.address;
}

function duplicatePatch(mail: PatchMail, index: number, first: Patch): Diagnostic {
  const other = [first.place.file, first.place.line].filter((part) => part !== undefined).join(':');
  return {
    code: 'series/duplicate-patch',
    severity: 'error',
    message: `patch ${index} of v${mail.subject.version} comes twice; the one at ${other} is used`,
    where: mail.message.place,
  };
}

function sentAgain({ subject, message }: PatchMail, index: number, before: PatchMail): Diagnostic {
  const { version, round } = before.subject;
  const label = round === 0 ? `v${version}` : `v${version}.${round}`;
  return {
    code: 'series/patch-sent-again',
    severity: 'warning',
    message: `patch ${index} of ${label} was sent again as v${version}.${subject.round}, which is used in its place`,
    where: message.place,
  };
}

/** The commit that `git format-patch --base` names at the end of the first mail. */
function baseCommitOf(posting: Posting): { baseCommit?: string } {
  for (const mail of [posting.cover, ...posting.patches]) {
    const body = mail?.message.body ?? '';
    const match = body.includes('base-commit: ') ? /^base-commit: ([0-9a-f]{7,64})\s*$/m.exec(body) : null;
    if (match !== null) return { baseCommit: match[1]! };
  }
  return {};
}

/** The change-id that b4 writes below a cover letter or into a patch's notes. */
export function findChangeId(posting: Posting): string | undefined {
  for (const mail of [posting.cover, ...posting.patches]) {
    const body = mail?.message.body ?? '';
    const match = body.includes('change-id: ') ? /^change-id: (\S{4,200})\s*$/m.exec(body) : null;
    if (match !== null) return match[1];
  }
  return undefined;
}
