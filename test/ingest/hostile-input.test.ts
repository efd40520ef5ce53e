// SPDX-License-Identifier: GPL-2.0-only

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MailMessage } from '../../src/ingest/mail-message.ts';
import { readSources } from '../../src/ingest/read-sources.ts';
import { MemoryTree } from '../../src/ingest/source-tree.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import { withFunctionsFromTree } from '../../src/series/prefix-trees.ts';
import { Series } from '../../src/series/series.ts';
import { patchBody } from '../series/mail-fixture.ts';

const tree = new MemoryTree('tree', new Map([['mm/x.c', 'int f(void)\n{\n\treturn 0;\n}\n']]));

/** Everything that happens to bytes from outside, without a word about what comes out but that it is a series. */
async function readAll(bytes: Buffer): Promise<MailMessage[]> {
  async function* stdin() {
    yield bytes;
  }
  const { value } = await readSources(['-'], { stdin: stdin() });
  for (const series of assembleSeries(value).value) {
    Series.parse(series);
    withFunctionsFromTree(series, tree);
  }
  return value;
}

const mail = Buffer.from(
  `From x Thu Jan  1 00:00:00 1970\nFrom: A <a@b>\nSubject: [PATCH v2 1/2] mm: x\nMessage-ID: <1@x>\nDate: Thu, 18 Jun 2026 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n${patchBody()}\nFrom x Thu Jan  1 00:00:00 1970\nFrom: A <a@b>\nSubject: [PATCH v2 2/2] mm: y\nIn-Reply-To: <1@x>\n\nChanges since v1:\n- x (patch 1)\n\n${patchBody()}`,
);

describe('hostile input', () => {
  test('any damage to a series is read without an exception', async () => {
    const damage = fc.record({
      at: fc.nat(mail.length),
      remove: fc.nat(40),
      add: fc.oneof(
        fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom(
            '@@ -1,3 +1,3 @@\n',
            'diff --git a/',
            '--- a/x\n+++ b/x\n',
            '=?UTF-8?B?',
            '"',
            '<',
            '\n\n',
            '[',
          )
          .map((text) => Buffer.from(text)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { maxLength: 6 }), async (damages) => {
        let bytes: Buffer = mail;
        for (const { at, remove, add } of damages) {
          bytes = Buffer.concat([bytes.subarray(0, at), add, bytes.subarray(at + remove)]);
        }
        await readAll(bytes);
      }),
      { numRuns: 400 },
    );
  });

  // A reader that goes back over what it has read would take hours for these, and run into the time limit.
  const long = 200_000;
  test.each([
    ['spaces in the subject', `Subject: [PATCH] ${' '.repeat(long)}x\nFrom: a@b\n\n${patchBody()}`],
    ['brackets in the subject', `Subject: ${'['.repeat(long)}PATCH\nFrom: a@b\n\n${patchBody()}`],
    ['an address without end', `From: ${'"a" <'.repeat(long / 5)}\nSubject: [PATCH] x\n\n${patchBody()}`],
    ['encoded words', `From: a@b\nSubject: ${'=?utf-8?q?'.repeat(long / 10)}\n\n${patchBody()}`],
    [
      'references',
      `From: a@b\nSubject: [PATCH] x\nReferences: ${'<a@b> '.repeat(long / 6)}\n\n${patchBody()}`,
    ],
    [
      'spaces in the body',
      `From: a@b\nSubject: [PATCH 0/1] x\n\nv1 ->${' '.repeat(long)}\n1 |${' '.repeat(long)}x\n 1 file changed\n`,
    ],
    ['figures', `From: a@b\nSubject: [PATCH 0/1] x\n\n${'1'.repeat(long)}\n${'1 -> '.repeat(long / 5)}\n`],
    [
      'patch numbers',
      `From: a@b\nSubject: [PATCH 0/1] x\n\nChanges since v1:\n- patch ${'1, '.repeat(long / 3)}\n`,
    ],
    [
      'quotes',
      `Re: [PATCH] x\n\nFrom: A\nDate: today\n\n${'>'.repeat(long)}\n${'> '.repeat(long / 2)}@@ -1 +1 @@\n`,
    ],
    [
      'trailers',
      `From: a@b\nSubject: [PATCH] x\n\ny\n\n${'A-'.repeat(long / 2)}by: z\n${'Signed-off-by: a\n'.repeat(long / 20)}\n${patchBody()}`,
    ],
    [
      'a hunk',
      `From: a@b\nSubject: [PATCH] x\n\n--- a/x.c\n+++ b/x.c\n@@ -1,${long} +1,${long} @@ ${'a'.repeat(long)}(\n${' x\n'.repeat(long / 4)}`,
    ],
    [
      'C',
      `From: a@b\nSubject: [PATCH] x\n\n--- a/x.c\n+++ b/x.c\n@@ -0,0 +1,2 @@ (\n+${'f('.repeat(long / 2)}\n+${'__attribute__(('.repeat(long / 15)}\n`,
    ],
  ])(
    'long: %s',
    async (_name, text) => {
      expect(await readAll(Buffer.from(text))).toHaveLength(1);
    },
    30_000,
  );
});
