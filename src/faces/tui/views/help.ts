// SPDX-License-Identifier: GPL-2.0-only

import { padded, span, textWidth, type Line } from '../../../report/styled-text.ts';
import { BINDINGS, type Binding } from '../keys.ts';
import type { Page, Row } from '../page.ts';
import { CLAIM_MEANINGS } from './claim-marks.ts';
import { PATCH_MARKS } from './series-rows.ts';

const MARKS: readonly (readonly [string, string])[] = [
  ['ok', 'scenarios put the promise to the test, and it was kept'],
  ['✗ 4', 'broken by patch 4 of the version'],
  ['✗ (3)', 'broken by patch 3 and repaired by a later one'],
  ['=', 'broken as in the tree before the series'],
  ['–', 'not reached: no scenario put it to the test'],
  ['?', 'not modelled: scenarios ended at something that rewalk does not model'],
  ['…', 'not run to its end yet'],
];

/** All keys, and what the marks of the matrix mean. */
export function helpPage(): Page {
  const names = BINDINGS.flatMap(({ bindings }) => bindings).map(keyNames);
  const width = Math.max(...names.map(textWidth)) + 4;
  const heading = (text: string, isFirst: boolean): Row[] => [
    ...(isFirst ? [] : [{ line: [] }]),
    { line: [span(text, 'heading')], stop: true },
  ];
  const entry = (name: string, does: string): Row => {
    const line: Line = [span(padded(`  ${name}`, width), 'command'), span(does)];
    return { line };
  };
  const rows = [
    ...BINDINGS.flatMap(({ title, bindings }, index) => [
      ...heading(title, index === 0),
      ...bindings.map((binding) => entry(keyNames(binding), binding.does)),
    ]),
    ...heading('Marks of the matrix', false),
    ...MARKS.map(([mark, means]) => entry(mark, means)),
    ...heading('Marks of patches', false),
    ...PATCH_MARKS.map(([mark, means]) => entry(mark, means)),
    ...heading('Marks of claims, in letters and comparisons', false),
    ...CLAIM_MEANINGS.map(([mark, means]) => entry(mark, means)),
  ];
  return { title: 'keys', head: [], rows, mode: 'text', columns: 1, about: {} };
}

function keyNames({ keys, shown }: Binding): string {
  return shown ?? keys.join(' ');
}
