// SPDX-License-Identifier: GPL-2.0-only

import { expect, test } from 'vitest';
import { assembleSeries } from '../../src/series/assemble.ts';
import { matchPatches } from '../../src/series/match-patches.ts';
import { mailOf, patchBody, postingOf } from './mail-fixture.ts';

const signed = 'Signed-off-by: Series Author';
const withTrailer = (trailer: string): string => patchBody().replace(signed, `${trailer}\n${signed}`);

test('trailers are carried, dropped, or gone with their patch', () => {
  const v1 = postingOf('Do it', 1, ['mm: first', 'fs: second', 'lib: third']).map((mail, index) => {
    if (index === 1) return { ...mail, body: withTrailer('Acked-by: B <b@example.org>') };
    // Another change, so that only its title could pair it.
    return index === 3 ? { ...mail, body: patchBody('lib/z.c').replaceAll('return', 'goto') } : mail;
  });
  const replies = [
    mailOf('Re: [PATCH 2/3] fs: second', {
      id: 'r',
      to: 'Do it-v1-2',
      body: 'Reviewed-by: Reviewer A <a@example.org>\n',
    }),
    mailOf('Re: [PATCH 0/3] Do it', { id: 's', to: 'Do it-v1-0', body: 'Tested-by: T <t@example.org>\n' }),
  ];
  const v2 = postingOf('Do it', 2, ['fs: second', 'mm: first']).map((mail, index) =>
    index === 1 ? { ...mail, body: withTrailer('Reviewed-by: The Reviewer A <A@example.org>') } : mail,
  );
  const [series] = assembleSeries([...v1, ...replies, ...v2]).value;
  const fates = series?.trailerFates.map((fate) =>
    [fate.key, fate.given, `${fate.version} ${fate.patch}`, fate.outcome, fate.nextPatch].join(', '),
  );
  expect(fates).toEqual([
    'Acked-by, patch, v1 1, dropped, 2',
    'Reviewed-by, reply, v1 2, carried, 1',
    'Tested-by, reply, v1 1, dropped, 2',
    'Tested-by, reply, v1 2, dropped, 1',
    'Tested-by, reply, v1 3, patch-gone, ',
  ]);
});

test('patches are paired by title or by what they change, each once', () => {
  const patchesOf = (version: number, titles: string[], values: string[]) => {
    const mails = postingOf('Do it', version, titles).map((mail, index) =>
      index === 0 ? mail : { ...mail, body: patchBody().replaceAll('return', values[index - 1] ?? '') },
    );
    return assembleSeries(mails).value[0]?.versions[0]?.patches ?? [];
  };
  const before = patchesOf(1, ['mm: one', 'mm: two words', 'lib: gone'], ['aa', 'bb', 'cc']);
  const after = patchesOf(2, ['fs: renamed', 'mm: one', 'net: new'], ['bb', 'xx', 'dd']);
  expect(matchPatches(before, after).map((pair) => [pair.before.index, pair.after.index])).toEqual([
    [2, 1],
    [1, 2],
  ]);
});
