// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, test } from 'vitest';
import { creditedNames, parseChangelog, parseHeading, patchNumbers } from '../../src/series/changelog.ts';

describe('headings', () => {
  test.each([
    ['Changes since v3:', 3, 4],
    ['Changes since v1', 1, 2],
    ['v3 -> v4:', 3, 4],
    ['v3->v4', 3, 4],
    ['Changes from v2 to v3:', 2, 3],
    ['Changelog v1 => v2', 1, 2],
    ['Changes in v4:', 3, 4],
    ['Changes in v4 (2026-06-18):', 3, 4],
    ['V2:', 1, 2],
    ['* v3:', 2, 3],
    ['== Changes since v2 ==', 2, 3],
    ['Since RFC v2 [1]:', 2, 3],
    ['Changes since RFC:', 0, 1],
  ])('%s', (line, from, to) => {
    expect(parseHeading(line)).toEqual({ from, to });
  });

  test.each([
    'v4',
    'In v3 we did it.',
    'v1: https://example.org/x',
    'Changes',
    'since v6.12 there is a bug',
    'vmap:',
  ])('not a heading: %s', (line) => {
    expect(parseHeading(line)).toBeUndefined();
  });
});

test('entries over several lines, prose before and after, two sections', () => {
  const text = `This does it.

Changes since v2:
- Use one thing instead of
  another (patch 2)
- Drop patch 7

- After a blank line (patches 1-3)
Changes since v1:
* Fix it (Reviewer A)

Some prose follows.
- and a list that is no changelog
`;
  expect(parseChangelog(text, 10)).toEqual([
    {
      from: 2,
      to: 3,
      text: 'Use one thing instead of another (patch 2)',
      patches: [2],
      credits: [],
      line: 13,
    },
    { from: 2, to: 3, text: 'Drop patch 7', patches: [7], credits: [], line: 15 },
    { from: 2, to: 3, text: 'After a blank line (patches 1-3)', patches: [1, 2, 3], credits: [], line: 17 },
    { from: 1, to: 2, text: 'Fix it (Reviewer A)', patches: [], credits: ['Reviewer A'], line: 19 },
  ]);
});

test.each([
  ['(patch 4, 5)', [4, 5]],
  ['Squash patch 3+4 and patch 5+7', [3, 4, 5, 7]],
  ['in patches 1, 2 and 4', [1, 2, 4]],
  ['patch #2', [2]],
  ['patches 2-4', [2, 3, 4]],
  ['dispatch 4', []],
  ['patch 1.5', []],
  ['patch 1-999999', [1]],
])('patches named in %s', (text, patches) => {
  expect(patchNumbers(text)).toEqual(patches);
});

test.each([
  ['Fix it (Dev J., Uladzislau R.)', ['Dev J.', 'Uladzislau R.']],
  ['Fix it [Élodie Ö]', ['Élodie Ö']],
  ['as suggested by Reviewer B, use x', ['Reviewer B']],
  ['Use f() (patch 3) and CONT_PTE (PMD, NULL)', []],
])('credits in %s', (text, names) => {
  expect(creditedNames(text)).toEqual(names);
});

describe('a diffstat right below the changelog ends it', () => {
  test.each([
    ['a file', ' mm/vmalloc.c | 12 +++-'],
    ['a shortened path', ' .../asm/vmalloc.h                |   2 +-'],
    ['a binary file', ' logo.png | Bin 0 -> 120 bytes'],
    ['a renamed file', ' mm/{a.c => b.c} | 0'],
  ])('%s', (_, stat) => {
    const text = `Changes in v2:\n- Fix it\n${stat}\n 1 file changed, 2 insertions(+)\n\n- no entry\n`;
    expect(parseChangelog(text, 1).map((entry) => entry.text)).toEqual(['Fix it']);
  });

  test('an entry with a bar in it, and one that goes on with a figure, are none', () => {
    const text = 'Changes in v2:\n- Take FLAG_A | FLAG_B\n  and FLAG_C\n- Use a | 12\n';
    expect(parseChangelog(text, 1).map((entry) => entry.text)).toEqual([
      'Take FLAG_A | FLAG_B and FLAG_C',
      'Use a | 12',
    ]);
  });
});
