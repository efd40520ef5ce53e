// SPDX-License-Identifier: GPL-2.0-only

import type { Reply, ReviewComment, Series, SeriesVersion, Trailer } from './series.ts';

/** Where the review of a series stands, as far as its mails tell. */
export interface ReviewState {
  /** Questions of others to the latest version that no later mail of the author's answers. */
  readonly open: readonly ReviewComment[];
  /** How many questions to the latest version were answered. */
  readonly answered: number;
  /** Trailers that people gave in replies to the latest version. */
  readonly gained: readonly GivenTrailer[];
  /** Trailers given to the version before that the latest one does not carry. */
  readonly dropped: readonly GivenTrailer[];
  /** Patches of the latest version with a Reviewed-by or Acked-by, carried or given. */
  readonly vouched: number;
  readonly waits: Waiting;
}

export interface GivenTrailer extends Trailer {
  /** 0 is the cover letter. */
  readonly patch: number;
}

export interface Waiting {
  /** Who has to act: nobody else knows better than this reading of the thread. */
  readonly for: 'author' | 'reviewers' | 'maintainer';
  /** Names, where they are known. */
  readonly who: readonly string[];
  readonly why: string;
  /** RFC 3339: date of the mail that is waited upon; left out where it has none. */
  readonly since?: string;
}

const VOUCHES = /^(?:reviewed|acked)-by$/i;

/** Reads the state off the latest version that has patches, or off the latest one if none has. */
export function reviewState(series: Series): ReviewState {
  const latest = latestVersion(series);
  const questions = latest.comments.filter(({ byAuthor, question }) => question && !byAuthor);
  const open = questions.filter(({ answeredBy }) => answeredBy === undefined);
  const vouched = vouchedPatches(latest);
  return {
    open,
    answered: questions.length - open.length,
    gained: latest.replies.flatMap(({ toPatch, trailers }) =>
      toPatch === undefined ? [] : gifts(trailers).map((trailer) => ({ ...trailer, patch: toPatch })),
    ),
    dropped: series.trailerFates
      .filter(({ next, outcome }) => next === latest.label && outcome === 'dropped')
      .map(({ key, value, patch }) => ({ key, value, patch })),
    vouched,
    waits: waiting(series, latest, open, vouched),
  };
}

/** The newest version that is there with patches; a later one may be known by replies alone. */
export function latestVersion({ versions }: Series): SeriesVersion {
  return versions.findLast(({ patches }) => patches.length > 0) ?? versions.at(-1)!;
}

function gifts(trailers: readonly Trailer[]): Trailer[] {
  return trailers.filter(({ key }) => /-by$/i.test(key) && !/^signed-off-by$/i.test(key));
}

function vouchedPatches({ patches, replies }: SeriesVersion): number {
  const given = replies.filter(({ trailers }) => trailers.some(({ key }) => VOUCHES.test(key)));
  if (given.some(({ toPatch }) => toPatch === 0)) return patches.length;
  return patches.filter(
    ({ index, trailers }) =>
      trailers.some(({ key }) => VOUCHES.test(key)) || given.some(({ toPatch }) => toPatch === index),
  ).length;
}

function waiting(
  series: Series,
  latest: SeriesVersion,
  open: readonly ReviewComment[],
  vouched: number,
): Waiting {
  const author = series.author === undefined ? [] : [series.author.name || series.author.address];
  const [oldest] = open.toSorted((a, b) => (a.date ?? '~').localeCompare(b.date ?? '~'));
  if (oldest !== undefined) {
    const why = `${open.length === 1 ? 'a question has' : `${open.length} questions have`} no answer`;
    return { for: 'author', who: author, why, ...since(oldest.date) };
  }
  const posted = (latest.cover ?? latest.patches[0])?.date;
  const replies = latest.replies.toSorted((a, b) => (a.date ?? '').localeCompare(b.date ?? ''));
  const others = replies.filter((reply) => !isByAuthor(reply, series));
  if (latest.patches.length > 0 && vouched === latest.patches.length) {
    const why = 'every patch was reviewed or acked';
    return { for: 'maintainer', who: [], why, ...since(replies.at(-1)?.date ?? posted) };
  }
  const last = replies.at(-1);
  if (last === undefined || others.length === 0) {
    return { for: 'reviewers', who: [], why: `nobody has replied to ${latest.label}`, ...since(posted) };
  }
  if (isByAuthor(last, series)) {
    const who = [...new Set(others.map(({ author: by }) => by?.name || by?.address || ''))];
    return {
      for: 'reviewers',
      who: who.filter((name) => name !== ''),
      why: 'the author has the last word in the thread',
      ...since(last.date),
    };
  }
  if (others.every((reply) => reply.trailers.length > 0)) {
    const why = `${vouched} of ${latest.patches.length} patches were reviewed or acked`;
    return { for: 'reviewers', who: [], why, ...since(last.date) };
  }
  return {
    for: 'author',
    who: author,
    why: 'comments came after the last mail of its author',
    ...since(last.date),
  };
}

function since(date: string | undefined): { since?: string } {
  return date === undefined ? {} : { since: date };
}

/** By address, or by name where an archive hides addresses. */
function isByAuthor({ author }: Reply, series: Series): boolean {
  const own = series.author;
  if (author === undefined || own === undefined) return false;
  if (own.address !== '' && own.address.toLowerCase() === author.address.toLowerCase()) return true;
  return own.name !== '' && own.name.toLowerCase() === author.name.toLowerCase();
}
