// SPDX-License-Identifier: GPL-2.0-only

import { encodeWords } from 'nodemailer/lib/mime-funcs';
import type { Digest, DigestEntry } from '../../report/digest-schema.ts';
import { renderSummary } from '../../report/digest-summary-text.ts';
import { renderEntry } from '../../report/digest-text.ts';
import { MODEL_NOTE, oneLine, titleOf } from '../../report/digest-words.ts';
import { clipped, plainText, wrapped, type Line } from '../../report/styled-text.ts';
import { terminalText } from '../../report/terminal-text.ts';
import type { Issue } from './digest-state.ts';

const AFTER_PREAMBLE = '-'.repeat(70);
const BETWEEN = '-'.repeat(30);

/** Characters of one encoded word; RFC 2047 allows 75 with its frame. */
const ENCODED_WORD = 52;

/** What is said of a digest as an issue of something. */
export interface Masthead {
  /** Who sends its messages. */
  readonly from: string;
  readonly name: string;
  readonly issue: Issue | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A digest in the form of RFC 1153, which mail programs take apart: a message a series. */
export function renderDigestRfc1153(digest: Digest, masthead: Masthead, width: number): string {
  const { from, issue } = masthead;
  const preamble = [
    ...mastheadLines(masthead, width),
    ...renderSummary(digest, width).map(textOf),
    '',
    ...wrapped(MODEL_NOTE, width),
  ];
  const messages = digest.series.flatMap((entry, index) => [
    ...messageOf(entry, index + 1, from, width),
    '',
    BETWEEN,
    '',
  ]);
  const end = `End of rewalk Digest${issue === undefined ? '' : ` V${issue.volume} #${issue.number}`}`;
  return [...preamble, '', AFTER_PREAMBLE, '', ...messages, end, '*'.repeat(end.length), ''].join('\n');
}

/** `linux-mm Digest   Mon, 1 Jun 2026   Volume 2026 : Issue 3`; nothing where digests are not counted. */
function mastheadLines({ name, issue, now }: Masthead, width: number): string[] {
  if (issue === undefined) return [];
  const day = new Date(now).toUTCString().slice(0, 'Mon, 01 Jun 2026'.length);
  const right = `${day}   Volume ${issue.volume} : Issue ${issue.number}`;
  const title = clipped(`${name} Digest`, Math.max(20, width - right.length - 3));
  return [`${title}   ${right}`, ''];
}

/** A message that also stands alone: its headers are ASCII, and it says what its text is where that is not. */
function messageOf(entry: DigestEntry, number: number, from: string, width: number): string[] {
  const { news } = entry;
  const date =
    news.date === undefined ? [] : [`Date: ${new Date(news.date).toUTCString().replace('GMT', '+0000')}`];
  // The line that parts entries in plain text is the separator's work here.
  const [, ...body] = renderEntry(entry, number, width).map(textOf);
  return [
    ...date,
    `From: ${encoded(from)}`,
    `Subject: ${encoded(oneLine(titleOf(entry)))}`,
    ...(body.some((line) => /[^\t\x20-\x7e]/.test(line)) ? UTF8 : []),
    '',
    // A line like a separator would part the message there; RFC 1153 has its first character made a blank.
    ...body.map((line) => (line === BETWEEN ? line.replace('-', ' ') : line)),
  ];
}

/** RFC 1153 is older than MIME; without these a message that was taken out would have lost its character set. */
const UTF8 = [
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: 8bit',
];

function encoded(text: string): string {
  return encodeWords(text, 'Q', ENCODED_WORD);
}

function textOf(line: Line): string {
  return terminalText(plainText(line)).trimEnd();
}
