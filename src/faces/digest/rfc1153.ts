// SPDX-License-Identifier: GPL-2.0-only

import { encodeWords } from 'nodemailer/lib/mime-funcs';
import type { Digest, DigestEntry } from '../../report/digest-schema.ts';
import { renderSummary } from '../../report/digest-summary-text.ts';
import { renderEntry } from '../../report/digest-text.ts';
import { MODEL_NOTE, oneLine, titleOf } from '../../report/digest-words.ts';
import { plainText, wrapped, type Line } from '../../report/styled-text.ts';
import { terminalText } from '../../report/terminal-text.ts';

const AFTER_PREAMBLE = '-'.repeat(70);
const BETWEEN = '-'.repeat(30);

/** Characters of one encoded word; RFC 2047 allows 75 with its frame. */
const ENCODED_WORD = 52;

/** A digest in the form of RFC 1153, which mail programs take apart: a message a series. `from` sends them all. */
export function renderDigestRfc1153(digest: Digest, from: string, width: number): string {
  const preamble = [...renderSummary(digest, width).map(textOf), '', ...wrapped(MODEL_NOTE, width)];
  const messages = digest.series.flatMap((entry, index) => [
    ...messageOf(entry, index + 1, from, width),
    '',
    BETWEEN,
    '',
  ]);
  const end = 'End of rewalk Digest';
  return [...preamble, '', AFTER_PREAMBLE, '', ...messages, end, '*'.repeat(end.length), ''].join('\n');
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
