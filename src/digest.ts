// SPDX-License-Identifier: GPL-2.0-only

import { OpenedTrees, statedTree } from './base-tree.ts';
import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { changesOfLatest } from './digest-changes.ts';
import { runForDigest, type RunBounds, type RunRequest } from './digest-run.ts';
import type { MailMessage } from './ingest/mail-message.ts';
import { readSources } from './ingest/read-sources.ts';
import type { SourceTree } from './ingest/source-tree.ts';
import { byAttention } from './report/digest-attention.ts';
import { DIGEST_FORMAT, type Digest, type DigestEntry } from './report/digest-schema.ts';
import { chooseMachines } from './review.ts';
import { readGroup } from './series/assemble.ts';
import { groupMails, mailsOfGroup, type MailGroup } from './series/mail-groups.ts';
import type { Posting } from './series/postings.ts';
import { mailKey, mailsOf, type SeriesMail } from './series/series-mails.ts';
import { latestVersion, reviewState } from './series/review-state.ts';
import type { ReviewComment, Series, SeriesVersion } from './series/series.ts';

export interface DigestRequest extends RunRequest {
  /** RFC 3339, UTC: mails from then on are news. All are if undefined. */
  readonly since: string | undefined;
  /** RFC 3339, UTC: mails from then on are not looked at. */
  readonly until: string | undefined;
  /** Of mirrors, by folder: the newest commit that was read before. */
  readonly known?: ReadonlyMap<string, string> | undefined;
  /** RFC 3339, UTC: where no period is asked for, what was sent before then is no news, since it was left out once. */
  readonly newsFrom?: string | undefined;
  /** Whether a mail was told of before, by its key. */
  isReported(key: string): boolean;
}

/** A digest, and the mails that it tells of. */
export interface MadeDigest {
  readonly digest: Digest;
  readonly told: readonly string[];
  /** The newest commit of each mirror that was read, by folder. */
  readonly mirrors: ReadonlyMap<string, string>;
}

type Unordered = Omit<DigestEntry, 'attention'>;

/** A series with what is new of it. */
interface NewsOfSeries {
  readonly series: Series;
  readonly mails: readonly SeriesMail[];
}

/**
 * Reads a list and tells of each series with news once. The value is undefined where nothing could be read; the first
 * diagnostic then says why.
 */
export async function digest(
  request: DigestRequest,
  bounds: RunBounds,
  onSeries: (done: number, total: number) => void = () => {},
): Promise<WithDiagnostics<MadeDigest | undefined>> {
  const { sources, until } = request;
  const since = request.since ?? request.newsFrom;
  const machines = chooseMachines(request.machines);
  if (machines.value === undefined) return { value: undefined, diagnostics: machines.diagnostics };
  const trees = new OpenedTrees();
  if (request.tree !== undefined) {
    const { value, diagnostics } = await trees.open(request.tree);
    if (value === undefined) return { value: undefined, diagnostics };
  }
  const read = await readSources(sources, { since: request.since, known: request.known });
  const error = read.diagnostics.find(({ severity }) => severity === 'error');
  if (read.value.length === 0 && error !== undefined) return { value: undefined, diagnostics: [error] };
  const messages = read.value.filter(({ date }) => date === undefined || until === undefined || date < until);
  const grouped = groupMails(messages);
  const diagnostics: Diagnostic[] = [...read.diagnostics, ...grouped.diagnostics];
  const posted = grouped.value.filter(({ postings }) => postings.some(isPosted));
  // Of a whole mirror, only what has news is taken apart.
  const news = posted
    .filter((group) => mayHaveNews(group, since, request))
    .flatMap((group): NewsOfSeries[] => {
      const { value: series, diagnostics: more } = readGroup(group);
      const mails = mailsOf(series).filter((mail) => isNews(mail, since, request));
      if (mails.length === 0) return [];
      diagnostics.push(...more);
      return [{ series, mails }];
    });
  const entries: Unordered[] = [];
  // What was posted anew goes first: the time to run things may not do for all.
  const order = news.toSorted((a, b) => newVersions(b).length - newVersions(a).length);
  for (const each of order) {
    onSeries(entries.length, order.length);
    entries.push(await entryFor(each, request, bounds, trees));
  }
  const made: Digest = {
    format: DIGEST_FORMAT,
    sources,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    tree: request.tree ?? null,
    series: byAttention(entries),
    mails: messages.length,
    quiet: posted.length - news.length,
    diagnostics: diagnostics.length,
  };
  const told = news.flatMap(({ mails }) => mails.map(mailKey));
  return { value: { digest: made, told, mirrors: read.mirrors }, diagnostics };
}

/** A discussion without any patch is no series. */
function isPosted({ patches, cover }: Pick<SeriesVersion | Posting, 'patches' | 'cover'>): boolean {
  return patches.length > 0 || cover !== undefined;
}

/** Whether a mail of a series can be news, by its date and id alone. */
function mayHaveNews(group: MailGroup, since: string | undefined, { isReported }: DigestRequest): boolean {
  return mailsOfGroup(group).some(({ date, messageId }) => {
    if (since !== undefined && date !== undefined && date < since) return false;
    return messageId === undefined || !isReported(messageId);
  });
}

/** In the period, and not told before. A mail without a date that can be read counts as in the period. */
function isNews(mail: SeriesMail, since: string | undefined, { isReported }: DigestRequest): boolean {
  if (since !== undefined && mail.date !== undefined && mail.date < since) return false;
  return !isReported(mailKey(mail));
}

function newVersions({ mails }: NewsOfSeries): string[] {
  return [...new Set(mails.filter(({ kind }) => kind !== 'reply').map(({ version }) => version))];
}

async function entryFor(
  news: NewsOfSeries,
  request: DigestRequest,
  bounds: RunBounds,
  trees: OpenedTrees,
): Promise<Unordered> {
  const { series, mails } = news;
  const latest = latestVersion(series);
  const earlier = series.versions.filter((version) => version !== latest && isPosted(version)).toReversed();
  const { open, answered, gained, dropped, vouched, waits } = reviewState(series);
  const { run, claims } = await runForDigest(series, request, bounds);
  const tree = earlier.length === 0 ? undefined : await treeFor(series, request, trees);
  const replies = mails.filter(({ kind }) => kind === 'reply');
  const dates = mails.flatMap(({ date }) => date ?? []).toSorted();
  const newest = dates.at(-1);
  return {
    id: firstMail(latest)?.messageId ?? '',
    title: series.title,
    author: series.author === undefined ? '' : series.author.name || series.author.address,
    latest: versionFacts(latest),
    earlier: earlier.map(versionFacts),
    news: {
      versions: newVersions(news),
      replies: replies.length,
      people: [...new Set(replies.map(({ from }) => from))].filter((name) => name !== ''),
      ...(newest === undefined ? {} : { date: newest }),
    },
    changes: changesOfLatest(series, tree) ?? null,
    state: { questions: open.map(questionOf), answered, gained, dropped, vouched, waits },
    claims,
    run,
  };
}

/** The tree that is named, or that the series is said to be for; undefined where there is none to be had. */
async function treeFor(
  series: Series,
  { tree, sources }: DigestRequest,
  trees: OpenedTrees,
): Promise<SourceTree | undefined> {
  const name = tree ?? statedTree(sources, [series]);
  return name === undefined ? undefined : (await trees.open(name)).value;
}

function firstMail({
  cover,
  patches,
}: SeriesVersion): SeriesVersion['cover'] | SeriesVersion['patches'][number] {
  return cover ?? patches[0];
}

function versionFacts(version: SeriesVersion): DigestEntry['latest'] {
  const { label, patches, total } = version;
  const first: Pick<MailMessage, 'messageId'> & { date?: string | undefined } = {
    messageId: firstMail(version)?.messageId,
    date: firstMail(version)?.date ?? version.date,
  };
  return {
    label,
    ...(first.messageId === undefined ? {} : { messageId: first.messageId }),
    ...(first.date === undefined ? {} : { date: first.date }),
    patches: patches.length,
    total,
  };
}

function questionOf(comment: ReviewComment): DigestEntry['state']['questions'][number] {
  const { author, messageId, date, patch, file, line, function: name, text } = comment;
  return {
    by: author === undefined ? '' : author.name || author.address,
    ...(messageId === undefined ? {} : { messageId }),
    ...(date === undefined ? {} : { date }),
    ...(patch === undefined ? {} : { patch }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(name === undefined ? {} : { function: name }),
    text: asked(text),
  };
}

/** The sentences of a comment that ask; a comment may say much beside. */
function asked(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  const sentences = flat.split(/(?<=[.!?])\s/).filter((sentence) => /\?["')\]]?$/.test(sentence));
  return sentences.length === 0 ? flat : sentences.join(' ');
}
