// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import type { Digest } from '../../report/digest-schema.ts';
import { renderDigestAtom } from '../../report/digest-atom.ts';
import { renderDigestHtml } from '../../report/digest-html.ts';
import { renderDigestMarkdown } from '../../report/digest-markdown.ts';
import { renderDigest } from '../../report/digest-text.ts';
import type { Issue } from './digest-state.ts';
import { renderDigestRfc1153 } from './rfc1153.ts';
import { periodText, oneLine } from '../../report/digest-words.ts';
import { counted } from '../../report/styled-text.ts';
import { writtenLines } from '../cli/print.ts';
import { composeMail } from './compose-mail.ts';

export const FORMATS = ['text', 'mail', 'markdown', 'html', 'atom', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Columns of a mail's text, as kernel lists want it. */
const MAIL_COLUMNS = 72;

/** Most characters of a list's name. */
const MOST_NAME = 120;

/** How text is laid out where it is read at once. */
export interface TextSettings {
  readonly width: number;
  readonly colours: boolean;
}

export interface MailSettings {
  readonly from: string;
  readonly to: readonly string[];
  readonly html: boolean;
  /** As a digest that mail programs take apart. */
  readonly rfc1153: boolean;
  /** Of a digest of RFC 1153, where digests are counted. */
  readonly issue: Issue | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The digest before this one. */
  readonly inReplyTo: string | undefined;
}

/** A digest in one format; the id where it is a mail. */
export interface WrittenDigest {
  readonly text: string;
  readonly messageId?: string;
}

export async function writeDigest(
  digest: Digest,
  format: Format,
  { width, colours }: TextSettings,
  mail: MailSettings,
): Promise<WrittenDigest> {
  switch (format) {
    case 'text':
      return { text: writtenLines(renderDigest(digest, width), colours) };
    case 'json':
      return { text: `${JSON.stringify(digest, undefined, 2)}\n` };
    case 'markdown':
      return { text: renderDigestMarkdown(digest) };
    case 'html':
      return { text: renderDigestHtml(digest) };
    case 'atom':
      return { text: renderDigestAtom(digest) };
    case 'mail':
      return writeMail(digest, mail);
  }
}

/** What RFC 1153 calls the list: where its mails came from. */
function listName({ sources }: Digest): string {
  return sources.map(oneLine).join(', ').slice(0, MOST_NAME);
}

async function writeMail(digest: Digest, settings: MailSettings): Promise<WrittenDigest> {
  const { from, to, now, inReplyTo, html, rfc1153, issue } = settings;
  const name = listName(digest);
  const text = rfc1153
    ? renderDigestRfc1153(digest, { from, name, issue, now }, MAIL_COLUMNS)
    : writtenLines(renderDigest(digest, MAIL_COLUMNS), false);
  // The same digest has the same id, on whatever day it is sent: twice after a crash, it is one mail for its readers.
  const told = rfc1153
    ? renderDigestRfc1153(digest, { from, name, issue: undefined, now }, MAIL_COLUMNS)
    : text;
  const messageId = `${createHash('sha256').update(`${from}\n${told}`).digest('hex').slice(0, 32)}@rewalk.invalid`;
  const sources = digest.sources.map(oneLine).join(', ');
  const what = `${counted(digest.series.length, 'series', 'series')}, ${periodText(digest)}`;
  // RFC 1153 has the list's name before the word.
  const count = issue === undefined ? '' : ` V${issue.volume} #${issue.number}`;
  const subject = rfc1153 ? `${name} Digest${count}: ${what}` : `[digest] ${what}: ${sources}`;
  const composed = await composeMail({
    from,
    to,
    subject: subject.slice(0, 200),
    date: new Date(now),
    messageId,
    inReplyTo: inReplyTo === messageId ? undefined : inReplyTo,
    text,
    html: html ? renderDigestHtml(digest) : undefined,
  });
  return { text: composed, messageId };
}
