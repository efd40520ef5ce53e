// SPDX-License-Identifier: GPL-2.0-only

import { Feed } from 'feed';
import { entryHtml } from './digest-html.ts';
import type { Digest, DigestEntry } from './digest-schema.ts';
import { mailLink, newsText, oneLine, titleOf } from './digest-words.ts';

/** Where a series has no date that can be read: no reader takes it for new. */
const NO_DATE = new Date(0);

/** A digest as an Atom feed, an entry a series. Its ids stay the same as long as its newest mail does. */
export function renderDigestAtom(digest: Digest): string {
  const title = `rewalk digest of ${digest.sources.map(oneLine).join(', ')}`;
  const dates = digest.series.flatMap(({ news }) => news.date ?? []).toSorted();
  const newest = dates.at(-1);
  const feed = new Feed({
    title,
    id: `urn:rewalk:digest:${encodeURIComponent(digest.sources.join(' '))}`,
    copyright: '',
    updated: newest === undefined ? NO_DATE : new Date(newest),
    generator: 'rewalk',
  });
  for (const entry of digest.series) feed.addItem(itemOf(entry));
  return feed.atom1();
}

function itemOf(entry: DigestEntry): Parameters<Feed['addItem']>[0] {
  const { id, author, news } = entry;
  return {
    title: titleOf(entry),
    id: `${mailLink(id)}#${encodeURIComponent(news.date ?? '')}`,
    link: mailLink(id),
    date: news.date === undefined ? NO_DATE : new Date(news.date),
    description: newsText(entry),
    content: entryHtml(entry),
    author: [{ name: oneLine(author) }],
  };
}
