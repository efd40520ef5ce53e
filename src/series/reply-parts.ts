// SPDX-License-Identifier: GPL-2.0-only

import { takeQuoteMarks } from '../ingest/quote-marks.ts';

/** A line that a reply quotes. */
export interface QuotedLine {
  /** How deep: 1 for what the answered mail says itself. */
  readonly depth: number;
  /** Without reply marks. */
  readonly text: string;
  /** In the reply, 1-based. */
  readonly line: number;
}

/** Own words of a reply, and what it quotes right above them. */
export interface ReplyPart {
  readonly quoted: readonly QuotedLine[];
  /** Paragraphs as written. */
  readonly text: string;
  /** Line of the first own word. */
  readonly line: number;
}

interface OpenPart {
  quoted: QuotedLine[];
  own: { text: string; line: number }[];
}

/** Most lines that an attribution (`On … wrote:`) may be wrapped over. */
const ATTRIBUTION_LINES = 3;

const GREETING = /^(?:hi|hello|hey|dear)\b[^.?!]{0,60}[,!]?$/i;

const CLOSING =
  /^(?:(?:many |kind |best |warm )?(?:thanks|thank you|regards|cheers|thx|br|greetings|rgds)\b.{0,30}|best)[,.!]?$/i;

const TRAILER = /^[A-Z][A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,4}-by: \S/;

/**
 * Splits a reply at its own words: each part has what it quotes and what it says to it. Greetings, attributions,
 * signatures (by `author`, if given) and lines that only give a trailer are left out; a part without own words is none.
 */
export function splitReply(body: string, firstLine: number, author = ''): ReplyPart[] {
  const lines = body.split('\n');
  const signature = lines.findIndex((line) => line === '-- ' || line === '--');
  const parts: OpenPart[] = [];
  let open: OpenPart = { quoted: [], own: [] };
  for (const [index, raw] of lines.slice(0, signature === -1 ? undefined : signature).entries()) {
    const { depth, text } = takeQuoteMarks(raw.trimEnd());
    const line = firstLine + index;
    if (depth === 0) {
      open.own.push({ text, line });
      continue;
    }
    dropAttribution(open.own);
    if (open.own.some((own) => own.text.trim() !== '')) {
      parts.push(open);
      open = { quoted: [], own: [] };
    }
    // Empty lines between two quotes are nobody's words.
    open.own = [];
    open.quoted.push({ depth, text, line });
  }
  parts.push(open);
  return parts.flatMap((part, index) => finishPart(part, index === parts.length - 1 ? author : undefined));
}

/** Takes `On Monday, someone wrote:` off the end. */
function dropAttribution(own: { text: string; line: number }[]): void {
  while (own.at(-1)?.text.trim() === '') own.pop();
  const last = own.at(-1)?.text.trim() ?? '';
  if (!last.endsWith(':')) return;
  for (let count = 1; count <= ATTRIBUTION_LINES && count <= own.length; count += 1) {
    const first = own.at(-count)?.text.trim() ?? '';
    if (!/^(?:On |Am |Le |At |In )/.test(first)) continue;
    if (
      !/\b(?:wrote|writes|schrieb|écrit|said)\b/.test(
        own
          .slice(-count)
          .map(({ text }) => text)
          .join(' '),
      )
    )
      continue;
    own.splice(own.length - count);
    return;
  }
  if (/\b(?:wrote|writes|schrieb):$/.test(last)) own.pop();
}

/** `signedBy` is who may have signed below the last part. */
function finishPart({ quoted, own }: OpenPart, signedBy: string | undefined): ReplyPart[] {
  const words = own.filter(({ text }) => !TRAILER.test(text.trim()));
  while (words.length > 0 && (words[0]?.text.trim() === '' || GREETING.test(words[0]?.text.trim() ?? '')))
    words.shift();
  if (signedBy !== undefined) dropClosing(words, signedBy);
  while (words.at(-1)?.text.trim() === '') words.pop();
  const [first] = words;
  if (first === undefined) return [];
  const text = words.map((word) => word.text).join('\n');
  return [{ quoted, text, line: first.line }];
}

/** Takes `Thanks,` and the writer's name below it off the end; a name alone too. */
function dropClosing(words: { text: string }[], author: string): void {
  const lastLine = (): string => {
    while (words.at(-1)?.text.trim() === '') words.pop();
    return words.at(-1)?.text.trim() ?? '';
  };
  const names = new Set(wordsOf(author));
  const signed = wordsOf(lastLine());
  if (signed.length > 0 && signed.every((word) => names.has(word))) words.pop();
  if (CLOSING.test(lastLine())) words.pop();
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
