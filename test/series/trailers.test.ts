// SPDX-License-Identifier: GPL-2.0-only

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReplyTrailers, parseTrailers } from '../../src/series/trailers.ts';
import { git, makeRepository } from '../ingest/git-fixture.ts';

describe('parseTrailers against git interpret-trailers', () => {
  const repository = makeRepository();
  const someLine = fc.constantFrom(
    '',
    '',
    'Signed-off-by: A <a@example.org>',
    'Reviewed-by: B <b@example.org>',
    'Link: https://example.org/x',
    'Fixes: 0123456789ab ("mm: x")',
    'Cc : spaced',
    ' continued',
    '\tcontinued by a tab',
    '[maintainer: changed a comment]',
    'A sentence about it.',
    'Note: looks like one',
    '(cherry picked from commit 0123)',
    'not a key: value',
    ':no key',
    '# comment',
    '---',
    'Empty:',
  );

  test('random messages', () => {
    fc.assert(
      fc.property(fc.array(someLine, { maxLength: 12 }), (lines) => {
        const message = `Title\n\n${lines.join('\n')}\n`;
        const expected = git(repository, ['interpret-trailers', '--parse'], message);
        const ours = parseTrailers(message).map(({ key, value }) => `${key}: ${value}`.trimEnd());
        expect(ours).toEqual(
          expected
            .split('\n')
            .map((line) => line.trimEnd())
            .filter((line) => line !== ''),
        );
      }),
      { numRuns: 300 },
    );
  });
});

test('trailers of a reply stand anywhere, but not in quotes', () => {
  const body =
    'Hi,\n\n> Acked-by: Nobody <n@example.org>\n\nlooks good.\n\nReviewed-by: Reviewer A <reviewer-a@example.org>\n\nCheers\n';
  expect(parseReplyTrailers(body)).toEqual([
    { key: 'Reviewed-by', value: 'Reviewer A <reviewer-a@example.org>' },
  ]);
});
