// SPDX-License-Identifier: GPL-2.0-only

import { creditsFor, linesInNext } from './comment-fates.ts';
import { matchPatches, type PatchPair } from './match-patches.ts';
import { coverLines, patchLines, type PatchLine } from './patch-lines.ts';
import { findQuoted, quotedPatchLines, type QuotedPosition } from './quoted-position.ts';
import { splitReply, type QuotedLine, type ReplyPart } from './reply-parts.ts';
import type { Patch, Person, Reply, ReviewComment, SeriesVersion } from './series.ts';

/** How far down a thread answers are looked for. */
const THREAD_LIMIT = 1000;

/** A comment with the patch lines that it is about. */
interface LocatedComment {
  readonly comment: ReviewComment;
  readonly about: readonly PatchLine[];
}

/** The lines of one mail of a version. */
interface MailLines {
  readonly patch: number;
  readonly lines: readonly PatchLine[];
}

/**
 * The versions with what replies say, comment by comment: which lines it quotes, whether these changed in the next
 * version, whether that one's changelog speaks of it, and whether a question was answered.
 */
export function withReviewComments(versions: readonly SeriesVersion[]): SeriesVersion[] {
  return versions.map((version, index) => {
    if (version.replies.length === 0) return version;
    const next = versions.slice(index + 1).find(({ patches }) => patches.length > 0);
    const pairs = next === undefined ? [] : matchPatches(version.patches, next.patches);
    const mails = linesOfMails(version);
    const comments = version.replies.flatMap((reply) =>
      commentsOf(reply, version, mails).map((located) => withFate(located, reply, version, next, pairs)),
    );
    return { ...version, comments };
  });
}

function linesOfMails({ cover, patches }: SeriesVersion): MailLines[] {
  const ofCover = cover === undefined ? [] : [{ patch: 0, lines: coverLines(cover) }];
  return [...ofCover, ...patches.map((patch: Patch) => ({ patch: patch.index, lines: patchLines(patch) }))];
}

function commentsOf(reply: Reply, version: SeriesVersion, mails: readonly MailLines[]): LocatedComment[] {
  const parts = splitReply(reply.body, reply.bodyPlace.line ?? 1, reply.author?.name);
  const wasRead = mails.some(({ patch }) => patch === reply.toPatch);
  const fromQuotes = wasRead ? new Map<number, PatchLine>() : quotedPatchLines(parts);
  return parts.map((part) => {
    const found =
      locate(part.quoted, reply.toPatch, mails) ?? fromOwnQuotes(part.quoted, reply.toPatch, fromQuotes);
    return { comment: commentOf(reply, version, part, found), about: found?.position.lines ?? [] };
  });
}

interface Located {
  readonly patch: number | undefined;
  readonly position: QuotedPosition;
}

/** In the mail that is answered; else in the one other mail of the version that has the quoted lines. */
function locate(
  quoted: readonly QuotedLine[],
  toPatch: number | undefined,
  mails: readonly MailLines[],
): Located | undefined {
  if (quoted.length === 0) return undefined;
  const search = (mail: MailLines): Located[] => {
    const position = findQuoted(quoted, mail.lines);
    return position === undefined ? [] : [{ patch: mail.patch, position }];
  };
  const [answered] = mails.filter(({ patch }) => patch === toPatch).flatMap(search);
  if (answered !== undefined) return answered;
  // One line alone may stand anywhere; two in a row say which mail is meant.
  const others = mails
    .filter(({ patch }) => patch !== toPatch)
    .flatMap(search)
    .filter(({ position }) => position.lines.length >= 2);
  return others.length === 1 ? others[0] : undefined;
}

function fromOwnQuotes(
  quoted: readonly QuotedLine[],
  patch: number | undefined,
  lines: ReadonlyMap<number, PatchLine>,
): Located | undefined {
  const found = quoted.flatMap(({ line }) => lines.get(line) ?? []);
  const at = found.findLast(({ key }) => key !== '');
  return at === undefined ? undefined : { patch, position: { at, lines: found } };
}

function commentOf(
  reply: Reply,
  version: SeriesVersion,
  part: ReplyPart,
  found: Located | undefined,
): ReviewComment {
  const at = found?.position.at;
  const patch = found?.patch ?? reply.toPatch;
  const quote = at?.text ?? part.quoted.findLast(({ text }) => text.trim() !== '')?.text;
  const isCode = at !== undefined && at.kind !== 'message';
  return {
    ...(reply.messageId === undefined ? {} : { messageId: reply.messageId }),
    ...(reply.author === undefined ? {} : { author: reply.author }),
    byAuthor: reply.author !== undefined && isAuthor(reply.author, version),
    ...(reply.date === undefined ? {} : { date: reply.date }),
    version: version.label,
    ...(patch === undefined ? {} : { patch }),
    ...(at === undefined ? {} : { part: isCode ? ('patch' as const) : ('message' as const) }),
    ...(at?.file === undefined ? {} : { file: at.file }),
    ...(at?.line === undefined ? {} : { line: at.line }),
    ...(isCode ? { side: at.kind === 'removed' ? ('old' as const) : ('new' as const) } : {}),
    ...(at?.function === undefined ? {} : { function: at.function }),
    ...(quote === undefined ? {} : { quote: quote.trim() }),
    text: part.text,
    place: { file: reply.bodyPlace.file, line: part.line },
    question: /\?(?:["')\]]|\s|$)/.test(part.text),
  };
}

function withFate(
  { comment, about }: LocatedComment,
  reply: Reply,
  version: SeriesVersion,
  next: SeriesVersion | undefined,
  pairs: readonly PatchPair[],
): ReviewComment {
  if (comment.byAuthor) return comment;
  const answer = comment.question ? answerTo(comment, reply, version) : undefined;
  const withAnswer = answer === undefined ? comment : { ...comment, answeredBy: answer };
  if (next === undefined) return withAnswer;
  const after = pairs.find(({ before }) => before.index === comment.patch)?.after;
  const creditedIn = creditsFor(comment, version, next);
  return {
    ...withAnswer,
    changedInNext: linesInNext(about, after, next),
    ...(creditedIn.length === 0 ? {} : { creditedIn }),
  };
}

/** The author's first mail below the question in the thread; one that quotes it before others. */
function answerTo(comment: ReviewComment, reply: Reply, version: SeriesVersion): ReviewComment['answeredBy'] {
  const question = comment.text
    .split('\n')
    .findLast((line) => /\?\W*$/.test(line.trim()))
    ?.trim();
  const below = repliesBelow(reply, version.replies)
    .filter(({ author }) => author !== undefined && isAuthor(author, version))
    .map((answer) => ({
      answer,
      quotes:
        question !== undefined &&
        answer.body.split('\n').some((line) => line.startsWith('>') && line.includes(question)),
    }));
  const found = below.find(({ quotes }) => quotes) ?? below[0];
  if (found === undefined) return undefined;
  const { messageId, author, place } = found.answer;
  return {
    ...(messageId === undefined ? {} : { messageId }),
    ...(author === undefined ? {} : { author }),
    quotes: found.quotes,
    place,
  };
}

function repliesBelow(reply: Reply, replies: readonly Reply[]): Reply[] {
  const ids = new Set(reply.messageId === undefined ? [] : [reply.messageId]);
  const below: Reply[] = [];
  // Mails may have arrived in any order: go over them until no more are found.
  for (let round = 0; round < THREAD_LIMIT; round += 1) {
    const found = replies.filter(
      (other) =>
        !below.includes(other) &&
        other !== reply &&
        other.inReplyTo !== undefined &&
        ids.has(other.inReplyTo),
    );
    if (found.length === 0) break;
    below.push(...found);
    for (const { messageId } of found) if (messageId !== undefined) ids.add(messageId);
  }
  return below;
}

/** Whether a person wrote or sent the cover letter or a patch of a version, or stands in the cover letter's list of authors. */
function isAuthor(person: Person, { cover, patches }: SeriesVersion): boolean {
  const listed = [...(cover?.body.matchAll(/^(\S.{0,80}) \(\d{1,4}\):$/gm) ?? [])].map(
    ([, name = '']): Person => ({ name, address: '' }),
  );
  const authors = [cover?.author, ...patches.flatMap(({ author, sender }) => [author, sender]), ...listed];
  return authors.some((author) => author !== undefined && isSamePerson(author, person));
}

function isSamePerson(left: Person, right: Person): boolean {
  if (left.address !== '' && left.address.toLowerCase() === right.address.toLowerCase()) return true;
  // Archives and lists of authors may add or leave out an employer in brackets.
  const plain = ({ name }: Person): string => name.replace(/\s*\(.{0,60}\)$/, '').toLowerCase();
  return plain(left) !== '' && plain(left) === plain(right);
}
