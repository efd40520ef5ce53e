// SPDX-License-Identifier: GPL-2.0-only

import type { Selftest, SelftestResult, SelftestRun } from './selftest.ts';
import {
  counted,
  padded,
  paddedLeft,
  span,
  wrapped,
  type Line,
  type Span,
  type Style,
} from './styled-text.ts';

const INDENT = '    ';
const WORD_WIDTH = 13;

/** The cases of a test module, one a line, with what came of each. */
export function renderSelftest(selftest: Selftest, width: number): Line[] {
  const { tree, machine, module, parameters, seed } = selftest;
  const set = parameters.map(({ name, value, initial }) =>
    value === initial ? `${name}=${value}` : `${name}=${value} (the module's own: ${initial})`,
  );
  return [
    [span(module, 'heading'), span(` of ${tree} on ${machine}`)],
    ...dim([...set, `seed ${seed}`].join(', '), width),
    [],
    ...renderTable(selftest),
    [],
    ...selftest.runs.flatMap((run) => renderDetails(run, width)),
    ...selftest.runs.map((run) => renderCount(selftest, run)),
    [],
    ...renderNotes(selftest, width),
  ];
}

function renderTable({ cases, runs }: Selftest): Line[] {
  const nameWidth = Math.max(...cases.map(({ name }) => name.length)) + 2;
  const stepsWidth = Math.max(
    'steps'.length,
    ...runs.flatMap(({ results }) => results.map(({ steps }) => String(steps).length)),
  );
  const cell = (word: Span, steps: string): Span[] => [
    span('  '),
    { ...word, text: padded(word.text, WORD_WIDTH) },
    span(paddedLeft(steps, stepsWidth), 'dim'),
  ];
  return [
    [
      span(padded('case', nameWidth), 'strong'),
      ...runs.flatMap(({ binding }) => cell(span(binding, 'strong'), 'steps')),
    ],
    ...cases.map(({ name, expected }, index): Line => [
      span(padded(name, nameWidth)),
      ...runs.flatMap(({ results }) => {
        const result = results[index]!;
        return cell(wordFor(result, expected), String(result.steps));
      }),
    ]),
  ];
}

function wordFor({ outcome, asExpected }: SelftestResult, expected: 'pass' | 'fail'): Span {
  const style: Style = asExpected ? 'good' : 'bad';
  switch (outcome) {
    case 'pass':
      return span(expected === 'fail' ? 'XPASS' : asExpected ? 'pass' : 'pass, but', style);
    case 'fail':
      return span(expected === 'fail' ? (asExpected ? 'xfail' : 'xfail, but') : 'FAIL', style);
    case 'fault':
      return span('FAULT', 'bad');
    case 'endless':
      return span('ENDLESS', 'bad');
    case 'out-of-memory':
      return span('no memory', 'unknown');
    case 'not-modelled':
      return span('not modelled', 'unknown');
  }
}

/** What a word in the table does not say. */
function renderDetails({ binding, results }: SelftestRun, width: number): Line[] {
  const lines = results.flatMap((result) => {
    const details = detailsOf(result);
    if (details.length === 0) return [];
    return [
      [span(result.case, 'strong'), span(` (${binding})`, 'dim')],
      ...details.flatMap((text) =>
        wrapped(text, width - INDENT.length).map((line): Line => [span(`${INDENT}${line}`)]),
      ),
    ];
  });
  return lines.length === 0 ? [] : [...lines, []];
}

function detailsOf({ outcome, returned, reason, complaints, pagesLeft = 0 }: SelftestResult): string[] {
  const ends: Partial<Record<typeof outcome, string>> = {
    endless: 'a loop does not end',
    'out-of-memory':
      'the model has no memory left, which a kernel would have: none is used twice. Fewer loops need less',
  };
  return [
    ...(outcome === 'fail' && complaints.length > 0 ? [`returned ${returned}`] : []),
    ...(reason === undefined ? [] : [reason]),
    ...[ends[outcome] ?? []].flat(),
    ...complaints,
    ...(pagesLeft > 0 ? [`${counted(pagesLeft, 'page')} allocated and not freed`] : []),
  ];
}

function renderCount({ cases }: Selftest, { binding, results }: SelftestRun): Line {
  const good = results.filter(({ asExpected }) => asExpected).length;
  const what = binding === 'tree' ? "the tree's C" : 'the model';
  return [
    span(`${what}: `),
    span(`${good} of ${counted(cases.length, 'case')} as expected`, good === cases.length ? 'good' : 'bad'),
  ];
}

function renderNotes({ cases, notUsed }: Selftest, width: number): Line[] {
  const byComment = cases.filter(({ expectedBy }) => expectedBy === 'comment');
  const byField = cases.filter(({ expectedBy }) => expectedBy === 'xfail');
  const notes = [
    ...byField.map(({ name }) => `${name} fails as the module's table says`),
    ...byComment.map(
      ({ name }) => `${name} fails as the comment above it says; the table cannot say so here`,
    ),
    'a step is an event: a store to a table, a walk, an allocation, a lock, a flush',
    'each case runs alone, on CPU 0 of a kernel that was just booted',
    `not run: the module's threads, so nothing concurrent${notUsed.length === 0 ? '' : ` (${notUsed.join(', ')})`}`,
  ];
  return notes.flatMap((note) => dim(note, width));
}

function dim(text: string, width: number): Line[] {
  return wrapped(text, width).map((line): Line => [span(line, 'dim')]);
}
