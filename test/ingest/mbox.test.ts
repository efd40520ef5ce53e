// SPDX-License-Identifier: GPL-2.0-only

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMboxSeparator, joinMboxrd, splitMbox, type MboxForm } from '../../src/ingest/mbox.ts';

async function split(bytes: Buffer, form: MboxForm = 'mboxrd', chunk = bytes.length + 1) {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunk) chunks.push(bytes.subarray(at, at + chunk));
  const mails = [];
  for await (const mail of splitMbox(chunks, 'x.mbox', form)) mails.push(mail);
  return mails;
}

describe('splitMbox', () => {
  const someLine = fc.oneof(
    fc.constantFrom(
      '',
      'From ',
      '>From x',
      '>>From x',
      'From a@b Thu Jan  1 00:00:00 1970',
      ' From',
      'Subject: x',
    ),
    fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\n', '')),
  );
  const someMail = fc
    .array(someLine, { minLength: 1, maxLength: 8 })
    .map((lines) => Buffer.from(`${lines.join('\n')}\n`));

  test('what is joined comes apart again, whatever the size of the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someMail, { maxLength: 5 }),
        fc.integer({ min: 1, max: 70 }),
        async (mails, chunk) => {
          const parts = await split(joinMboxrd(mails), 'mboxrd', chunk);
          expect(parts.map(({ bytes }) => bytes.toString())).toEqual(mails.map((mail) => mail.toString()));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('places, commits, and mboxo, which cannot be undone', async () => {
    const hash = '0123456789abcdef0123456789abcdef01234567';
    const text = `From ${hash} Mon Sep 17 00:00:00 2001\nSubject: a\n\n>From x\n\nFrom z Thu Jan  1 00:00:00 1970\nSubject: b\n\n`;
    const [first, second] = await split(Buffer.from(text));
    expect(first).toMatchObject({ commit: hash, place: { file: 'x.mbox', line: 2 } });
    expect(first?.bytes.toString()).toBe('Subject: a\n\nFrom x\n');
    expect(second).toMatchObject({ commit: undefined, place: { file: 'x.mbox', line: 7 } });
    expect((await split(Buffer.from(text), 'mboxo'))[0]?.bytes.toString()).toBe('Subject: a\n\n>From x\n');
  });

  test('a sentence that begins with From is no separator', () => {
    expect(isMboxSeparator('From here on, all is well: see 12:30')).toBe(false);
    expect(isMboxSeparator('From a@b.org Sat Jan  3 01:05:34 1996')).toBe(true);
    expect(isMboxSeparator('From - Thu Jun 18 10:00:00 2026')).toBe(true);
  });
});
