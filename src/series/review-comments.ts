// SPDX-License-Identifier: GPL-2.0-only

import { creditsFor, linesInNext, VersionLines } from './comment-fates.ts';
import { matchPatches, type PatchPair } from './match-patches.ts';
import { coverLines, PatchLineCache, type PatchLine } from './patch-lines.ts';
import { plainName } from './person-name.ts';
import { findQuoted, QuotableLines, quotedPatchLines, type QuotedPosition } from './quoted-position.ts';
import { splitReply, type QuotedLine, type ReplyPart } from './reply-parts.ts';
import type { Person, Reply, ReviewComment, SeriesVersion } from './series.ts';

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
  readonly lines: QuotableLines;
}

/** What is looked up for every comment of a version. */
interface Thread {
  readonly version: SeriesVersion;
  readonly mails: readonly MailLines[];
  readonly authors: readonly Person[];
  /** By the message id of what they answer, in order. */
  readonly answers: ReadonlyMap<string, readonly Reply[]>;
  /** Where each reply stands among all. */
  readonly order: ReadonlyMap<Reply, number>;
  /** The next version that has patches, and which of them each patch became. */
  readonly next: { readonly lines: VersionLines; readonly pairs: readonly PatchPair[] } | undefined;
}

/**
 * The versions with what replies say, comment by comment: which lines it quotes, whether these changed in the next
 * version, whether that one's changelog speaks of it, and whether a question was answered.
 */
export function withReviewComments(versions: readonly SeriesVersion[]): SeriesVersion[] {
  const cache = new PatchLineCache();
  return versions.map((version, index) => {
    if (version.replies.length === 0) return version;
    const next = versions.slice(index + 1).find(({ patches }) => patches.length > 0);
    const thread = threadOf(version, next, cache);
    const comments = version.replies.flatMap((reply) =>
      commentsOf(reply, thread).map((located) => withFate(located, reply, thread)),
    );
    return { ...version, comments };
  });
}

function threadOf(version: SeriesVersion, next: SeriesVersion | undefined, cache: PatchLineCache): Thread {
  const answers = new Map<string, Reply[]>();
  for (const reply of version.replies) {
    if (reply.inReplyTo === undefined) continue;
    const others = answers.get(reply.inReplyTo);
    if (others === undefined) answers.set(reply.inReplyTo, [reply]);
    else others.push(reply);
  }
  return {
    version,
    mails: linesOfMails(version, cache),
    authors: authorsOf(version),
    answers,
    order: new Map(version.replies.map((reply, index) => [reply, index])),
    next:
      next === undefined
        ? undefined
        : { lines: new VersionLines(next, cache), pairs: matchPatches(version.patches, next.patches) },
  };
}

function linesOfMails({ cover, patches }: SeriesVersion, cache: PatchLineCache): MailLines[] {
  const coverText = cover === undefined ? [] : coverLines(cover);
  const ofCover = cover === undefined ? [] : [{ patch: 0, lines: new QuotableLines(() => coverText) }];
  const ofPatches = patches.map((patch) => ({
    patch: patch.index,
    lines: new QuotableLines(() => cache.linesOf(patch)),
  }));
  return [...ofCover, ...ofPatches];
}

function commentsOf(reply: Reply, thread: Thread): LocatedComment[] {
  const { mails } = thread;
  const parts = splitReply(reply.body, reply.bodyPlace.line ?? 1, reply.author?.name);
  const wasRead = mails.some(({ patch }) => patch === reply.toPatch);
  const fromQuotes = wasRead ? new Map<number, PatchLine>() : quotedPatchLines(parts);
  return parts.map((part) => {
    const found =
      locate(part.quoted, reply.toPatch, mails) ?? fromOwnQuotes(part.quoted, reply.toPatch, fromQuotes);
    return { comment: commentOf(reply, thread, part, found), about: found?.position.lines ?? [] };
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
  { version, authors }: Thread,
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
    byAuthor: isAuthor(reply.author, authors),
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

function withFate({ comment, about }: LocatedComment, reply: Reply, thread: Thread): ReviewComment {
  if (comment.byAuthor) return comment;
  const { version, next } = thread;
  const answer = comment.question ? answerTo(comment, reply, thread) : undefined;
  const withAnswer = answer === undefined ? comment : { ...comment, answeredBy: answer };
  if (next === undefined) return withAnswer;
  const after = next.pairs.find(({ before }) => before.index === comment.patch)?.after;
  const creditedIn = creditsFor(comment, version, next.lines.version);
  return {
    ...withAnswer,
    changedInNext: linesInNext(about, after, next.lines),
    ...(creditedIn.length === 0 ? {} : { creditedIn }),
  };
}

/** The author's first mail below the question in the thread; one that quotes it before others. */
function answerTo(comment: ReviewComment, reply: Reply, thread: Thread): ReviewComment['answeredBy'] {
  const question = comment.text
    .split('\n')
    .findLast((line) => /\?\W*$/.test(line.trim()))
    ?.trim();
  const below = repliesBelow(reply, thread)
    .filter(({ author }) => isAuthor(author, thread.authors))
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

/** Those that answer a reply, then those that answer these, and so on; in each round as they arrived. */
function repliesBelow(reply: Reply, { order, answers }: Thread): Reply[] {
  const found = new Set([reply]);
  let round: readonly Reply[] = [reply];
  for (let count = 0; count < THREAD_LIMIT && round.length > 0; count += 1) {
    round = round
      .flatMap(({ messageId }) => (messageId === undefined ? [] : (answers.get(messageId) ?? [])))
      .filter((each) => !found.has(each))
      .sort((left, right) => (order.get(left) ?? 0) - (order.get(right) ?? 0));
    for (const each of round) found.add(each);
  }
  found.delete(reply);
  return [...found];
}

/** Who wrote or sent the cover letter or a patch of a version, or stands in the cover letter's list of authors. */
function authorsOf({ cover, patches }: SeriesVersion): Person[] {
  const listed = [...(cover?.body.matchAll(/^(\S.{0,80}) \(\d{1,4}\):$/gm) ?? [])].map(
    ([, name = '']): Person => ({ name, address: '' }),
  );
  const all = [cover?.author, ...patches.flatMap(({ author, sender }) => [author, sender]), ...listed];
  const byName = all.flatMap((person) =>
    person === undefined ? [] : [[JSON.stringify([person.name, person.address]), person] as const],
  );
  return [...new Map(byName).values()];
}

function isAuthor(person: Person | undefined, authors: readonly Person[]): boolean {
  return person !== undefined && authors.some((author) => isSamePerson(author, person));
}

function isSamePerson(left: Person, right: Person): boolean {
  if (left.address !== '' && left.address.toLowerCase() === right.address.toLowerCase()) return true;
  return plainName(left.name) !== '' && plainName(left.name) === plainName(right.name);
}
