// SPDX-License-Identifier: GPL-2.0-only

import type { Digest, DigestEntry } from './digest-schema.ts';
import { renderSummary } from './digest-summary-text.ts';
import { renderEntry } from './digest-text.ts';
import { MODEL_NOTE, oneLine, titleOf } from './digest-words.ts';
import { plainText, wrapped, type Line } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';

const AFTER_PREAMBLE = '-'.repeat(70);
const BETWEEN = '-'.repeat(30);

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

function messageOf(entry: DigestEntry, number: number, from: string, width: number): string[] {
  const { id, news } = entry;
  const date =
    news.date === undefined ? [] : [`Date: ${new Date(news.date).toUTCString().replace('GMT', '+0000')}`];
  const reference = /^[\w.+%$=/-]{1,200}@[\w.-]{1,200}$/.test(id) ? [`References: <${id}>`] : [];
  // The line that parts entries in plain text is the separator's work here.
  const [, ...body] = renderEntry(entry, number, width).map(textOf);
  return [...date, `From: ${from}`, `Subject: ${oneLine(titleOf(entry))}`, ...reference, '', ...body];
}

function textOf(line: Line): string {
  return terminalText(plainText(line)).trimEnd();
}
