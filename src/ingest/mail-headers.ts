// SPDX-License-Identifier: GPL-2.0-only

import { isUtf8 } from 'node:buffer';

/** Longest header block, in bytes, that is taken for headers. */
const HEADER_LIMIT = 1024 * 1024;

export interface HeaderSpan {
  /** Offset just after the last header line. */
  readonly headerEnd: number;
  /** Offset of the body's first byte. */
  readonly bodyStart: number;
  /** Lines before the body. */
  readonly bodyLine: number;
}

/** Finds the empty line that ends a mail's headers. A mail without one is all headers. */
export function headerSpan(bytes: Buffer): HeaderSpan {
  let lineStart = 0;
  let lines = 0;
  while (lineStart < bytes.length && lineStart < HEADER_LIMIT) {
    const newline = bytes.indexOf(0x0a, lineStart);
    const lineEnd = newline === -1 ? bytes.length : newline;
    lines += 1;
    if (lineEnd === lineStart || (lineEnd === lineStart + 1 && bytes[lineStart] === 0x0d)) {
      return { headerEnd: lineStart, bodyStart: Math.min(lineEnd + 1, bytes.length), bodyLine: lines };
    }
    lineStart = lineEnd + 1;
  }
  const end = Math.min(bytes.length, lineStart);
  return { headerEnd: end, bodyStart: end, bodyLine: lines };
}

/** A header of a mail. */
export interface MailHeader {
  /** Lower case. */
  readonly name: string;
  /** Unfolded, encoded words left as they are. */
  readonly value: string;
}

/** The headers that anything here asks for. An archived mail has twenty others, which are not kept. */
const READ_HEADERS = [
  'message-id',
  'in-reply-to',
  'references',
  'from',
  'date',
  'subject',
  'content-type',
  'content-transfer-encoding',
] as const;

export type ReadHeader = (typeof READ_HEADERS)[number];

const IS_READ: ReadonlySet<string> = new Set(READ_HEADERS);
const LONGEST_NAME = Math.max(...READ_HEADERS.map((name) => name.length));

/** Takes the headers that are read here out of a header block; other lines are passed over. */
export function parseHeaders(bytes: Buffer): MailHeader[] {
  // One character a byte: what charset a header is in shows only when it is taken out.
  const text = bytes.toString('latin1');
  const found: { name: string; lines: string[] }[] = [];
  let open: string[] | undefined;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const first = text.charCodeAt(start);
    if (first === SPACE || first === TAB) {
      open?.push(text.slice(start, end));
    } else {
      const name = nameOf(text.slice(start, Math.min(end, start + LONGEST_NAME + 1)));
      open = IS_READ.has(name) ? [text.slice(start + name.length + 1, end)] : undefined;
      if (open !== undefined) found.push({ name, lines: open });
    }
    start = end + 1;
  }
  return found.map(({ name, lines }) => ({ name, value: unfold(lines) }));
}

/** A header's lines as one, without the white space around each. */
function unfold(lines: readonly string[]): string {
  const plain = lines.map(trimSpace).join(' ');
  return isAscii(plain) ? plain : undeclaredText(Buffer.from(plain, 'latin1'));
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** Without blanks at both ends. `trim()` would take bytes of UTF-8 for blanks here. */
function trimSpace(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start += 1;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || code === RETURN;
}

/** Text that does not say its charset: UTF-8 if it can be, else ISO 8859-1, as git takes it. */
export function undeclaredText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;

/** The value of the last header called `name`: git lets it win. */
export function headerValue(headers: readonly MailHeader[], name: ReadHeader): string | undefined {
  return headers.findLast((header) => header.name === name)?.value;
}

/** The name that a header line begins with, in lower case; empty if there is none. */
function nameOf(start: string): string {
  return start.slice(0, Math.max(0, start.indexOf(':'))).toLowerCase();
}

/** Whether `line` is the first line of a header. */
export function isHeaderLine(line: string): boolean {
  const colon = line.indexOf(':');
  return colon > 0 && isHeaderName(line.slice(0, colon));
}

function isHeaderName(name: string): boolean {
  if (name.length > 100) return false;
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return true;
}
