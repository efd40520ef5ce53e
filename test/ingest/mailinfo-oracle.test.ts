// SPDX-License-Identifier: GPL-2.0-only

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSources } from '../../src/ingest/read-sources.ts';
import { joinMboxrd } from '../../src/ingest/mbox.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import { git, makeTemporaryFolder, tryGit } from './git-fixture.ts';
import { plainPatches, wrappings, wrapPatch } from './mail-generators.ts';

/** What is taken from a patch mail: by us, and by git. */
interface Taken {
  readonly author: string;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly date: number;
  readonly message: string;
  /** As `git apply --numstat` prints it. */
  readonly numstat: string;
}

/** `git mailsplit`, `git mailinfo` and `git apply` over an mbox of the mboxrd form. */
function takenByGit(folder: string, mbox: string): Taken[] {
  git(folder, ['mailsplit', '--mboxrd', `-o${folder}`, mbox]);
  return readdirSync(folder)
    .filter((name) => /^\d{4}$/.test(name))
    .sort()
    .map((name) => {
      const [message, patch] = [join(folder, 'message'), join(folder, 'patch')];
      const said = git(folder, ['mailinfo', '-u', message, patch], readFileSync(join(folder, name)));
      const field = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(said)?.[1] ?? '';
      return {
        author: `${field('Author')} <${field('Email')}>`,
        subject: field('Subject'),
        date: Date.parse(field('Date')),
        message: readFileSync(message, 'utf8').replace(/^\n+/, '').trimEnd(),
        numstat: tryGit(folder, ['apply', '--numstat', patch]) ?? 'cannot be applied',
      };
    });
}

async function takenByUs(mbox: string): Promise<Taken[]> {
  const { value } = await readSources([mbox]);
  return value.map((message) => {
    const patch = assembleSeries([message]).value[0]?.versions[0]?.patches[0];
    return {
      // git takes the address for a name where there is none.
      author: `${patch?.author?.name || patch?.author?.address} <${patch?.author?.address}>`,
      subject: patch?.subject ?? '',
      date: Date.parse(patch?.authorDate ?? patch?.date ?? ''),
      message: patch?.message ?? '',
      numstat: (patch?.files ?? [])
        .map(({ added, removed, binary, newPath, oldPath }) =>
          binary ? `-\t-\t${newPath ?? oldPath}\n` : `${added}\t${removed}\t${newPath ?? oldPath}\n`,
        )
        .join(''),
    };
  });
}

const DIFF = 'diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n';
const BODY = `Words of the message.\n\nSigned-off-by: A <a@x>\n---\n\n${DIFF}-- \n2.39.5\n`;

function mailOf(headers: string, body: string, subject = '[PATCH] mm: x'): string {
  return `From: A <a@x>\nDate: Thu, 18 Jun 2026 10:00:00 +0200\nSubject: ${subject}\n${headers}\n${body}`;
}

describe('what is taken from a patch mail is what git takes', () => {
  test('in every encoding, charset and form, through an mbox', async () => {
    const mails = fc.array(fc.tuple(plainPatches, wrappings), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(mails, async (all) => {
        const folder = makeTemporaryFolder();
        const mbox = join(folder, 'list.mbox');
        writeFileSync(mbox, joinMboxrd(all.map(([patch, wrapping]) => wrapPatch(patch, wrapping))));
        expect(await takenByUs(mbox)).toEqual(takenByGit(folder, mbox));
      }),
      { numRuns: 6, seed: 20260618, endOnFailure: true },
    );
  });

  test.each([
    [
      'in-body From, Subject and Date',
      mailOf('', `From: O <o@x>\nSubject: mm: other title\nDate: Fri, 19 Jun 2026 10:00:00 +0200\n\n${BODY}`),
    ],
    [
      'in-body headers in any order, with space before',
      mailOf('', `\n\nSubject: mm: other title\nFrom: O <o@x>\n\n${BODY}`),
    ],
    ['an in-body From with an encoded word', mailOf('', `From: =?utf-8?q?=C3=98ystein?= <o@x>\n\n${BODY}`)],
    ['a folded in-body Subject', mailOf('', `From: O <o@x>\nSubject: mm: a long\n title\n\n${BODY}`)],
    ['scissors, which only git am --scissors obeys', mailOf('', `Hello,\n-- >8 --\n${BODY}`)],
    ['several groups in brackets', mailOf('', BODY, '[PATCH] [RESEND] mm: x')],
    ['brackets further on', mailOf('', BODY, '[PATCH] mm: x [again]')],
    ['white space in the subject', mailOf('', BODY, '[PATCH  v2]   mm:  x\n\ty')],
    [
      'a signed mail',
      mailOf(
        'Content-Type: multipart/signed; boundary=s; protocol="application/pgp-signature"\n',
        `--s\nContent-Type: text/plain; charset="utf-8"\n\n${BODY}\n--s\nContent-Type: application/pgp-signature; name="signature.asc"\n\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n--s--\n`,
      ),
    ],
    [
      'format=flowed',
      mailOf('Content-Type: text/plain; charset=utf-8; format=flowed\n', BODY.replace(/^ /gm, '  ')),
    ],
    ['no divider', mailOf('', BODY.replace('---\n\n', ''))],
    ['notes below the divider', mailOf('', BODY.replace('---\n', '---\nv2: better\n---\n'))],
    ['a divider with spaces', mailOf('', BODY.replace('---\n', '---  \n'))],
    ['a plain diff', mailOf('', BODY.replace(/diff --git.*\n/, ''))],
    [
      'an Index line',
      mailOf('', BODY.replace(/diff --git.*\n/, 'Index: linux/f\n===\n').replace('---\n\n', '')),
    ],
    ['no name in From', mailOf('', BODY).replace('From: A <a@x>', 'From: a@x')],
    ['the address first', mailOf('', BODY).replace('From: A <a@x>', 'From: a@x (A Name)')],
    ['a name in quotes', mailOf('', BODY).replace('From: A <a@x>', 'From: "A, B" <a@x>')],
    ['a list that rewrites From', mailOf('', BODY).replace('From: A <a@x>', 'From: A via B <list@x>')],
    ['CRLF throughout', mailOf('', BODY).replaceAll('\n', '\r\n')],
    ['an author in raw UTF-8', mailOf('', BODY).replace('From: A', 'From: \u00c5se')],
    [
      'a patch to a file in ISO 8859-1 below a message in UTF-8',
      Buffer.concat([
        Buffer.from(mailOf('', 'M\u00fcller.\n---\n')),
        Buffer.from(DIFF.replace('three', 'dr\u00e4i'), 'latin1'),
      ]),
    ],
    [
      'encoded words that split a character',
      mailOf('', BODY, '=?UTF-8?Q?[PATCH]_mm:_caf=C3?= =?UTF-8?Q?=A9_x?='),
    ],
    [
      'encoded words in base64 that split a character',
      mailOf('', BODY, '=?UTF-8?B?W1BBVENIXSBtbTogY2Fmww==?=\n =?UTF-8?B?qSB4?='),
    ],
    ['an encoded word beside plain ones', mailOf('', BODY, '[PATCH] mm: =?utf-8?q?caf=C3=A9?= and x')],
    ['an encoded word in ISO 8859-15', mailOf('', BODY, '=?iso-8859-15?q?[PATCH]_mm:_=A4_x?=')],
    [
      'two encoded words in two charsets',
      mailOf('', BODY, '=?utf-8?q?[PATCH]_mm:_=C3=A9?=\n =?iso-8859-1?q?=E9_x?='),
    ],
    [
      'a name in RFC 2231 form for an attachment',
      mailOf(
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_b"\n',
        `--=_b\nContent-Type: text/plain; charset=utf-8\n\nWords.\n---\n--=_b\nContent-Type: text/x-patch; charset=utf-8\nContent-Disposition: attachment; filename*0*=utf-8''caf%C3%A9;\n filename*1=.patch\n\n${DIFF}\n--=_b--\n`,
      ),
    ],
    [
      'a boundary of odd characters, with text before and after',
      mailOf(
        'Content-Type: multipart/mixed;\n\tboundary="=_(x)/?:. b"\n',
        `Preamble.\n--=_(x)/?:. b\nContent-Type: text/plain\n\n${BODY}\n--=_(x)/?:. b--\n`,
      ),
    ],
    [
      'quoted-printable with soft line ends within escapes',
      mailOf(
        'Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n',
        BODY.replaceAll('=', '=3D').replace('Words', 'W=\nor=\n=64s=20of').replace('+three', '+th=\nree'),
      ),
    ],
    [
      'quoted-printable with small letters and a wrong escape',
      mailOf('Content-Transfer-Encoding: quoted-printable\n', BODY.replace('Words', 'caf=c3=a9 =zz')),
    ],
    ['a transfer encoding in capitals', mailOf('Content-Transfer-Encoding: 8BIT\n', BODY)],
    ['a content type without a charset, in capitals', mailOf('CONTENT-TYPE: TEXT/PLAIN\n', BODY)],
    [
      'a charset with spaces around',
      mailOf('Content-Type: text/plain ; charset = "utf-8"\n', BODY.replace('Words', 'caf\u00e9')),
    ],
    [
      'no newline at the end of a file',
      mailOf('', BODY.replace('+three\n', '+three\n\\ No newline at end of file\n')),
    ],
    [
      'a rename and a change of mode',
      mailOf(
        '',
        BODY.replace(
          DIFF,
          'diff --git a/f b/g\nold mode 100644\nnew mode 100755\nsimilarity index 90%\nrename from f\nrename to g\n--- a/f\n+++ b/g\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n',
        ),
      ),
    ],
    [
      'a file that is deleted',
      mailOf(
        '',
        BODY.replace(
          DIFF,
          `${DIFF}diff --git a/caf b/caf\ndeleted file mode 100644\n--- a/caf\n+++ /dev/null\n@@ -1 +0,0 @@\n-one\n`,
        ),
      ),
    ],
    ['a signature that no space follows', mailOf('', BODY.replace('-- \n', '--\n'))],
    [
      'a footer of the list',
      mailOf('', `${BODY}\n_______________________________________________\nlist mailing list\n`),
    ],
    [
      'a binary file',
      mailOf(
        '',
        BODY.replace(
          DIFF,
          `diff --git a/b.bin b/b.bin\nnew file mode 100644\nindex 0000000000000000000000000000000000000000..20b5be91886d0b6f26dc98a225c0dac05fe2c86e\nGIT binary patch\nliteral 3\nKcmYdfNCE%>hycU@\n\nliteral 0\nHcmV?d00001\n\n${DIFF}`,
        ),
      ),
    ],
    ['an empty message', mailOf('', `---\n${DIFF}`)],
    ['a folded subject with a tab', mailOf('', BODY, '[PATCH]\n\tmm: x\n\ty')],
    [
      'a date in an old form',
      mailOf('', BODY).replace('Thu, 18 Jun 2026 10:00:00 +0200', '18 Jun 26 10:00:00 EST'),
    ],
    ['a date with a comment', mailOf('', BODY).replace('+0200', '+0200 (CEST)')],
    ['a date without a day', mailOf('', BODY).replace('Thu, 18', '18')],
    ["a day that is not the date's", mailOf('', BODY).replace('Thu, 18', 'Mon, 18')],
    ['in-body headers below a greeting are text', mailOf('', `Hi,\n\nFrom: O <o@x>\n\n${BODY}`)],
    ['a quoted From at the top is text', mailOf('', `> From: O <o@x>\n\n${BODY}`)],
    [
      'a line of the message that begins with From',
      mailOf('', BODY.replace('Words', 'From here\n>From there\nWords')),
    ],
    ['NUL bytes in the message', mailOf('', BODY.replace('Words', 'Wo\0rds'))],
    ['an unclosed quote in From', mailOf('', BODY).replace('From: A <a@x>', 'From: "A <a@x>')],
    ['two From headers', mailOf('', BODY).replace('Date:', 'From: B <b@x>\nDate:')],
    ['two Subject headers', mailOf('', BODY).replace('Date:', 'Subject: other\nDate:')],
    [
      'headers in capitals',
      mailOf('', BODY).replace('From:', 'FROM:').replace('Subject:', 'SUBJECT:').replace('Date:', 'DATE:'),
    ],
    [
      "no space behind a header's colon",
      mailOf('', BODY).replace('From: ', 'From:').replace('Subject: ', 'Subject:'),
    ],
    ['a comment in From', mailOf('', BODY).replace('From: A <a@x>', 'From: A (my laptop) <a@x>')],
    [
      'format=flowed with delsp',
      mailOf(
        'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n',
        BODY.replace(/^ /gm, '  ').replace('Words of', 'Wo \nrds of'),
      ),
    ],
    [
      'UTF-16 by mistake',
      Buffer.from(mailOf('Content-Type: text/plain; charset=utf-8\n', BODY.replace('Words', '\ufeffWords'))),
    ],
  ])('%s', async (_, text) => {
    const { ours, theirs } = await takeBoth(text);
    expect(ours).toEqual(theirs);
  });

  test('lines that an mbox of the mboxo form has escaped stay so', async () => {
    const folder = makeTemporaryFolder();
    const mbox = join(folder, 'list.mbox');
    const escaped = mailOf('', BODY.replace('Words', '>From words\n>>From others'));
    writeFileSync(mbox, `From a@x Thu Jun 18 10:00:00 2026\n${escaped}\n`);
    git(folder, ['mailsplit', `-o${folder}`, mbox]);
    const { value } = await readSources([mbox], { mboxForm: 'mboxo' });
    const body = readFileSync(join(folder, '0001'), 'utf8').split('\n\n').slice(1).join('\n\n');
    expect(value[0]?.body.trimEnd()).toBe(body.trimEnd());
  });

  test('HTML beside text, which is left out of the body', async () => {
    const html = '--h\nContent-Type: text/html\n\n<p>Words</p>\n--h--\n';
    const parts = `--h\nContent-Type: text/plain\n\n${BODY}\n${html}`;
    const text = mailOf('Content-Type: multipart/alternative; boundary="h"\n', parts);
    const { ours, theirs } = await takeBoth(text);
    expect(ours).toEqual(theirs);
    const { value } = await readSources([writeMail(text)]);
    expect(value[0]?.body).not.toContain('<p>');
  });
});

/** Where the two differ, and why it stays so. */
describe('what is taken differs from what git takes', () => {
  test.each(['Re: [PATCH] mm: x', 'mm: x'])(
    'git is told that a mail is a patch; here its subject must say so: `%s`',
    async (subject) => {
      const { ours, theirs } = await takeBoth(mailOf('', BODY, subject));
      expect(theirs[0]?.subject).toBe('mm: x');
      expect(ours[0]?.subject).toBe('');
    },
  );

  test('git ends a message at any line that begins with `--- `; here a file must follow', async () => {
    const { ours, theirs } = await takeBoth(mailOf('', `a\n--- b\n${BODY}`));
    expect(theirs[0]?.message).toBe('a');
    expect(ours[0]?.message).toBe('a\n--- b\nWords of the message.\n\nSigned-off-by: A <a@x>');
    expect(ours[0]?.numstat).toBe(theirs[0]?.numstat);
  });

  test('git takes the boundaries of parts in parts for text', async () => {
    const inner = '--i\nContent-Type: text/plain\n\nWords.\n---\n--i--\n';
    const second = `--o\nContent-Type: text/x-patch\nContent-Disposition: attachment; filename=x.patch\n\n${DIFF}`;
    const parts = `--o\nContent-Type: multipart/mixed; boundary="i"\n\n${inner}${second}\n--o--\n`;
    const { ours, theirs } = await takeBoth(mailOf('Content-Type: multipart/mixed; boundary="o"\n', parts));
    expect(theirs[0]?.message).toMatch(/^--i\n/);
    expect(ours[0]).toEqual({ ...theirs[0], message: 'Words.' });
  });

  test('git leaves bytes that no header declares as they are; here they are ISO 8859-1 if they are no UTF-8', async () => {
    const text = mailOf('', BODY.replace('Words', 'M\u00fcller')).replace('From: A', 'From: \u00c5se');
    const { ours, theirs } = await takeBoth(Buffer.from(text, 'latin1'));
    expect(theirs[0]?.author).toBe('\ufffdse <a@x>');
    expect(ours[0]).toMatchObject({ author: '\u00c5se <a@x>', numstat: theirs[0]?.numstat });
    expect(ours[0]?.message).toMatch(/^M\u00fcller of/);
  });

  test('git keeps the returns at line ends that were encoded; here they go', async () => {
    const encoded = Buffer.from(BODY.replaceAll('\n', '\r\n')).toString('base64');
    const { ours, theirs } = await takeBoth(mailOf('Content-Transfer-Encoding: base64\n', `${encoded}\n`));
    expect(theirs[0]?.message).toContain('\r\n');
    expect(ours[0]).toEqual({ ...theirs[0], message: theirs[0]?.message.replaceAll('\r', '') });
  });

  test('git gives no subject to a patch without a title; here the brackets stand for it', async () => {
    const { ours, theirs } = await takeBoth(mailOf('', BODY, '[PATCH]'));
    expect(theirs[0]?.subject).toBe('');
    expect(ours[0]).toEqual({ ...theirs[0], subject: '[PATCH]' });
  });

  test('git does not decode an author in the body of a mail that is not in UTF-8', async () => {
    const headers = 'Content-Type: text/plain; charset=iso-8859-1\n';
    const text = mailOf(headers, `From: \u00d8ystein <o@x>\n\n${BODY}`);
    const { ours, theirs } = await takeBoth(Buffer.from(text, 'latin1'));
    expect(theirs[0]?.author).toBe('\ufffdystein <o@x>');
    expect(ours[0]).toEqual({ ...theirs[0], author: '\u00d8ystein <o@x>' });
  });
});

function writeMail(text: string | Buffer): string {
  const mbox = join(makeTemporaryFolder(), 'list.mbox');
  writeFileSync(mbox, joinMboxrd([Buffer.from(text)]));
  return mbox;
}

async function takeBoth(text: string | Buffer): Promise<{ ours: Taken[]; theirs: Taken[] }> {
  const mbox = writeMail(text);
  return { ours: await takenByUs(mbox), theirs: takenByGit(dirname(mbox), mbox) };
}
