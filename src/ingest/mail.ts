// SPDX-License-Identifier: GPL-2.0-only

import { isUtf8 } from 'node:buffer';
import PostalMime from 'postal-mime';
import type { Diagnostic, DiagnosticPlace, WithDiagnostics } from '../base/diagnostic.ts';
import { unflow } from './format-flowed.ts';
import { decodeHeader, parseAddress } from './mail-address.ts';
import { headerSpan, headerValue, parseHeaders, undeclaredText, type MailHeader } from './mail-headers.ts';
import type { MailMessage } from './mail-message.ts';
import { findMangledWhitespace } from './mangled-whitespace.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/** Largest mail, in bytes, that is read. vger.kernel.org passes on far smaller ones. */
export const MAIL_LIMIT = 32 * 1024 * 1024;

/** How deep multipart nesting may go. */
const NESTING_LIMIT = 16;

/** One mail as bytes, and where it stands. */
export interface RawMail {
  readonly bytes: Buffer;
  readonly place: DiagnosticPlace;
  /** The commit that `git format-patch` names in the line before the headers. */
  readonly commit?: string | undefined;
}

/** What the body's MIME headers say. */
interface BodyForm {
  readonly type: string;
  /** Empty if it is not said. */
  readonly charset: string;
  readonly encoding: 'base64' | 'quoted-printable' | '8bit';
  readonly flowed: boolean;
  readonly delSp: boolean;
}

interface Body {
  readonly text: string;
  /** Whether line n of the text is line n of the source's body. */
  readonly sameLines: boolean;
}

/** Reads one mail: headers, encoded words, charsets, transfer encodings, multipart and attached patches. */
export async function readMail(raw: RawMail): Promise<WithDiagnostics<MailMessage | undefined>> {
  if (raw.bytes.length > MAIL_LIMIT) {
    const message = `a mail of ${raw.bytes.length} bytes is over the limit of ${MAIL_LIMIT}`;
    return { value: undefined, diagnostics: [broken('ingest/mail-too-large', message, raw.place)] };
  }
  const { headerEnd, bodyStart, bodyLine } = headerSpan(raw.bytes);
  const headers = parseHeaders(raw.bytes.subarray(0, headerEnd));
  const diagnostics: Diagnostic[] = [];
  const body = await readBody(raw, headers, bodyStart, diagnostics);
  const messageId = bareIds(headerValue(headers, 'message-id'))[0];
  const firstLine = (raw.place.line ?? 1) + bodyLine;
  const bodyPlace = body.sameLines
    ? { file: raw.place.file, line: firstLine }
    : { file: messageId === undefined ? raw.place.file : `<${messageId}>`, line: 1 };
  diagnostics.push(...findMangledWhitespace(body.text, bodyPlace));
  const dateText = headerValue(headers, 'date');
  const message: MailMessage = {
    form: 'mail',
    place: raw.place,
    bodyPlace,
    messageId,
    inReplyTo: bareIds(headerValue(headers, 'in-reply-to')),
    references: bareIds(headerValue(headers, 'references')),
    subject: decodeHeader(headerValue(headers, 'subject') ?? '')
      .replace(/[ \t]{2,}/g, ' ')
      .trim(),
    from: parseAddress(headerValue(headers, 'from')),
    date: isoDate(dateText),
    dateText,
    body: body.text,
    commit: raw.commit,
  };
  return { value: message, diagnostics };
}

async function readBody(
  raw: RawMail,
  headers: readonly MailHeader[],
  bodyStart: number,
  diagnostics: Diagnostic[],
): Promise<Body> {
  const form = bodyForm(headers);
  const bytes = raw.bytes.subarray(bodyStart);
  if (form.type.startsWith('multipart/') || form.type === 'text/html') return readParts(raw, diagnostics);
  const decoded = decodeTransfer(bytes, form.encoding);
  const text = unixLines(decodeCharset(decoded, form.charset, diagnostics, raw.place));
  if (text.includes('\0')) {
    diagnostics.push(broken('ingest/binary-body', 'the body holds NUL bytes, so it is not text', raw.place));
  }
  const plain = form.encoding === '8bit';
  if (!form.flowed) return { text, sameLines: plain };
  const { text: unflowed, joined } = unflow(text, form.delSp);
  if (joined > 0) {
    const message = `the mail is format=flowed: ${joined} line ends were soft and are undone; a patch in it may be damaged`;
    diagnostics.push({ code: 'ingest/format-flowed', severity: 'warning', message, where: raw.place });
  }
  return { text: unflowed, sameLines: plain && joined === 0 };
}

/** A multipart mail, through the library: its text parts, then every attachment that is text. */
async function readParts(raw: RawMail, diagnostics: Diagnostic[]): Promise<Body> {
  try {
    const email = await PostalMime.parse(raw.bytes, {
      maxNestingDepth: NESTING_LIMIT,
      maxRfc822NestingDepth: 1,
      attachmentEncoding: 'arraybuffer',
    });
    const texts: string[] = [];
    if (email.text !== undefined) texts.push(unixLines(email.text));
    if (email.text === undefined || (email.html !== undefined && !mentionsPlainText(raw.bytes))) {
      const message = 'the mail has no plain text, only HTML; what could be taken from it is read';
      diagnostics.push({ code: 'ingest/html-only', severity: 'warning', message, where: raw.place });
    }
    for (const attachment of email.attachments) {
      const name = attachment.filename ?? '';
      const isText = attachment.mimeType.startsWith('text/') || /\.(?:patch|diff)$/i.test(name);
      if (!isText || typeof attachment.content === 'string') continue;
      texts.push(unixLines(undeclaredLines(Buffer.from(attachment.content as ArrayBuffer))));
    }
    const ended = texts.map((text) => (text.endsWith('\n') || text === '' ? text : `${text}\n`));
    return { text: ended.join(''), sameLines: false };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    diagnostics.push(
      broken('ingest/bad-mime', `the parts of this mail cannot be read: ${reason}`, raw.place),
    );
    return { text: '', sameLines: false };
  }
}

function mentionsPlainText(bytes: Buffer): boolean {
  return /^content-type:\s{0,9}text\/plain/im.test(bytes.toString('latin1'));
}

function bodyForm(headers: readonly MailHeader[]): BodyForm {
  const contentType = headerValue(headers, 'content-type') ?? 'text/plain';
  const parameters = contentType.split(';').map((part) => part.trim());
  const parameter = (name: string): string | undefined => {
    const found = parameters.find((part) => part.toLowerCase().startsWith(`${name}=`));
    return found?.slice(name.length + 1).replace(/^"|"$/g, '');
  };
  const encoding = (headerValue(headers, 'content-transfer-encoding') ?? '8bit').trim().toLowerCase();
  const charset = (parameter('charset') ?? '').toLowerCase().replace(/[^a-z0-9_.:-]/g, '');
  return {
    type: (parameters[0] ?? '').toLowerCase(),
    charset,
    encoding: encoding === 'base64' || encoding === 'quoted-printable' ? encoding : '8bit',
    flowed: parameter('format')?.toLowerCase() === 'flowed',
    delSp: parameter('delsp')?.toLowerCase() === 'yes',
  };
}

function decodeCharset(
  bytes: Buffer,
  charset: string,
  diagnostics: Diagnostic[],
  place: DiagnosticPlace,
): string {
  if (charset === '') return undeclaredLines(bytes);
  if (charset === 'utf-8' || charset === 'us-ascii' || charset === 'utf8') return bytes.toString('utf8');
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);
  } catch {
    const message = `the charset \`${charset}\` is not known; the body is read as UTF-8`;
    diagnostics.push({ code: 'ingest/unknown-charset', severity: 'warning', message, where: place });
    return bytes.toString('utf8');
  }
}

/** Line by line, as git does it: a message in UTF-8 may bring a patch to a file in another charset. */
function undeclaredLines(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const lines = bytes.toString('latin1').split('\n');
  return lines.map((line) => undeclaredText(Buffer.from(line, 'latin1'))).join('\n');
}

/** The message ids in a header: what stands in angle brackets, or else its words. */
export function bareIds(value: string | undefined): string[] {
  if (value === undefined) return [];
  const bracketed = [...value.matchAll(/<([^<>\s]{1,998})>/g)].map((match) => match[1] ?? '');
  if (bracketed.length > 0) return bracketed;
  return value.split(/\s+/).filter((word) => word.includes('@'));
}

/** A mail's date in RFC 3339 form, UTC, or undefined if it cannot be read. */
export function isoDate(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
}

function unixLines(text: string): string {
  return text.includes('\r\n') ? text.replaceAll('\r\n', '\n') : text;
}

function broken(code: string, message: string, where: DiagnosticPlace): Diagnostic {
  return { code, severity: 'error', message, where };
}
