// SPDX-License-Identifier: GPL-2.0-only

import fc from 'fast-check';

/** A patch as its author has it, before any mail program touched it. */
export interface PlainPatch {
  readonly name: string;
  readonly address: string;
  readonly title: string;
  readonly message: string;
  readonly diff: string;
  /** Another author than the sender, in the body's first line. */
  readonly inBodyFrom: string | undefined;
}

/** How a mail program wraps it. */
export interface Wrapping {
  readonly encoding: '7bit' | '8bit' | 'quoted-printable' | 'base64';
  readonly charset: 'utf-8' | 'UTF-8' | 'iso-8859-1' | 'us-ascii';
  readonly words: 'q' | 'b';
  readonly parts: 'one' | 'mixed' | 'attached' | 'attached base64';
  readonly crlf: boolean;
}

const word = fc.stringMatching(/^[a-z_]{1,9}$/);
const accented = fc.constantFrom('René', 'Müller', 'naïve', 'façade', 'Øystein', 'año');
const anyWord = fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: accented });
const words = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(anyWord, { minLength: min, maxLength: max }).map((all) => all.join(' '));

const proseLine = fc.oneof(
  { weight: 5, arbitrary: words(1, 9) },
  fc.constantFrom(
    'From here on it is different.',
    '>From the other side.',
    '>>From far away.',
    '= equals = signs =3D =',
    'a line with a dot.',
    '.',
    '  indented by two',
    'Link: https://example.org/a=b?c=d',
    '8< is no pair of scissors',
  ),
);

const paragraph = fc.array(proseLine, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));

const codeLine = fc.oneof(
  words(1, 5).map((text) => `\t${text};`),
  fc.constantFrom(
    '',
    '{',
    '}',
    '\treturn 0;',
    'From the top:',
    '-- ',
    '\tif (a == b)',
    '=20',
    '\t/* é */',
    '. ',
  ),
);

const hunkLines = fc.array(
  fc.tuple(fc.constantFrom(' ', '+', '-'), codeLine).map(([mark, text]) => mark + text),
  { minLength: 1, maxLength: 12 },
);

/** One file's diff whose counts are right. It begins and ends in context, and changes something. */
const fileDiff = fc.tuple(word, hunkLines, fc.nat(4000)).map(([name, body, start]) => {
  const lines = [' \tfirst', ...body, '+\tadded', ' \tlast'];
  const count = (marks: string): number => lines.filter(([mark = ' ']) => marks.includes(mark)).length;
  const range = `@@ -${start + 1},${count(' -')} +${start + 1},${count(' +')} @@ int ${name}(void)`;
  const path = `mm/${name}.c`;
  return `diff --git a/${path} b/${path}\nindex 1111111..2222222 100644\n--- a/${path}\n+++ b/${path}\n${range}\n${lines.join('\n')}\n`;
});

export const plainPatches: fc.Arbitrary<PlainPatch> = fc.record({
  name: fc.oneof(
    words(1, 3),
    fc.constantFrom('Doe, Jane', 'J. "Nick" Doe', 'Ærlig Åse', '王 小明', "O'Neil (lab)"),
  ),
  address: word.map((name) => `${name}@example.org`),
  title: fc.tuple(word, words(2, 16)).map(([area, text]) => `mm/${area}: ${text}`),
  message: fc.array(paragraph, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n\n')),
  diff: fc.array(fileDiff, { minLength: 1, maxLength: 3 }).map((all) => all.join('')),
  inBodyFrom: fc.option(
    fc.tuple(words(1, 2), word).map(([name, at]) => `${name} <${at}@example.com>`),
    { nil: undefined, freq: 3 },
  ),
});

export const wrappings: fc.Arbitrary<Wrapping> = fc.record({
  encoding: fc.constantFrom('7bit', '8bit', 'quoted-printable', 'base64'),
  charset: fc.constantFrom('utf-8', 'UTF-8', 'iso-8859-1', 'us-ascii'),
  words: fc.constantFrom('q', 'b'),
  parts: fc.constantFrom('one', 'one', 'mixed', 'attached', 'attached base64'),
  crlf: fc.boolean(),
});

function isAscii(text: string): boolean {
  return /^[\t\n\r -~]*$/.test(text);
}

function isLatin1(text: string): boolean {
  return Buffer.from(text, 'latin1').toString('latin1') === text;
}

/** A header's text as encoded words of at most 75 characters, each on a line of its own. */
function encodeWords(text: string, form: Wrapping['words']): string {
  if (isAscii(text)) return text;
  const pieces = text.match(/.{1,8}/gu) ?? [];
  const encode = (piece: string): string => {
    const bytes = [...Buffer.from(piece)];
    if (form === 'b') return `=?UTF-8?B?${Buffer.from(piece).toString('base64')}?=`;
    const escaped = bytes.map((byte) =>
      /[A-Za-z0-9]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    );
    return `=?utf-8?q?${escaped.join('')}?=`;
  };
  return pieces.map(encode).join('\n ');
}

/** A long plain header is folded at a space. */
function fold(text: string): string {
  return text.replace(/(.{40,60}?) (?=\S)/g, '$1\n ');
}

function person(name: string, address: string, form: Wrapping['words']): string {
  if (!isAscii(name)) return `${encodeWords(name, form)} <${address}>`;
  const quoted = /[,."()]/.test(name) ? `"${name.replace(/(["\\])/g, '\\$1')}"` : name;
  return `${quoted} <${address}>`;
}

function quotedPrintable(text: Buffer): string {
  const lines = text.toString('latin1').split('\n');
  return lines
    .map((line) => {
      const escaped = line.replace(
        /[^\t -<>-~]|[ \t]$/g,
        (found) => `=${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
      );
      return escaped.replace(/((?:=..|[^=]){70})(?=.)/g, '$1=\n');
    })
    .join('\n');
}

function base64Lines(text: Buffer): string {
  return `${text.toString('base64').replace(/(.{76})(?=.)/g, '$1\n')}\n`;
}

/** A part's headers and content. What the charset or encoding cannot say is sent in one that can. */
function partOf(text: string, wrapping: Wrapping): { readonly headers: string; readonly content: Buffer } {
  const fits = { 'iso-8859-1': isLatin1(text), 'us-ascii': isAscii(text), 'utf-8': true, 'UTF-8': true };
  const charset = fits[wrapping.charset] ? wrapping.charset : 'utf-8';
  const bytes = Buffer.from(text, charset === 'iso-8859-1' ? 'latin1' : 'utf8');
  const encoding = wrapping.encoding === '7bit' && !isAscii(text) ? '8bit' : wrapping.encoding;
  const headers = `Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: ${encoding}\n`;
  const content =
    encoding === 'base64'
      ? Buffer.from(base64Lines(bytes))
      : encoding === 'quoted-printable'
        ? Buffer.from(quotedPrintable(bytes))
        : bytes;
  return { headers, content };
}

/** The mail that carries a patch. */
export function wrapPatch(patch: PlainPatch, wrapping: Wrapping): Buffer {
  // git does not decode the author's line of a body in another charset: one of the differences that are listed.
  const isReadByGit = wrapping.charset !== 'iso-8859-1' || isAscii(patch.inBodyFrom ?? '');
  const inBody = patch.inBodyFrom === undefined || !isReadByGit ? '' : `From: ${patch.inBodyFrom}\n\n`;
  const message = `${inBody}${patch.message}\n---\n`;
  const { headers, content } = bodyOf(message, `${patch.diff}-- \n2.39.5\n`, wrapping);
  const head = [
    `From: ${person(patch.name, patch.address, wrapping.words)}`,
    'Date: Thu, 18 Jun 2026 10:00:00 +0200',
    `Subject: ${isAscii(patch.title) ? fold(`[PATCH v2 3/7] ${patch.title}`) : encodeWords(`[PATCH v2 3/7] ${patch.title}`, wrapping.words)}`,
    'Message-ID: <generated@example.org>',
    'MIME-Version: 1.0',
  ].join('\n');
  const mail = Buffer.concat([Buffer.from(`${head}\n${headers}\n`), content]);
  return wrapping.crlf ? Buffer.from(mail.toString('latin1').replaceAll('\n', '\r\n'), 'latin1') : mail;
}

function bodyOf(
  message: string,
  patch: string,
  wrapping: Wrapping,
): { readonly headers: string; readonly content: Buffer } {
  if (wrapping.parts === 'one') return partOf(message + patch, wrapping);
  const second = partOf(
    patch,
    wrapping.parts === 'attached base64' ? { ...wrapping, encoding: 'base64' } : wrapping,
  );
  const disposition =
    wrapping.parts === 'mixed'
      ? 'Content-Disposition: inline\n'
      : 'Content-Disposition: attachment; filename="0003-a.patch"\n';
  const first = partOf(message, wrapping);
  const content = Buffer.concat([
    Buffer.from(`This is a multi-part message.\n--=-b\n${first.headers}\n`),
    first.content,
    Buffer.from(`\n--=-b\n${second.headers}${disposition}\n`),
    second.content,
    Buffer.from('\n--=-b--\n'),
  ]);
  return { headers: 'Content-Type: multipart/mixed; boundary="=-b"\n', content };
}
