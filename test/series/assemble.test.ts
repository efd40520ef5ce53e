// SPDX-License-Identifier: GPL-2.0-only

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MailMessage } from '../../src/ingest/mail-message.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import { Series } from '../../src/series/series.ts';
import { mailOf, patchBody, postingOf } from './mail-fixture.ts';

/** Each series as `title: v1 1,2 | v2 1,2`, missing patches in brackets, replies behind a colon. */
function outline(messages: readonly MailMessage[]): string[] {
  const { value } = assembleSeries(messages);
  for (const series of value) expect(Series.parse(structuredClone(series))).toEqual(series);
  return value.map(({ title, versions }) => {
    const parts = versions.map((version) => {
      const cover = version.cover === undefined ? '' : '0,';
      const patches = version.patches.map(({ index, carriedFrom }) =>
        carriedFrom ? `${index}<${carriedFrom}` : index,
      );
      const missing = version.missing.length === 0 ? '' : ` [${version.missing.join()}]`;
      const replies =
        version.replies.length === 0 ? '' : ` re ${version.replies.map(({ toPatch }) => toPatch).join()}`;
      return `${version.label} ${cover}${patches.join()}${missing}${replies}`;
    });
    return `${title}: ${parts.join(' | ')}`;
  });
}

const codes = (messages: readonly MailMessage[]): string[] =>
  assembleSeries(messages).diagnostics.map(({ code }) => code);

const titles = ['mm: first', 'mm: second', 'mm: third'];

describe('one posting', () => {
  test('in any order of arrival', () => {
    const mails = postingOf('Do it', 1, titles);
    const expected = ['Do it: v1 0,1,2,3'];
    expect(outline(mails)).toEqual(expected);
    expect(outline(mails.toReversed())).toEqual(expected);
    expect(codes(mails)).toEqual([]);
  });

  test('a patch is missing: said once, with the cover letter as its place', () => {
    const mails = postingOf('Do it', 4, titles).filter(({ messageId }) => messageId !== 'Do it-v4-2');
    expect(outline(mails)).toEqual(['Do it: v4 0,1,3 [2]']);
    expect(assembleSeries(mails).diagnostics).toMatchObject([
      {
        code: 'series/missing-patch',
        message: 'v4 `Do it`: patch 2 of 3 is missing',
        where: { file: 'list.mbox', line: 1 },
      },
    ]);
  });

  test('the cover letter is missing: its id still holds the thread together', () => {
    expect(outline(postingOf('Do it', 1, titles).slice(1))).toEqual(['mm: first: v1 1,2,3']);
  });

  test('the same mail twice is one mail; another with the same number is a duplicate', () => {
    const mails = postingOf('Do it', 1, titles);
    expect(codes([...mails, ...mails])).toEqual([]);
    const twin = mailOf('[PATCH 2/3] mm: second', { id: 'twin', to: 'Do it-v1-0', body: patchBody() });
    expect(outline([...mails, twin])).toEqual(['Do it: v1 0,1,2,3']);
    expect(codes([...mails, twin])).toEqual(['series/duplicate-patch']);
  });

  test('a patch that was sent again takes the place of the one before it, whichever comes first', () => {
    const mails = postingOf('Do it', 2, titles);
    const again = mailOf('[PATCH v2.1 2/3] mm: second', { id: 'again', to: 'Do it-v2-2', body: patchBody() });
    for (const all of [
      [...mails, again],
      [again, ...mails],
    ]) {
      const { value, diagnostics } = assembleSeries(all);
      expect(outline(all)).toEqual(['Do it: v2 0,1,2,3']);
      expect(value[0]!.versions[0]!.patches.map(({ messageId }) => messageId)).toEqual([
        'Do it-v2-1',
        'again',
        'Do it-v2-3',
      ]);
      expect(diagnostics).toMatchObject([
        {
          code: 'series/patch-sent-again',
          severity: 'warning',
          message: 'patch 2 of v2 was sent again as v2.1, which is used in its place',
        },
      ]);
    }
  });

  test('no threading: one folder, one sender', () => {
    const files = titles.map((title, index) =>
      mailOf(`[PATCH ${index + 1}/3] ${title}`, {
        body: patchBody(),
        place: { file: `p/000${index}.patch` },
      }),
    );
    expect(outline(files)).toEqual(['mm: first: v1 1,2,3']);
    const elsewhere = files.map((mail) => ({
      ...mail,
      place: { file: mail.place.file.replace('p/', 'q/') },
    }));
    expect(outline([...files, ...elsewhere])).toHaveLength(1);
    expect(assembleSeries([...files, ...elsewhere]).value[0]?.versions).toHaveLength(2);
  });

  test('chained patches, the first one at the root; a single patch without a number', () => {
    const chain = titles.map((title, index) =>
      mailOf(`[PATCH ${index + 1}/3] ${title}`, {
        id: `c${index}`,
        body: patchBody(),
        ...(index === 0 ? {} : { to: `c${index - 1}` }),
      }),
    );
    expect(outline(chain)).toEqual(['mm: first: v1 1,2,3']);
    expect(outline([mailOf('[PATCH] mm: alone', { id: 'a', body: patchBody() })])).toEqual([
      'mm: alone: v1 1',
    ]);
  });

  test('trailers, author in the body, diffstats, notes', () => {
    const body = `From: Other <other@example.org>\n\n${patchBody('mm/x.c', 'Changes it.')}`;
    const [series] = assembleSeries([mailOf('[PATCH] mm: alone', { id: 'a', body })]).value;
    const patch = series?.versions[0]?.patches[0];
    expect(patch).toMatchObject({
      subject: 'mm: alone',
      author: { name: 'Other', address: 'other@example.org' },
      sender: { name: 'Series Author' },
      trailers: [{ key: 'Signed-off-by', value: 'Series Author <author@example.org>' }],
      statedDiffstat: { files: [{ path: 'mm/x.c', changed: 2 }], added: 1, removed: 1 },
      diffstat: { added: 1, removed: 1 },
      functions: [{ change: 'modified', name: 'f', basis: 'hunks' }],
    });
    expect(patch?.message.startsWith('Changes it.')).toBe(true);
  });
});

describe('versions', () => {
  test('as new threads, as answers to the version before, with another title, as an RFC', () => {
    const v1 = postingOf('Do it', 1, titles, { prefix: 'RFC PATCH' });
    const v2 = postingOf('Do it', 2, titles.slice(1), { date: '2026-06-19T08:00:00Z' });
    const v3 = postingOf('Something else', 3, ['x: one', 'y: two'], { to: 'Do it-v2-0' });
    const v4 = postingOf('Do the thing', 4, ['x: one', 'y: two'], { prefix: 'PATCH mm-unstable' });
    const all = ['Do the thing: v1 0,1,2,3 | v2 0,1,2 | v3 0,1,2 | v4 0,1,2'];
    expect(outline([...v1, ...v2, ...v3, ...v4])).toEqual(all);
    expect(outline([...v4, ...v3, ...v2, ...v1])).toEqual(all);
  });

  test('a change-id joins what nothing else does', () => {
    const body = 'Cover.\n---\nchange-id: 20260618-do-it-abcdef\n';
    const v1 = postingOf('Old name', 1, ['a: x']).map((mail, index) =>
      index === 0 ? { ...mail, body } : mail,
    );
    const v2 = postingOf('New words', 2, ['b: y']).map((mail, index) =>
      index === 0 ? { ...mail, body } : mail,
    );
    expect(outline([...v1, ...v2])).toEqual(['New words: v1 0,1 | v2 0,1']);
    expect(assembleSeries(v1).value[0]?.changeId).toBe('20260618-do-it-abcdef');
  });

  test('other series of the same sender, and like titles of other senders, stay apart', () => {
    const one = postingOf('Do it', 1, titles);
    const other = postingOf('Wholly different work', 2, ['fs: a', 'fs: b']);
    const stranger = postingOf('do it', 2, titles, { from: { name: 'Another', address: 'b@example.org' } });
    expect(outline([...one, ...other, ...stranger])).toHaveLength(3);
  });

  test('a resend, and an RFC before a first version, keep labels of their own', () => {
    const rfc = postingOf('Do it', 1, titles, { prefix: 'RFC PATCH', date: '2026-01-01T00:00:00Z' }).map(
      (mail) => ({
        ...mail,
        messageId: `rfc-${mail.messageId ?? ''}`,
        inReplyTo: mail.inReplyTo.map((id) => `rfc-${id}`),
        references: [],
      }),
    );
    const first = postingOf('Do it', 1, titles);
    const again = first.map((mail) => ({
      ...mail,
      subject: mail.subject.replace('PATCH', 'PATCH RESEND'),
      messageId: `again-${mail.messageId ?? ''}`,
      inReplyTo: mail.inReplyTo.map((id) => `again-${id}`),
      references: [],
      date: '2026-07-01T00:00:00Z',
    }));
    expect(outline([...again, ...first, ...rfc])).toEqual([
      'Do it: v1-rfc 0,1,2,3 | v1 0,1,2,3 | v1-resend 0,1,2,3',
    ]);
  });

  test('a partial reroll takes the other patches over', () => {
    const v3 = postingOf('Do it', 3, titles);
    const fixed = mailOf('[PATCH v4 2/3] mm: second', { id: 'n', to: 'Do it-v3-2', body: patchBody() });
    expect(outline([fixed, ...v3])).toEqual(['Do it: v3 0,1,2,3 | v4 1<3,2,3<3']);
    expect(codes([...v3, fixed])).toEqual([]);
  });
});

describe('replies', () => {
  const mails = postingOf('Do it', 1, titles);
  const reviewer = { name: 'Reviewer A', address: 'reviewer-a@example.org' };

  test('hang under the patch that they answer, however deep', () => {
    const to2 = mailOf('Re: [PATCH 2/3] mm: second', { id: 'r1', to: 'Do it-v1-2', from: reviewer });
    const deep = mailOf('Re: [PATCH 2/3] mm: second', { id: 'r2', to: 'r1' });
    const toCover = mailOf('Re: [PATCH 0/3] Do it', {
      id: 'r3',
      to: 'Do it-v1-0',
      body: 'For the series:\n\nAcked-by: Reviewer A <reviewer-a@example.org>\n',
    });
    expect(outline([deep, to2, toCover, ...mails])).toEqual(['Do it: v1 0,1,2,3 re 2,2,0']);
    const replies = assembleSeries([...mails, toCover]).value[0]?.versions[0]?.replies;
    expect(replies?.[0]?.trailers).toEqual([
      { key: 'Acked-by', value: 'Reviewer A <reviewer-a@example.org>' },
    ]);
  });

  test('a thread that goes round in a circle, and mails that are no patches', () => {
    const one = mailOf('Re: x', { id: 'a', to: 'b' });
    const other = mailOf('Re: x', { id: 'b', to: 'a' });
    expect(outline([one, other, ...mails])).toEqual(['Do it: v1 0,1,2,3']);
    expect(assembleSeries([one, other]).diagnostics.map(({ message }) => message)).toEqual([
      '2 mails are neither patches nor answers to one that was read; the first is `Re: x`',
    ]);
  });

  test('archive text without ids: the subject says what is answered', () => {
    const archive = { form: 'archive', from: { name: 'Reviewer A', address: '' } } as const;
    const reply = mailOf('Re: [PATCH 0/3] Do it', archive);
    const orphan = mailOf('Re: [PATCH v2 4/4] fs: other', archive);
    expect(outline([reply, ...mails, orphan])).toEqual([
      'Do it: v1 0,1,2,3 re 0',
      'fs: other: v2  [1,2,3,4] re 4',
    ]);
  });
});

test('no message is lost: each one read is in one of the counts', () => {
  const first = postingOf('Do it', 1, titles);
  const second = postingOf('Do it', 2, titles, { to: 'Do it-v1-0' });
  const others = [
    mailOf('Re: [PATCH 2/3] mm: second', { id: 'r', to: 'Do it-v1-2' }),
    mailOf('Re: [PATCH 2/3] mm: second', { id: 'rr', to: 'r' }),
    mailOf('Re: [PATCH v2 1/3] elsewhere', { id: 'e', to: 'unknown' }),
    mailOf('A question'),
    mailOf('[PATCH 2/3] mm: second', { id: 'twin', to: 'Do it-v1-0', body: patchBody() }),
    mailOf('[PATCH 0/3] Do it', { id: 'no-patch', body: 'Text.\n' }),
    mailOf('[PATCH] without a patch', { id: 'bare', body: 'Text.\n' }),
    { ...mailOf('Re: [PATCH v9 1/2] old: x'), form: 'archive' as const },
  ];
  const pool = [...first, ...second, ...others];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pool), { maxLength: 30 }), (picked) => {
      // Where an mbox has a mail without an id twice, it is two mails.
      const messages = picked.map((mail) => ({ ...mail }));
      const { mails, value } = assembleSeries(messages);
      expect(mails.read).toBe(messages.length);
      expect(mails.covers + mails.patches + mails.replies + mails.copies + mails.others).toBe(mails.read);
      const versions = value.flatMap((series) => series.versions);
      const own = versions.flatMap(({ patches }) =>
        patches.filter(({ carriedFrom }) => carriedFrom === undefined),
      );
      expect(own.length + versions.flatMap(({ duplicates }) => duplicates).length).toBe(mails.patches);
      expect(versions.flatMap(({ replies }) => replies)).toHaveLength(mails.replies);
    }),
  );
});

test('a commit that has lost its subject is named by its hash', () => {
  const page = mailOf('', { form: 'archive', commit: '0123456789abcdef0123456789abcdef01234567' });
  expect(assembleSeries([page]).value[0]?.title).toBe('commit 0123456789ab (no subject)');
});
