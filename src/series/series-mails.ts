// SPDX-License-Identifier: GPL-2.0-only

import type { Series, SeriesVersion } from './series.ts';

/** A mail of a series, as far as a list of mails needs it. */
export interface SeriesMail {
  readonly kind: 'cover' | 'patch' | 'reply';
  readonly version: string;
  readonly messageId: string | undefined;
  /** RFC 3339, UTC. */
  readonly date: string | undefined;
  readonly from: string;
}

/** Every mail of a series, version by version; what was taken over from an older version stands there alone. */
export function mailsOf(series: Series): SeriesMail[] {
  return series.versions.flatMap(mailsOfVersion);
}

function mailsOfVersion({ label, cover, patches, replies }: SeriesVersion): SeriesMail[] {
  const own = patches.filter(({ carriedFrom }) => carriedFrom === undefined);
  return [
    ...(cover === undefined ? [] : [{ ...cover, kind: 'cover' as const }]),
    ...own.map((patch) => ({ ...patch, author: patch.sender ?? patch.author, kind: 'patch' as const })),
    ...replies.map((reply) => ({ ...reply, kind: 'reply' as const })),
  ].map(({ kind, messageId, date, author }) => ({
    kind,
    version: label,
    messageId,
    date,
    from: author === undefined ? '' : author.name || author.address,
  }));
}

/** What tells a mail from others: its id, or what else is known of it. */
export function mailKey({ messageId, version, kind, date, from }: SeriesMail): string {
  return messageId ?? JSON.stringify([version, kind, date, from]);
}
