// SPDX-License-Identifier: GPL-2.0-only

import { describe, expect, test } from 'vitest';
import type { MailMessage } from '../../src/ingest/mail-message.ts';
import { MemoryTree, OverlayTree, type SourceTree } from '../../src/ingest/source-tree.ts';
import { assembleSeries } from '../../src/series/assemble.ts';
import { identifiersIn } from '../../src/series/changelog-check.ts';
import { compareVersions } from '../../src/series/compare-versions.ts';
import { buildPrefixTrees } from '../../src/series/prefix-trees.ts';
import type { VersionDiff } from '../../src/series/version-diff.ts';
import { mailOf } from './mail-fixture.ts';

const FILE = 'mm/x.c';

const functionText = (name: string, ...body: string[]): string[] => [
  `int ${name}(int a)`,
  '{',
  ...body.map((line) => `\t${line}`),
  '}',
  '',
];

const ONE = functionText('one', 'return a + 1;');
const TWO = functionText('two', 'int sum = a;', 'sum += one(a);', 'sum += one(sum);', 'return sum;');
const HELPER = functionText(
  'helper',
  'int twice = a + a;',
  'if (twice < a)',
  '\treturn -1;',
  'return twice;',
);

const base: SourceTree = new OverlayTree(
  'base',
  new MemoryTree('empty', new Map()),
  new Map([[FILE, [...ONE, ...TWO, ''].join('\n')]]),
);

/** One version from the texts that its patches leave behind. */
function postVersion(
  version: number,
  log: string,
  patches: readonly { readonly title: string; readonly text: readonly string[]; readonly message?: string }[],
): MailMessage[] {
  const date = `2026-0${version}-01T00:00:00Z`;
  const tag = `PATCH v${version}`;
  const cover = mailOf(`[${tag} 0/${patches.length}] mm: sums`, {
    id: `c${version}`,
    date,
    body: `Sums.\n\nChanges since v${version - 1}:\n${log}\n`,
  });
  let before: readonly string[] = [...ONE, ...TWO];
  const mails = patches.map(({ title, text, message }, index) => {
    const hunk = [...before.map((line) => `-${line}`), ...text.map((line) => `+${line}`)];
    const body = `${message ?? 'Because.'}\n---\n\ndiff --git a/${FILE} b/${FILE}\n--- a/${FILE}\n+++ b/${FILE}\n@@ -1,${before.length} +1,${text.length} @@\n${minimal(hunk, before, text)}\n`;
    before = text;
    return mailOf(`[${tag} ${index + 1}/${patches.length}] ${title}`, {
      id: `p${version}-${index}`,
      to: `c${version}`,
      date,
      body,
    });
  });
  return [cover, ...mails];
}

/** A hunk with equal lines as context: enough for these texts, in which lines are only added or replaced. */
function minimal(whole: readonly string[], before: readonly string[], after: readonly string[]): string {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end))
    end += 1;
  if (start + end === 0) return whole.join('\n');
  return [
    ...before.slice(0, start).map((line) => ` ${line}`),
    ...before.slice(start, before.length - end).map((line) => `-${line}`),
    ...after.slice(start, after.length - end).map((line) => `+${line}`),
    ...before.slice(before.length - end).map((line) => ` ${line}`),
  ].join('\n');
}

function compareThem(
  older: MailMessage[],
  newer: MailMessage[],
  trees: 'on base' | 'no tree' = 'on base',
): VersionDiff {
  const tree = trees === 'on base' ? base : undefined;
  const { value, diagnostics } = assembleSeries([...older, ...newer]);
  expect(diagnostics).toEqual([]);
  const [from, to] = value[0]?.versions ?? [];
  if (from === undefined || to === undefined) throw new Error('not one series of two versions');
  const tip = (version: typeof from): SourceTree | undefined => {
    if (tree === undefined) return undefined;
    const built = buildPrefixTrees(tree, version);
    expect(built.diagnostics).toEqual([]);
    return built.value.at(-1)?.tree;
  };
  return compareVersions({ version: from, tree: tip(from) }, { version: to, tree: tip(to) }, tree);
}

const withHelper = [...HELPER, ...ONE, ...TWO];
const better = functionText('one', 'return helper(a) + 1;');
const v1 = (): MailMessage[] =>
  postVersion(1, '', [
    { title: 'mm: add helper()', text: withHelper },
    { title: 'mm: use it in one()', text: [...HELPER, ...better, ...TWO] },
  ]);

describe('patches', () => {
  test('the same, with another message, changed, squashed', () => {
    const same = postVersion(2, '', [
      { title: 'mm: add helper()', text: withHelper },
      {
        title: 'mm: use it in one()',
        text: [...HELPER, ...better, ...TWO],
        message: 'Because it is better.',
      },
    ]);
    expect(compareThem(v1(), same).patches.map(({ outcome }) => outcome)).toEqual(['same', 'message']);
    const squashed = postVersion(2, '', [
      { title: 'mm: add helper()', text: [...HELPER, ...better, ...TWO] },
    ]);
    expect(compareThem(v1(), squashed).patches).toMatchObject([
      { before: 1, after: 1, outcome: 'changed' },
      { before: 2, outcome: 'dropped', squashedInto: 1, subject: 'mm: use it in one()' },
    ]);
    const backwards = compareThem(
      squashed.map((mail) => ({
        ...mail,
        subject: mail.subject.replace('v2', 'v1'),
        date: '2026-01-01T00:00:00Z',
      })),
      [
        ...v1().map((mail) => ({
          ...mail,
          subject: mail.subject.replace('v1', 'v2'),
          date: '2026-02-01T00:00:00Z',
          messageId: `n${mail.messageId}`,
          inReplyTo: mail.inReplyTo.map((id) => `n${id}`),
          references: [],
        })),
      ],
    );
    expect(backwards.patches).toMatchObject([
      { outcome: 'changed' },
      { after: 2, outcome: 'added', splitFrom: 1 },
    ]);
  });
});

describe('functions', () => {
  test('added, removed, renamed, changed: with their lines, and the patches that do it', () => {
    const renamed = HELPER.map((line) => line.replace('helper', 'sum_helper'));
    const v2 = postVersion(2, '', [
      { title: 'mm: add helper()', text: [...renamed, ...ONE, ...TWO] },
      {
        title: 'mm: use it in one()',
        text: [...renamed, ...functionText('one', 'return sum_helper(a) + 1;'), ...TWO],
      },
    ]);
    expect(compareThem(v1(), v2).functions).toMatchObject([
      {
        change: 'renamed',
        previousName: 'helper',
        name: 'sum_helper',
        file: FILE,
        line: 1,
        before: [1],
        after: [1],
        basis: 'tree',
      },
      {
        change: 'modified',
        name: 'one',
        before: [2],
        after: [2],
        lines: [
          { kind: 'same' },
          { kind: 'same' },
          { kind: 'removed', text: '\treturn helper(a) + 1;' },
          { kind: 'added', text: '\treturn sum_helper(a) + 1;' },
          { kind: 'same' },
        ],
      },
    ]);
  });

  test('without a tree the changed lines are compared', () => {
    const v2 = postVersion(2, '', [
      { title: 'mm: add helper()', text: withHelper },
      {
        title: 'mm: use it in one()',
        text: [...HELPER, ...functionText('one', 'return helper(a) + 2;'), ...TWO],
      },
    ]);
    expect(compareThem(v1(), v2, 'no tree').functions).toMatchObject([
      {
        change: 'modified',
        name: 'one',
        basis: 'hunks',
        lines: [
          { kind: 'same' },
          { kind: 'removed', text: '+\treturn helper(a) + 1;' },
          { kind: 'added', text: '+\treturn helper(a) + 2;' },
        ],
      },
    ]);
  });

  test('a function that ends the same and is changed by another patch', () => {
    const v2 = postVersion(2, '', [
      { title: 'mm: add helper()', text: [...HELPER, ...functionText('one', 'return a + 3;'), ...TWO] },
      { title: 'mm: use it in one()', text: [...HELPER, ...better, ...TWO] },
    ]);
    const { functions, onTheWay } = compareThem(v1(), v2);
    expect(functions).toEqual([]);
    expect(onTheWay).toEqual([{ name: 'one', file: FILE, after: [1, 2] }]);
  });
});

describe('the changelog against the code', () => {
  const v2 = (log: string, message = 'Because.'): MailMessage[] =>
    postVersion(2, log, [
      { title: 'mm: add helper()', text: withHelper },
      {
        title: 'mm: use it in one()',
        text: [
          ...HELPER,
          ...functionText('one', 'if (is_odd(a))', '\treturn 0;', 'return helper(a) + 1;'),
          ...TWO,
        ],
        message,
      },
    ]);
  const verdicts = (log: string) => compareThem(v1(), v2(log)).entries.map(({ verdict }) => verdict);

  test.each([
    ['- Return early in one() (patch 2)', 'seen'],
    ['- Call is_odd() first', 'seen'],
    ['- Fix two() (patch 1)', 'not-seen'],
    ['- Rework helper()', 'not-seen'],
    ['- Fix patch 1', 'not-seen'],
    ['- Fix patch 2', 'seen'],
    ['- Fix typos', 'cannot-be-told'],
    ['- Fix three_more() (Reviewer A)', 'cannot-be-told'],
  ])('%s: %s', (log, verdict) => {
    expect(verdicts(log)).toEqual([verdict]);
  });

  test('each thing that an entry names has its reason and place', () => {
    const [entry] = compareThem(v1(), v2('- Return early in one() (patch 2) (Reviewer A)')).entries;
    expect(entry).toMatchObject({
      patch: 0,
      line: 4,
      named: [
        { kind: 'function', name: 'one', verdict: 'seen', reason: 'mm/x.c:9 changed' },
        { kind: 'patch', name: 'patch 2', verdict: 'seen', reason: 'changed' },
        {
          kind: 'person',
          name: 'Reviewer A',
          verdict: 'cannot-be-told',
          reason: 'no mail of theirs was read',
        },
      ],
    });
  });

  test('changes that no entry names are listed', () => {
    expect(compareThem(v1(), v2('- Fix patch 2')).unmentioned).toMatchObject([
      { name: 'one', change: 'modified', line: 9, after: [2], patchNamed: true },
    ]);
    expect(compareThem(v1(), v2('- Nothing')).unmentioned).toMatchObject([
      { name: 'one', patchNamed: false },
    ]);
    expect(compareThem(v1(), v2('- Change one()')).unmentioned).toEqual([]);
  });

  test('functions that a commit message names and no changed file has', () => {
    expect(compareThem(v1(), v2('', 'As one() and helper() do, unlike hleper().')).names).toEqual([
      { patch: 2, name: 'hleper' },
    ]);
  });

  test('what is a name of C', () => {
    expect(identifiersIn('Use __fls and *nr in f(), set a_b, not mm/x_y.c or mm-unstable, PMD_SIZE')).toEqual(
      ['__fls', 'f', 'a_b', 'PMD_SIZE'],
    );
  });
});
