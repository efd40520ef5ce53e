// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, test } from 'vitest';
import type { MailMessage } from '../../src/ingest/mail-message.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import type { Series } from '../../src/series/series.ts';
import { mailOf } from './mail-fixture.ts';

/**
 * Threads written for this test, each mail labelled by hand with where it belongs. A line is
 *
 *     label | id < parent | day | sender | subject | file: what it changes
 *
 * The label is the series and its version, then what the mail is there: `A v2 1` is patch 1 of version 2 of series A,
 * `A v2 0` the cover letter, `A v2 re` a reply, and `-` a mail that belongs to none. In the last column, each word is an added line; a
 * cover letter has text there, and a leading `=` gives a change-id. `file@function:` says in which function they are.
 */
function readThread(text: string): { readonly labels: string[]; readonly mails: MailMessage[] } {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const mails = rows.map(([, ids = '', day = '', sender = '', subject = '', content = ''], index) => {
    const [id = '', parent] = ids.split('<').map((part) => part.trim());
    return mailOf(subject, {
      id,
      ...(parent === undefined ? {} : { to: parent }),
      place: { file: 'list.mbox', line: index + 1 },
      date: new Date(Date.UTC(2026, 0, 1) + Number(day) * 86_400_000).toISOString(),
      from: { name: sender, address: `${sender.toLowerCase()}@example.org` },
      body: bodyOf(content),
    });
  });
  const labels = rows.flatMap(([label = '', ids = '']) =>
    label === '-' ? [] : [`${label} ${(ids.split('<')[0] ?? '').trim()}`],
  );
  return { labels: labels.sort(), mails };
}

function bodyOf(content: string): string {
  const [where = '', lines = ''] = content.split(':');
  const [file = '', section = ''] = where.split('@');
  if (content.startsWith('=')) return `Text.\n\nchange-id: ${content.slice(1)}\n`;
  if (!content.includes(':')) return `${content}\n`;
  const added = lines
    .trim()
    .split(/\s+/)
    .map((word) => `+\t${word}();`);
  return `Because.\n---\n\ndiff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -1,2 +1,${2 + added.length} @@${section === '' ? '' : ` int ${section}(void)`}\n one\n${added.join('\n')}\n two\n`;
}

/** What came out, in the labels of the thread; series are named by the order of the labels' letters. */
function outcome(series: readonly Series[], names: ReadonlyMap<string, string>): string[] {
  return series
    .flatMap((one) => {
      const ids = one.versions.flatMap(({ cover, patches, replies }) =>
        [cover, ...patches, ...replies].map((mail) => mail?.messageId ?? ''),
      );
      const name = [...new Set(ids.flatMap((id) => names.get(id) ?? []))].sort().join('+');
      return one.versions.flatMap(({ label, cover, patches, replies }) => [
        ...(cover === undefined ? [] : [`${name} ${label} 0 ${cover.messageId}`]),
        ...patches.map(({ index, messageId, carriedFrom }) =>
          carriedFrom === undefined
            ? `${name} ${label} ${index} ${messageId}`
            : `${name} ${label} ${index}<${carriedFrom} ${messageId}`,
        ),
        ...replies.map(({ messageId }) => `${name} ${label} re ${messageId}`),
      ]);
    })
    .sort();
}

/** Every label must come out, and no other, in three orders of arrival. `carried` are patches that a version takes over. */
function expectLabels(text: string, carried: readonly string[] = []): void {
  const { labels, mails } = readThread(text);
  const names = new Map(
    labels.map((label) => {
      const words = label.split(' ');
      return [words.at(-1) ?? '', words[0] ?? ''];
    }),
  );
  const middle = Math.ceil(mails.length / 2);
  const interleaved = mails.slice(0, middle).flatMap((mail, at) => [mails[middle + at] ?? [], mail].flat());
  const expected = [...labels, ...carried].sort();
  for (const order of [mails, mails.toReversed(), interleaved]) {
    expect(outcome(assembleSeries(order).value, names)).toEqual(expected);
  }
}

describe('threads come apart into series and versions as they were labelled', () => {
  test('each version a thread of its own; the second series of the sender is another', () => {
    expectLabels(`
      A v1 0  | a1-0        | 0  | Ada  | [PATCH 0/2] mm/slab: count objects          | About counts.
      A v1 1  | a1-1 < a1-0 | 0  | Ada  | [PATCH 1/2] mm/slab: add a counter          | mm/slab.c: counter init fini
      A v1 2  | a1-2 < a1-0 | 0  | Ada  | [PATCH 2/2] mm/slab: print the counter      | mm/slab.c: print show
      A v1 re | r1 < a1-2   | 1  | Bob  | Re: [PATCH 2/2] mm/slab: print the counter  | Why?
      B v1 0  | b1-0        | 2  | Ada  | [PATCH 0/2] mm/slab: free objects           | About frees.
      B v1 1  | b1-1 < b1-0 | 2  | Ada  | [PATCH 1/2] mm/slab: add a free list        | mm/slab.c: freelist push pop
      B v1 2  | b1-2 < b1-0 | 2  | Ada  | [PATCH 2/2] mm/slab: use the free list      | mm/slab.c: use drop
      A v2 0  | a2-0        | 9  | Ada  | [PATCH v2 0/2] mm/slab: count objects       | About counts.
      A v2 1  | a2-1 < a2-0 | 9  | Ada  | [PATCH v2 1/2] mm/slab: add a counter       | mm/slab.c: counter init exit
      A v2 2  | a2-2 < a2-0 | 9  | Ada  | [PATCH v2 2/2] mm/slab: print the counter   | mm/slab.c: print show seq
      B v2 0  | b2-0        | 12 | Ada  | [PATCH v2 0/2] mm/slab: free objects        | About frees.
      B v2 1  | b2-1 < b2-0 | 12 | Ada  | [PATCH v2 1/2] mm/slab: add a free list     | mm/slab.c: freelist push take
      B v2 2  | b2-2 < b2-0 | 12 | Ada  | [PATCH v2 2/2] mm/slab: use the free list   | mm/slab.c: use
    `);
  });

  test('single patches of one sender to one file, each with a second version', () => {
    expectLabels(`
      A v1 1 | a1 | 0 | Ada | [PATCH] mm/vmalloc: fix a leak               | mm/vmalloc.c: free_it put_it
      B v1 1 | b1 | 1 | Ada | [PATCH] mm/vmalloc: fix an overflow          | mm/vmalloc.c: check_size limit
      A v2 1 | a2 | 3 | Ada | [PATCH v2] mm/vmalloc: fix a memory leak     | mm/vmalloc.c: free_it put_it drop
      B v2 1 | b2 | 4 | Ada | [PATCH v2] mm/vmalloc: fix an overflow       | mm/vmalloc.c: check_size bound
      A v3 1 | a3 | 5 | Ada | [PATCH v3] mm/vmalloc: free areas on failure | mm/vmalloc.c: free_it put_it drop
    `);
  });

  test('one title for two patches is two series, unless a resend says the same', () => {
    expectLabels(`
      A v1 1        | a1 | 0  | Ada | [PATCH] mm: fix a typo        | mm/slab.c: spelling
      B v1 1        | b1 | 1  | Ada | [PATCH] mm: fix a typo        | mm/vmalloc.c: grammar
      A v1-resend 1 | a2 | 30 | Ada | [PATCH RESEND] mm: fix a typo | mm/slab.c: spelling
    `);
  });

  test('one long title for two patches of one number is two series too', () => {
    expectLabels(`
      A v1 1        | a1 | 0  | Ada | [PATCH] mm: use the new helper for pages        | mm/slab.c: new_helper one
      B v1 1        | b1 | 1  | Ada | [PATCH] mm: use the new helper for pages        | mm/slab.c: other lines
      B v1-resend 1 | b2 | 30 | Ada | [PATCH RESEND] mm: use the new helper for pages | mm/slab.c: other lines
    `);
  });

  test('titles that differ in the name of a function, whose first version did not come', () => {
    expectLabels(`
      A v1 1 | a1 | 0 | Ada | [PATCH] mm/slab: convert the alloc_it function to use folios   | mm/slab.c@alloc_it: folio one
      B v2 1 | b2 | 5 | Ada | [PATCH v2] mm/slab: convert the free_it function to use folios | mm/slab.c@free_it: put two
      C v2 1 | c2 | 6 | Ada | [PATCH v2] mm/slab: convert the alloc_it function to folios    | mm/slab.c@other: three four
      A v2 1 | a2 | 7 | Ada | [PATCH v2] mm/slab: convert the alloc_it function to use a folio | mm/slab.c@alloc_it: all anew
    `);
  });

  test('what was sent later is no version before', () => {
    expectLabels(`
      A v2 1 | a2 | 0  | Ada | [PATCH v2] mm/slab: count the objects | mm/slab.c: counter init
      B v1 1 | b1 | 20 | Ada | [PATCH] mm/slab: count the objects    | mm/slab.c: counter init fini
    `);
  });

  test('patches for two releases, and the one that they come from', () => {
    expectLabels(`
      A v1 1 | a1 | 0 | Ada | [PATCH] mm/slab: fix the size of a cache          | mm/slab.c: size check
      B v1 1 | b1 | 5 | Ada | [PATCH 6.1.y] mm/slab: fix the size of a cache    | mm/slab.c: size check
      C v1 1 | c1 | 5 | Ada | [PATCH 6.6.y] mm/slab: fix the size of a cache    | mm/slab.c: size check
      C v2 1 | c2 | 9 | Ada | [PATCH 6.6.y v2] mm/slab: fix the size of a cache | mm/slab.c: size check old
    `);
  });

  test('a sender who is named with an employer, or by a relay', () => {
    expectLabels(`
      A v1 1 | a1 | 0 | Ada              | [PATCH] mm/slab: count       | mm/slab.c: counter init
      A v2 1 | a2 | 5 | Ada (Firm)       | [PATCH v2] mm/slab: count    | mm/slab.c: counter init fini
      A v3 1 | a3 | 9 | Ada via B4 Relay | [PATCH v3] mm/slab: count it | mm/slab.c: counter init fini
    `);
  });

  test('a series that someone else goes on with, and one that only bears its title', () => {
    expectLabels(`
      A v1 0  | a1-0        | 0  | Ada | [PATCH 0/1] mm/slab: count the objects of caches    | Counts.
      A v1 1  | a1-1 < a1-0 | 0  | Ada | [PATCH 1/1] mm/slab: count                          | mm/slab.c: counter init fini
      A v2 0  | a2-0        | 30 | Bob | [PATCH v2 0/1] mm/slab: count the objects of caches | Counts, taken over.
      A v2 1  | a2-1 < a2-0 | 30 | Bob | [PATCH v2 1/1] mm/slab: count                       | mm/slab.c: counter init fini show
      B v3 0  | b3-0        | 40 | Cem | [PATCH v3 0/1] mm/slab: count the objects of caches | Mine.
      B v3 1  | b3-1 < b3-0 | 40 | Cem | [PATCH v3 1/1] mm/slab: another way                 | mm/slab.c: percpu sums
    `);
  });

  test('what mends a patch is an answer to it; a request to pull is none of a series', () => {
    expectLabels(`
      A v1 0  | a1-0        | 0 | Ada | [PATCH 0/2] mm/slab: count objects          | About counts.
      A v1 1  | a1-1 < a1-0 | 0 | Ada | [PATCH 1/2] mm/slab: add a counter          | mm/slab.c: counter init
      A v1 2  | a1-2 < a1-0 | 0 | Ada | [PATCH 2/2] mm/slab: print the counter      | mm/slab.c: print show
      A v1 re | f1 < a1-1   | 1 | Ada | [PATCH 1/2 fix] mm/slab: add a counter      | mm/slab.c: init_late
      A v1 re | f2 < a1-2   | 1 | Ada | [PATCH] fixup! mm/slab: print the counter   | mm/slab.c: show_late
      -       | p0          | 2 | Bob | [GIT PULL 0/2] mm: for the next release     | Please pull.
      -       | p1 < p0     | 2 | Bob | [GIT PULL 1/2] mm: slab                     | Please pull slab.
    `);
  });

  test('a version as an answer to the one before, its cover letter renamed', () => {
    expectLabels(
      `
      A v1 0  | a1-0        | 0 | Ada | [RFC PATCH 0/1] Ideas for counters          | Ideas.
      A v1 1  | a1-1 < a1-0 | 0 | Ada | [RFC PATCH 1/1] mm/slab: try a counter      | mm/slab.c: counter
      A v1 re | r1 < a1-0   | 1 | Bob | Re: [RFC PATCH 0/1] Ideas for counters      | Go on.
      A v2 0  | a2-0 < a1-0 | 5 | Ada | [PATCH v2 0/2] mm/slab: statistics          | Done.
      A v2 1  | a2-1 < a2-0 | 5 | Ada | [PATCH v2 1/2] mm/slab: statistics          | mm/slab.c: stat_all
      A v2 2  | a2-2 < a2-0 | 5 | Ada | [PATCH v2 2/2] mm/slab: document            | mm/doc.c: words
      A v2 re | s1 < a2-1   | 6 | Bob | [PATCH] mm/slab: better statistics          | Only words.
    `,
    );
  });

  test('a renamed cover letter in a new thread: the patches below it are the same', () => {
    expectLabels(`
      A v1 0 | a1-0        | 0 | Ada | [PATCH 0/2] Speed up boot                 | Slow.
      A v1 1 | a1-1 < a1-0 | 0 | Ada | [PATCH 1/2] mm: batch the setup of tables | mm/a.c: batch setup
      A v1 2 | a1-2 < a1-0 | 0 | Ada | [PATCH 2/2] mm: flush once                | mm/b.c: flush once
      A v2 0 | a2-0        | 7 | Ada | [PATCH v2 0/2] mm: fewer flushes at start | Faster.
      A v2 1 | a2-1 < a2-0 | 7 | Ada | [PATCH v2 1/2] mm: set tables up in one   | mm/a.c: batch setup
      A v2 2 | a2-2 < a2-0 | 7 | Ada | [PATCH v2 2/2] mm: one flush              | mm/b.c: flush once
    `);
  });

  test('a change-id holds together what shares nothing else', () => {
    expectLabels(`
      A v1 0 | a1-0        | 0  | Ada   | [PATCH 0/1] One name           | =20260101-work-abc
      A v1 1 | a1-1 < a1-0 | 0  | Ada   | [PATCH 1/1] mm: first try      | mm/a.c: one
      A v2 0 | a2-0        | 40 | Cleo  | [PATCH v2 0/1] Another name    | =20260101-work-abc
      A v2 1 | a2-1 < a2-0 | 40 | Cleo  | [PATCH v2 1/1] fs: second try  | fs/b.c: two
    `);
  });

  test('some patches posted anew below those of the version before', () => {
    expectLabels(
      `
      A v3 0  | a3-0        | 0 | Ada | [PATCH v3 0/3] mm: work     | Work.
      A v3 1  | a3-1 < a3-0 | 0 | Ada | [PATCH v3 1/3] mm: one      | mm/a.c: one uno
      A v3 2  | a3-2 < a3-0 | 0 | Ada | [PATCH v3 2/3] mm: two      | mm/b.c: two due
      A v3 3  | a3-3 < a3-0 | 0 | Ada | [PATCH v3 3/3] mm: three    | mm/c.c: three tre
      A v3 re | r1 < a3-2   | 1 | Bob | Re: [PATCH v3 2/3] mm: two  | No.
      A v4 2  | a4-2 < a3-2 | 2 | Ada | [PATCH v4 2/3] mm: two      | mm/b.c: two duo
    `,
      ['A v4 1<3 a3-1', 'A v4 3<3 a3-3'],
    );
  });

  test('one patch posted anew without a number, in answer to the one that it replaces', () => {
    expectLabels(
      `
      A v1 0  | a1-0        | 0 | Ada | [PATCH 0/3] mm: work        | Work.
      A v1 1  | a1-1 < a1-0 | 0 | Ada | [PATCH 1/3] mm: one         | mm/a.c: one uno
      A v1 2  | a1-2 < a1-0 | 0 | Ada | [PATCH 2/3] mm: two         | mm/b.c: two due
      A v1 3  | a1-3 < a1-0 | 0 | Ada | [PATCH 3/3] mm: three       | mm/c.c: three tre
      A v2 2  | a2 < a1-2   | 2 | Ada | [PATCH v2] mm: two, better  | mm/b.c: two duo
      A v2 re | r1 < a2     | 3 | Bob | Re: [PATCH v2] mm: two, better | Thanks.
    `,
      ['A v2 1<1 a1-1', 'A v2 3<1 a1-3'],
    );
  });

  test('patches and a whole version that never arrived', () => {
    expectLabels(
      `
      A v1 0  | a1-0        | 0  | Ada | [PATCH 0/4] mm: work            | Work.
      A v1 1  | a1-1 < a1-0 | 0  | Ada | [PATCH 1/4] mm: one of many     | mm/a.c: one uno
      A v1 4  | a1-4 < a1-0 | 0  | Ada | [PATCH 4/4] mm: four of many    | mm/d.c: four quattro
      -       | r1 < a1-3   | 1  | Bob | Re: [PATCH 3/4] mm: three       | About a patch that is not there.
      A v3 2  | a3-2 < a3-0 | 20 | Ada | [PATCH v3 2/4] mm: two of many  | mm/b.c: two due
      A v3 4  | a3-4 < a3-0 | 20 | Ada | [PATCH v3 4/4] mm: four of many | mm/d.c: four quattro
    `,
    );
  });

  test('without threading, sent within minutes, two series of one length', () => {
    expectLabels(`
      A v1 1 | a1 | 0.000 | Ada  | [PATCH 1/2] mm: one       | mm/a.c: one uno
      A v1 2 | a2 | 0.001 | Ada  | [PATCH 2/2] mm: two       | mm/b.c: two due
      B v1 1 | b1 | 1.000 | Ada  | [PATCH 1/2] fs: first     | fs/a.c: first primo
      B v1 2 | b2 | 1.001 | Ada  | [PATCH 2/2] fs: second    | fs/b.c: second secondo
      C v1 1 | c1 | 0.000 | Cleo | [PATCH 1/2] net: start    | net/a.c: start
      C v1 2 | c2 | 0.001 | Cleo | [PATCH 2/2] net: end      | net/b.c: end
    `);
  });

  test('a series without a cover letter beside one with as many patches', () => {
    expectLabels(`
      A v1 1 | a1        | 0.00 | Ada | [PATCH 1/2] mm: one    | mm/a.c: one uno
      A v1 2 | a2 < a1   | 0.00 | Ada | [PATCH 2/2] mm: two    | mm/b.c: two due
      B v1 0 | b0        | 0.05 | Ada | [PATCH 0/2] fs: work   | Work.
      B v1 1 | b1 < b0   | 0.05 | Ada | [PATCH 1/2] fs: first  | fs/a.c: first primo
      B v1 2 | b2 < b0   | 0.05 | Ada | [PATCH 2/2] fs: second | fs/b.c: second secondo
    `);
  });

  test('an RFC whose numbers the series begins anew', () => {
    const { mails } = readThread(`
      A v1-rfc 1 | a1 | 0  | Ada | [RFC PATCH] mm: count the objects of a slab    | mm/a.c: one uno
      A v2-rfc 1 | a2 | 5  | Ada | [RFC PATCH v2] mm: count the objects of a slab | mm/a.c: one uno due
      A v1 1     | a3 | 10 | Ada | [PATCH] mm: count the objects of a slab        | mm/a.c: one due
      A v2 1     | a4 | 15 | Ada | [PATCH v2] mm: count the objects of a slab     | mm/a.c: one due tre
    `);
    const { value } = assembleSeries(mails.toReversed());
    expect(value.map(({ versions }) => versions.map(({ label }) => label))).toEqual([
      ['v1-rfc', 'v2-rfc', 'v1', 'v2'],
    ]);
  });
});
