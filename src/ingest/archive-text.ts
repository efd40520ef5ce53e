// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import { isRange } from './hunk-range.ts';
import { isoDate } from './mail.ts';
import type { MailMessage } from './mail-message.ts';
import { takeQuoteMarks } from './quote-marks.ts';

/** How many of the first lines may hold what a web archive says about a mail. */
const HEAD_LINES = 40;

/** What a web archive's page says about a mail before its text. */
interface Head {
  subject: string;
  author: string | undefined;
  dateText: string | undefined;
  commit: string | undefined;
  /** Index of the first line of the text. */
  bodyIndex: number;
}

/** Whether lines look like a mail or commit copied from a web page: a subject without its header's name. */
export function looksLikeArchiveText(lines: readonly string[]): boolean {
  const head = readHead(lines);
  return head.author !== undefined || head.commit !== undefined || /\[[^\]]{0,60}PATCH/.test(head.subject);
}

/**
 * Reads text copied from a web archive as far as it goes, and says in one warning what such text lacks: message
 * ids, addresses, leading spaces, exact dates.
 */
export function readArchiveText(text: string, file: string): WithDiagnostics<MailMessage> {
  const lines = text.split(/\r?\n/);
  const head = readHead(lines);
  const body = lines.slice(head.bodyIndex).join('\n');
  const date = isoDate(head.dateText?.replace(' - ', ' '));
  const message: MailMessage = {
    form: 'archive',
    place: { file, line: 1 },
    bodyPlace: { file, line: head.bodyIndex + 1 },
    messageId: undefined,
    inReplyTo: [],
    references: [],
    subject: head.subject,
    from: head.author === undefined ? undefined : { name: head.author, address: '' },
    date,
    dateText: head.dateText,
    body: body.endsWith('\n') ? body : `${body}\n`,
    commit: head.commit,
  };
  return { value: message, diagnostics: [describeLosses(message, lines)] };
}

function readHead(lines: readonly string[]): Head {
  const head: Head = { subject: '', author: undefined, dateText: undefined, commit: undefined, bodyIndex: 0 };
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = Math.min(lines.length, first + HEAD_LINES);
  for (let index = Math.max(first, 0); index < last; index += 1) {
    const line = (lines[index] ?? '').replaceAll('\u00a0', ' ').trim();
    if (line.startsWith('>') || line.length > 500) break;
    if (takeHeadLine(head, line)) head.bodyIndex = index + 1;
  }
  if (head.author !== undefined || head.dateText !== undefined) head.subject = (lines[first] ?? '').trim();
  else if (/\[[^\]]{0,60}PATCH/.test(lines[first] ?? '')) {
    head.subject = (lines[first] ?? '').trim();
    head.bodyIndex = Math.max(head.bodyIndex, first + 1);
  }
  while (head.bodyIndex < lines.length && (lines[head.bodyIndex] ?? '').trim() === '') head.bodyIndex += 1;
  return head;
}

/** Takes what one line of the page says about the mail; false if it says nothing. */
function takeHeadLine(head: Head, line: string): boolean {
  const posted = /^Posted by (.{1,100}?) (\d{1,4} \w{1,10} ago|\d.{0,40})$/.exec(line);
  if (posted !== null) {
    head.author = posted[1];
    head.dateText = posted[2];
    return true;
  }
  if (line.startsWith('From: ') && head.author === undefined) {
    head.author = line
      .slice('From: '.length)
      .replace(/<.{0,200}>$/, '')
      .trim();
    return true;
  }
  if (line.startsWith('Date: ') && head.dateText === undefined) {
    head.dateText = line.slice('Date: '.length).trim();
    return true;
  }
  if (/^(?:commit )?[0-9a-f]{10,64}$/.test(line) && head.commit === undefined) {
    head.commit = line.replace('commit ', '');
    return true;
  }
  return false;
}

function describeLosses(message: MailMessage, lines: readonly string[]): Diagnostic {
  const losses = ['no message id, so replies cannot be followed'];
  if (message.subject === '') losses.push('no subject');
  if (message.from === undefined) losses.push('no author');
  else losses.push('no address of the author');
  if (message.dateText === undefined) losses.push('no date');
  else if (message.date === undefined) losses.push(`no exact date (\`${message.dateText}\`)`);
  const hidden = lines.filter((line) => /@x{3,}/.test(line)).length;
  if (hidden > 0) losses.push(`addresses hidden in ${hidden} lines`);
  const bare = countBareHunkLines(lines);
  if (bare > 0)
    losses.push(`the leading space lost in ${bare} lines of quoted patches, which cannot be applied`);
  if (lines.some((line) => line.length > 1500)) losses.push('line ends lost in long lines');
  return {
    code: 'ingest/archive-text',
    severity: 'warning',
    message: `text copied from a web archive, read as far as it goes: ${losses.join('; ')}`,
    where: message.place,
  };
}

/** Lines of quoted hunks that begin with none of the marks a hunk's line has. */
function countBareHunkLines(lines: readonly string[]): number {
  let hunkIsQuoted: boolean | undefined;
  let bare = 0;
  for (const line of lines) {
    const { depth, text } = takeQuoteMarks(line);
    const quoted = depth > 0;
    if (isRange(text)) hunkIsQuoted = quoted;
    else if (quoted !== hunkIsQuoted || /^(?:diff --git |-- )/.test(text)) hunkIsQuoted = undefined;
    else if (text !== '' && !/^[ +-]/.test(text)) bare += 1;
  }
  return bare;
}
