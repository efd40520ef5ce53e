// SPDX-License-Identifier: GPL-2.0-only

import { addressParser, decodeWords } from 'postal-mime';
import type { MailAddress } from './mail-message.ts';

/** Longest text, in characters, in which an address is looked for. */
const ADDRESS_LIMIT = 2000;

/** The first person that a header or trailer names: `Name <address>`, encoded words decoded. */
export function parseAddress(text: string | undefined): MailAddress | undefined {
  if (text === undefined) return undefined;
  const start = text.slice(0, ADDRESS_LIMIT);
  // Most are of this form. What stands in brackets there belongs to the name, as git has it: `A Name (Company)`.
  const simple = personIn(start);
  if (simple !== undefined) return simple;
  const found = addressParser(start, { flatten: true })[0];
  if (found === undefined) return undefined;
  const { name, address = '' } = found;
  // A quote that is not closed makes all of it an address.
  const unquoted = /[<\s]/.test(address) ? personIn(start.replaceAll('"', '')) : undefined;
  return unquoted ?? { name: decodeHeader(name), address };
}

/** The person of a text that is a name without quotes and an address in angle brackets. */
function personIn(text: string): MailAddress | undefined {
  const open = text.indexOf('<');
  const close = text.indexOf('>', open);
  if (open === -1 || close === -1 || text.includes('"') || text.slice(close + 1).trim() !== '')
    return undefined;
  const address = text.slice(open + 1, close).trim();
  return /[\s<]/.test(address) ? undefined : { name: decodeHeader(text.slice(0, open).trim()), address };
}

/** A header's text with its encoded words decoded. */
export function decodeHeader(text: string): string {
  return text.includes('=?') ? decodeWords(joinBase64Words(text)) : text;
}

/** Neighbours in base64 as one word: a character may be split between two, which the library does not join. */
function joinBase64Words(text: string): string {
  const run = /=\?([^?\s]{1,40})\?b\?[^?\s]*\?=(?:\s{1,9}=\?\1\?b\?[^?\s]*\?=)+/gi;
  return text.replace(run, (words, charset: string) => {
    const bytes = [...words.matchAll(/\?b\?([^?]*)\?=/gi)].map(([, word = '']) =>
      Buffer.from(word, 'base64'),
    );
    return `=?${charset}?B?${Buffer.concat(bytes).toString('base64')}?=`;
  });
}
