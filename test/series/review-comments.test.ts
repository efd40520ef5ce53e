// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, test } from 'vitest';
import type { MailMessage } from '../../src/ingest/mail-message.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import { splitReply } from '../../src/series/reply-parts.ts';
import type { ReviewComment, SeriesVersion } from '../../src/series/series.ts';
import { mailOf } from './mail-fixture.ts';

const reviewer = { name: 'Reviewer A', address: 'reviewer-a@example.org' };

/** A patch to two functions; `call` is the line that the versions differ in. */
function patchText(
  call: string,
  message = 'Map pages in one walk, and flush when all of them are there.',
): string {
  return `${message}

Signed-off-by: Series Author <author@example.org>
---
 mm/vmalloc.c | 5 +++--

diff --git a/mm/vmalloc.c b/mm/vmalloc.c
--- a/mm/vmalloc.c
+++ b/mm/vmalloc.c
@@ -10,6 +10,7 @@ static int map_one(unsigned long addr)
 {
 	int error = 0;

+	if (!addr)
+		return -EINVAL;
-	step(addr);
 	return error;
 }
@@ -100,5 +101,6 @@ static int map_many(unsigned long addr, unsigned long end)
 {
 	unsigned long start = addr;

+	${call}
 	return 0;
 }
--
2.39.5
`;
}

const v1 = (): MailMessage[] => [
  mailOf('[PATCH 0/1] Map pages', { id: 'c1', body: 'It is good.\n\nAnd fast.\n' }),
  mailOf('[PATCH 1/1] mm: map pages', {
    id: 'p1',
    to: 'c1',
    body: patchText('flush_cache_vmap(addr, end);'),
  }),
];

const v2 = (call: string, log: string): MailMessage[] => [
  mailOf('[PATCH v2 0/1] Map pages', {
    id: 'c2',
    body: `It is good.\n\nChanges since v1:\n- ${log}\n`,
    date: '2026-07-01T00:00:00Z',
  }),
  mailOf('[PATCH v2 1/1] mm: map pages', {
    id: 'p2',
    to: 'c2',
    body: patchText(call),
    date: '2026-07-01T00:00:00Z',
  }),
];

const reply = (body: string, parts: Partial<MailMessage> & { id?: string; to?: string } = {}): MailMessage =>
  mailOf('Re: [PATCH 1/1] mm: map pages', { id: 'r1', to: 'p1', from: reviewer, body, ...parts });

function versionOf(mails: readonly MailMessage[]): SeriesVersion {
  const [version] = assembleSeries(mails).value[0]?.versions ?? [];
  if (version === undefined) throw new Error('no version');
  return version;
}

const commentsOf = (...mails: MailMessage[]): readonly ReviewComment[] => versionOf(mails).comments;

describe('the parts of a reply', () => {
  const textsOf = (body: string) =>
    splitReply(body, 1, 'Reviewer A').map(({ text, line, quoted }) => [line, text, quoted.length]);

  test('greeting, attribution, signature, closing and trailers are nobody’s comment', () => {
    const body = `Hi Author,

On Thu, 18 Jun 2026 at 10:00, Series Author
<author@example.org> wrote:
> one
> two

First.

Still first.

> three

Second: look.

Reviewed-by: Reviewer A <reviewer-a@example.org>

Thanks,
Reviewer
-- 
Not said.
`;
    expect(textsOf(body)).toEqual([
      [8, 'First.\n\nStill first.', 2],
      [14, 'Second: look.', 1],
    ]);
  });

  test('nothing but a trailer, nothing at all, a comment above the quote', () => {
    expect(textsOf('> x\n\nAcked-by: Reviewer A <reviewer-a@example.org>\n')).toEqual([]);
    expect(textsOf('')).toEqual([]);
    expect(textsOf('No.\n\nOn Monday, X wrote:\n> a\n')).toEqual([[1, 'No.', 0]]);
  });
});

describe('where a comment stands', () => {
  test('added, removed and context lines, with file, line and function', () => {
    const body = `> +	if (!addr)
> +		return -EINVAL;
Why not WARN?

> -	step(addr);
Gone?

>  	return error;
Fine.

> @@ -100,5 +101,6 @@ static int map_many(unsigned long addr, unsigned long end)
> +	flush_cache_vmap(addr, end);
addr has moved.
`;
    const at = { patch: 1, file: 'mm/vmalloc.c', part: 'patch', version: 'v1', byAuthor: false };
    expect(commentsOf(...v1(), reply(body))).toMatchObject([
      {
        ...at,
        line: 14,
        side: 'new',
        function: 'map_one',
        quote: 'return -EINVAL;',
        text: 'Why not WARN?',
        question: true,
      },
      { ...at, line: 13, side: 'old', function: 'map_one', question: true },
      { ...at, line: 15, side: 'new', function: 'map_one', question: false },
      { ...at, line: 104, side: 'new', function: 'map_many', quote: 'flush_cache_vmap(addr, end);' },
    ]);
  });

  test('deeper quotes, other white space, a wrapped line', () => {
    const same = { file: 'mm/vmalloc.c', line: 104, function: 'map_many' };
    expect(
      commentsOf(...v1(), reply('> > >+  flush_cache_vmap(addr,  end);\n> > Hm.\n\nYes.\n')),
    ).toMatchObject([same]);
    expect(commentsOf(...v1(), reply('> +	flush_cache_vmap(addr,\n> end);\nYes.\n'))).toMatchObject([same]);
  });

  test('two equal lines: what is quoted above tells them apart, else no place is named', () => {
    const twice = [
      mailOf('[PATCH] mm: map pages', {
        id: 'p1',
        body: patchText('flush(addr);').replace('+\tif (!addr)', '+\tflush(addr);'),
      }),
    ];
    expect(commentsOf(...twice, reply('> +	flush(addr);\nWhich?\n'))).toMatchObject([
      { quote: '+	flush(addr);', question: true },
    ]);
    expect(commentsOf(...twice, reply('> +	flush(addr);\nWhich?\n'))[0]).not.toHaveProperty('file');
    const above = '>  	unsigned long start = addr;\n> \n> +	flush(addr);\nThis one.\n';
    expect(commentsOf(...twice, reply(above))).toMatchObject([{ line: 104, function: 'map_many' }]);
  });

  test('the commit message, the cover letter, nothing, and words that nobody wrote', () => {
    expect(
      commentsOf(...v1(), reply('> Map pages in one walk, and flush when all\n> of them are there.\nWhy?\n')),
    ).toMatchObject([
      { patch: 1, part: 'message', quote: 'Map pages in one walk, and flush when all of them are there.' },
    ]);
    expect(commentsOf(...v1(), reply('> And fast.\nHow fast?\n', { to: 'c1' }))).toMatchObject([
      { patch: 0, part: 'message' },
    ]);
    const [without] = commentsOf(...v1(), reply('Nice.\n'));
    expect(without).toMatchObject({ patch: 1, text: 'Nice.' });
    expect(without).not.toHaveProperty('quote');
    expect(commentsOf(...v1(), reply('> Something else entirely.\nWhat?\n'))[0]).not.toHaveProperty('part');
  });

  test('code quoted under the cover letter is found in the patch that has it', () => {
    const body =
      '> @@ -100,5 +101,6 @@ static int map_many(unsigned long addr, unsigned long end)\n> +	flush_cache_vmap(addr, end);\nHm.\n';
    expect(commentsOf(...v1(), reply(body, { to: 'c1' }))).toMatchObject([{ patch: 1, line: 104 }]);
  });

  test('a patch that was not read: places come from what is quoted, and only while it is certain', () => {
    const archive = { form: 'archive', from: { name: 'Reviewer A', address: '' } } as const;
    const body = `> diff --git a/mm/vmalloc.c b/mm/vmalloc.c
> @@ -10,6 +10,7 @@ static int map_one(unsigned long addr)
> {
> int error = 0;
> + if (!addr)
Why?

> @@ -100,5 +101,6 @@ static int map_many(unsigned long addr)
> {
> + flush();
Which file is this?
`;
    const { id, ...mail } = { ...mailOf('Re: [PATCH v2 4/4] mm: x', { ...archive, body }), id: undefined };
    const comments = commentsOf({ ...mail, messageId: id });
    expect(comments).toMatchObject([
      { patch: 4, file: 'mm/vmalloc.c', line: 12, function: 'map_one' },
      { patch: 4, line: 102, function: 'map_many' },
    ]);
    expect(comments[1]).not.toHaveProperty('file');
  });
});

describe('what became of a comment', () => {
  const question = '> +	flush_cache_vmap(addr, end);\nIs addr right here?\n';

  test('the line changed, and the changelog names the reviewer and the function', () => {
    const next = v2('flush_cache_vmap(start, end);', 'Flush from the start in map_many() (Reviewer A)');
    expect(commentsOf(...v1(), ...next, reply(question))).toMatchObject([
      {
        changedInNext: { version: 'v2', outcome: 'changed', patch: 1, lines: 1, kept: 0 },
        creditedIn: [{ version: 'v2', patch: 0, line: 4, by: ['reviewer', 'function'] }],
      },
    ]);
  });

  test('the line is the same, and the changelog is silent', () => {
    const next = v2('flush_cache_vmap(addr, end);', 'Fix a typo (Reviewer B)');
    const [comment] = commentsOf(...v1(), ...next, reply(question));
    expect(comment).toMatchObject({ changedInNext: { outcome: 'same', lines: 1, kept: 1 } });
    expect(comment).not.toHaveProperty('creditedIn');
  });

  test('what quotes no line cannot be told; without a next version nothing is said', () => {
    const next = v2('flush_cache_vmap(addr, end);', 'Fix a typo');
    expect(commentsOf(...v1(), ...next, reply('Is it?\n'))[0]?.changedInNext?.outcome).toBe('cannot-be-told');
    expect(commentsOf(...v1(), reply(question))[0]).not.toHaveProperty('changedInNext');
  });

  test('a question stays open until the author answers below it', () => {
    const stranger = reply('> Is addr right here?\nI think so.\n', {
      id: 's',
      to: 'r1',
      from: { name: 'B', address: 'b@x' },
    });
    const elsewhere = mailOf('Re: [PATCH 1/1] mm: map pages', { id: 'e', to: 'p1', body: 'Ping.\n' });
    expect(commentsOf(...v1(), reply(question), stranger, elsewhere)[0]).not.toHaveProperty('answeredBy');
    const answer = mailOf('Re: [PATCH 1/1] mm: map pages', {
      id: 'a',
      to: 's',
      body: '> > Is addr right here?\nNo.\n',
    });
    const comments = commentsOf(...v1(), answer, reply(question), stranger);
    expect(comments.find(({ messageId }) => messageId === 'r1')?.answeredBy).toMatchObject({
      messageId: 'a',
      quotes: true,
    });
    expect(comments.find(({ messageId }) => messageId === 'a')).toMatchObject({
      byAuthor: true,
      text: 'No.',
    });
  });
});
