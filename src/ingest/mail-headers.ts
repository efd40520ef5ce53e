// SPDX-License-Identifier: GPL-2.0-only

import type { MailHeader } from './mail-message.ts';

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

/** Splits a header block into unfolded headers, encoded words left as they are. Other lines are passed over. */
export function parseHeaders(text: string): MailHeader[] {
  const headers: { name: string; parts: string[] }[] = [];
  for (const rawLine of text.split('\n')) {
    const line = rawLine.endsWith('\r') ? rawLine.slice(0, -1) : rawLine;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      headers.at(-1)?.parts.push(line.trim());
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0 && isHeaderName(line.slice(0, colon))) {
      headers.push({ name: line.slice(0, colon).toLowerCase(), parts: [line.slice(colon + 1).trim()] });
    }
  }
  return headers.map(({ name, parts }) => ({ name, value: parts.join(' ') }));
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
