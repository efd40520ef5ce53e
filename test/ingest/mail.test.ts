// SPDX-License-Identifier: GPL-2.0-only

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bareIds, isoDate, readMail } from '../../src/ingest/mail.ts';
import { git, makeTemporaryFolder } from './git-fixture.ts';

async function read(text: string | Buffer) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const { value, diagnostics } = await readMail({ bytes, place: { file: 'm.eml', line: 1 } });
  if (value === undefined) throw new Error('no mail');
  return { mail: value, codes: diagnostics.map(({ code }) => code), diagnostics };
}

const head =
  'From: =?UTF-8?q?Ren=C3=A9_A?= <rene@example.org>\nSubject: [PATCH] x\nMessage-ID: <1@example.org>\nDate: Thu, 18 Jun 2026 10:00:00 +0200\n';

/** What git takes from the mail: the message and the patch, put together again. */
function mailinfo(text: string | Buffer): string {
  const folder = makeTemporaryFolder();
  const [message, patch] = [join(folder, 'm'), join(folder, 'p')];
  git(folder, ['mailinfo', '-k', '--encoding=UTF-8', message, patch], text.toString());
  return readFileSync(message, 'utf8') + readFileSync(patch, 'utf8');
}

function quotedPrintable(text: string): string {
  const encoded = [...Buffer.from(text)].map((byte) => {
    if (byte === 0x0a) return '\n';
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x3d;
    return plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  const escapes = encoded.join('').split('\n');
  return escapes
    .map((line) => line.replace(/ $/, '=20').replace(/((?:=..|[^=]){70})(?=.)/g, '$1=\n'))
    .join('\n');
}

describe('readMail', () => {
  test('headers, encoded words, dates and ids', async () => {
    const { mail } = await read(
      `${head}References: <a@x>\n <b@x>\nIn-Reply-To: <b@x> (mail of today)\nX: ${'='.repeat(3)}?utf-8\n\nbody\n`,
    );
    expect(mail).toMatchObject({
      from: { name: 'René A', address: 'rene@example.org' },
      messageId: '1@example.org',
      inReplyTo: ['b@x'],
      references: ['a@x', 'b@x'],
      subject: '[PATCH] x',
      date: '2026-06-18T08:00:00Z',
      body: 'body\n',
      bodyPlace: { file: 'm.eml', line: 10 },
    });
    expect(bareIds('no-brackets@x')).toEqual(['no-brackets@x']);
    expect(isoDate('no date')).toBeUndefined();
  });

  test('a subject folded in the middle of an encoded word pair', async () => {
    const { mail } = await read('From: a@b\nSubject: =?UTF-8?B?w6k=?=\n =?UTF-8?B?w6k=?= end\n\n');
    expect(mail.subject).toBe('éé end');
  });

  const someBody = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '',
          ' ',
          '+\tx = "é";',
          '- y ',
          '@@ -1 +1 @@',
          '---',
          '=20',
          'From here',
          '-- ',
          '> q',
        ),
        fc.string({ unit: 'grapheme-ascii', maxLength: 120 }),
      ),
      { maxLength: 20 },
    )
    .map((lines) => `first\n${lines.join('\n').replaceAll('\r', '')}\nlast\n`);

  test('quoted-printable and base64 give the text that was encoded', async () => {
    await fc.assert(
      fc.asyncProperty(someBody, async (text) => {
        const type = 'MIME-Version: 1.0\nContent-Type: text/plain; charset="utf-8"\n';
        const quoted = `${head}${type}Content-Transfer-Encoding: quoted-printable\n\n${quotedPrintable(text)}`;
        expect((await read(quoted)).mail.body).toBe(text);
        const base64 = Buffer.from(text)
          .toString('base64')
          .replace(/(.{76})/g, '$1\n');
        const other = `${head}${type}Content-Transfer-Encoding: base64\n\n${base64}\n`;
        expect((await read(other)).mail.body).toBe(text);
        expect((await read(`${head}${type}\n${text}`)).mail.body).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test('format=flowed is undone as git mailinfo does it, and reported', async () => {
    const patch =
      'diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n  context\n+a very \nlong line\n-x\n';
    for (const delSp of ['', '; delsp=yes']) {
      const text = `${head}Content-Type: text/plain; charset=utf-8; format=flowed${delSp}\n\nOne \ntwo.\n\n> q\n---\n${patch}-- \n2\n`;
      const { mail, codes } = await read(text);
      expect(codes).toContain('ingest/format-flowed');
      expect(mail.body.replace(/\n+/g, '\n')).toBe(mailinfo(text).replace(/\n+/g, '\n'));
    }
  });

  test('charsets, known and unknown', async () => {
    const latin = Buffer.concat([
      Buffer.from(`${head}Content-Type: text/plain; charset=iso-8859-1\n\n`),
      Buffer.from([0xe9, 0x0a]),
    ]);
    expect((await read(latin)).mail.body).toBe('é\n');
    const unknown = `${head}Content-Type: text/plain; charset=x-klingon\n\né\n`;
    expect(await read(unknown)).toMatchObject({ mail: { body: 'é\n' }, codes: ['ingest/unknown-charset'] });
  });

  test('multipart: text, then attached patches; HTML beside text is ignored', async () => {
    const part = (type: string, text: string): string => `--b\nContent-Type: ${type}\n\n${text}\n`;
    const text =
      `${head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n` +
      part('text/plain', 'Message.\n') +
      part('text/x-patch; name="a.patch"', '--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y') +
      part('application/octet-stream; name="x.bin"', 'zzz') +
      '--b--\n';
    const { mail, codes } = await read(text);
    expect(mail.body).toBe('Message.\n\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-x\n+y\n');
    expect(codes).toEqual([]);
    const alternative =
      `${head}MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n` +
      part('text/plain', 'Plain.') +
      part('text/html', '<b>Rich</b>') +
      '--b--\n';
    expect(await read(alternative)).toMatchObject({ mail: { body: 'Plain.\n' }, codes: [] });
    expect((await read(`${head}Content-Type: text/html\n\n<b>Rich</b>\n`)).codes).toEqual([
      'ingest/html-only',
    ]);
  });

  test('hostile mail: endless nesting, endless headers, prototype keys, control characters', async () => {
    let nested = 'Content-Type: text/plain\n\nx\n';
    for (let depth = 0; depth < 40; depth += 1) {
      nested = `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n${nested}\n--b${depth}--\n`;
    }
    expect((await read(`${head}${nested}`)).codes).toEqual(['ingest/bad-mime']);
    expect((await read(`${head}__proto__: x\nconstructor: y\n\nb\n`)).mail.body).toBe('b\n');
    expect((await read(`${head}\n\u001b[31mred\u0007\n`)).mail.body).toBe('\u001b[31mred\u0007\n');
    const long = `${head}X: ${'a '.repeat(400_000)}\n\nb\n`;
    expect((await read(long)).mail.subject).toBe('[PATCH] x');
  });

  test('mangled white space is reported with its place and left as it is', async () => {
    const lost = `${head}\n--- a/f\n+++ b/f\n@@ -1,4 +1,4 @@\nint x;\nint y;\n-\tone();\n+\ttwo();\n}\n`;
    const { mail, diagnostics } = await read(lost);
    expect(diagnostics).toMatchObject([
      {
        code: 'ingest/mangled-whitespace',
        message:
          "the patch's white space looks changed on the way: 3 context lines have lost their leading space",
        where: { file: 'm.eml', line: 9 },
      },
    ]);
    expect(mail.body).toBe(lost.slice(head.length + 1));
    const spaces = `${head}\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n         int x;\n-        one();\n+        two();\n         three();\n`;
    expect((await read(spaces)).diagnostics[0]?.message).toContain('tabs seem to be lost');
    const wrapped = `${head}\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n \tint x;\n-\tone(a,\nb);\n+\ttwo();\n`;
    expect((await read(wrapped)).diagnostics[0]?.message).toContain('1 lines seem to be wrapped');
  });
});
