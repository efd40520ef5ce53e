// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSeries } from '../../../src/read-series.ts';
import { readThread } from '../../../src/read-thread.ts';
import { makeTemporaryFolder } from '../../ingest/git-fixture.ts';
import { embeddedSeries, lineUnder, screenOf, sessionOf, titleOf } from './embedded-known.ts';

const folder = makeTemporaryFolder();

/** An mbox of mails, each with what it answers; one minute lies between two. */
function mboxOf(
  name: string,
  mails: readonly { id: string; to?: string; subject: string; body: string }[],
): string {
  const path = join(folder, `${name}.mbox`);
  const texts = mails.map(({ id, to, subject, body }, minute) =>
    [
      'From mboxrd@z Thu Jan  1 00:00:00 1970',
      `From: ${id.toUpperCase()} <${id}@example.org>`,
      `Subject: ${subject}`,
      `Date: Mon, 1 Jun 2026 10:0${minute}:00 +0000`,
      `Message-ID: <${id}@x>`,
      ...(to === undefined ? [] : [`In-Reply-To: <${to}@x>`]),
      '',
      body,
      '',
    ].join('\n'),
  );
  writeFileSync(path, texts.join('\n'));
  return path;
}

const talk = mboxOf('talk', [
  { id: 'a', subject: '[RFC] Should vmap() make huge mappings?', body: 'I wonder.' },
  { id: 'b', to: 'a', subject: 'Re: [RFC] Should it?', body: '> I wonder.\n\nIt must not. \u001B[31m' },
  { id: 'c', to: 'a', subject: 'Re: [RFC] Should it?', body: 'It may.' },
  { id: 'd', to: 'b', subject: 'Re: [RFC] Should it?', body: 'Why?' },
]);

describe('mails without patches', () => {
  it('are put below what they answer', async () => {
    const mails = await readThread([talk]);
    expect(mails.map(({ messageId, depth }) => [messageId, depth])).toEqual([
      ['a@x', 0],
      ['b@x', 1],
      ['d@x', 2],
      ['c@x', 1],
    ]);
  });

  it('are told once where they answer each other in a circle', async () => {
    const circle = mboxOf('circle', [
      { id: 'a', to: 'b', subject: 'one', body: '1' },
      { id: 'b', to: 'a', subject: 'two', body: '2' },
    ]);
    expect((await readThread([circle])).map(({ subject }) => subject)).toEqual(['one', 'two']);
  });

  it('can be read one after the other, with why nothing is run', async () => {
    const why = { code: 'review/no-patches', severity: 'error', message: 'no patch is found' } as const;
    const { session, done } = sessionOf([
      { news: 'mails', mails: await readThread([talk]) },
      { news: 'end', review: undefined, diagnostics: [why] },
    ]);
    expect(screenOf(session)[1]).toContain('nothing is run: no patch is found');
    expect(lineUnder(session)).toContain('[RFC] Should vmap()');
    session.press(['j', 'enter']);
    expect(titleOf(session)).toContain('mail 2/4 Re: [RFC] Should it?');
    expect(screenOf(session).join('\n')).toContain('It must not. ^[[31m');
    session.press(['tab']);
    expect(lineUnder(session)).toContain('It must not.');
    session.press(['Y', ']']);
    expect(done).toEqual(['copy https://lore.kernel.org/r/b@x']);
    expect(titleOf(session)).toContain('mail 3/4');
    session.press(['[', '[', '[']);
    expect(screenOf(session).at(-1)).toContain('that is the first');
    for (const key of ['p', 'w', 'd', 'c', 'e', '5', '0', 'f', 'r']) session.press([key]);
  });
});

it('replies stand below the patches, each opens, and p goes to its patch', async () => {
  const diff = '---\n\ndiff --git a/mm/a.c b/mm/a.c\n--- a/mm/a.c\n+++ b/mm/a.c\n@@ -1,1 +1,1 @@\n-a\n+b\n';
  const path = mboxOf('replied', [
    { id: 'p', subject: '[PATCH 1/2] mm: one', body: `One.\n${diff}` },
    { id: 'q', to: 'p', subject: '[PATCH 2/2] mm: two', body: `Two.\n${diff.replaceAll('a.c', 'b.c')}` },
    { id: 'r', to: 'q', subject: 'Re: [PATCH 2/2] mm: two', body: 'On Monday, P wrote:\n> +b\n\nWhy b?' },
  ]);
  const { value } = await readSeries([path], undefined);
  const { session } = sessionOf([{ news: 'series', series: value.series[0]! }]);
  const screen = screenOf(session).join('\n');
  expect(screen).toMatch(/2\/2 » 1 +mm: two/);
  expect(screen).toMatch(/» 2\/2 R +2026-06-01 +Why b\?/);
  session.press(['G', 'enter']);
  expect(titleOf(session)).toContain('v1 reply 1 mm: two');
  session.press(['p']);
  expect(titleOf(session)).toContain('v1 2/2 mm: two');
});

it('says that it is one series of several', () => {
  const { session } = sessionOf([{ news: 'series', series: embeddedSeries, isOneOfSeveral: true }], {
    columns: 82,
    rows: 24,
  });
  expect(screenOf(session).join('\n')).toContain(
    'one of several series here: `rewalk show` numbers them, --pick N',
  );
  expect(lineUnder(session)).toContain('0/6');
});

it('a version without replies has no rows for them', () => {
  expect(embeddedSeries.versions.at(-1)!.replies).toEqual([]);
  const { session } = sessionOf([{ news: 'series', series: embeddedSeries }]);
  expect(screenOf(session).join('\n')).not.toContain('»');
});
