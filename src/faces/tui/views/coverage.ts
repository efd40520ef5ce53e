// SPDX-License-Identifier: GPL-2.0-only

import { renderDiagnosticLine } from '../../../base/diagnostic.ts';
import { renderChanges } from '../../../report/changes-text.ts';
import { renderCoverage, renderNotExercised, renderNotRun } from '../../../report/coverage-text.ts';
import { counted, span, wrapped, type Line } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Known } from '../known.ts';
import type { Look, Page } from '../page.ts';

/** What was run, what each patch changes in it, how many functions came from where, and what could not be run or read. */
export function coveragePage({ review, diagnostics }: Known, { width }: Look): Page {
  const told = review?.diagnostics ?? diagnostics;
  const sections: Line[][] = [
    review === undefined ? [[span('nothing has been run yet', 'dim')]] : ranLines(review),
    review === undefined ? [] : renderChanges(review, width, false),
    review === undefined ? [] : renderNotRun(review, width),
    review === undefined ? [] : renderNotExercised(review, width),
    review === undefined ? [] : renderCoverage(review, width),
    told.length === 0
      ? []
      : [
          [span('Said about the input', 'heading')],
          ...told.flatMap((diagnostic) =>
            wrapped(terminalText(renderDiagnosticLine(diagnostic)), width - 2).map((text): Line => [
              span(`  ${text}`, diagnostic.severity === 'error' ? 'bad' : 'warn'),
            ]),
          ),
        ],
  ];
  const lines = sections
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : [[], ...section]));
  return {
    title: 'what was run',
    head: [],
    rows: lines.map((line) => ({ line })),
    mode: 'text',
    columns: 1,
    about: {},
  };
}

function ranLines({ scenarios, machines, seed, tree, mode }: NonNullable<Known['review']>): Line[] {
  return [
    [
      span(
        `${counted(scenarios.run, 'scenario')} on ${counted(scenarios.jobs, 'different state')}, seed ${seed}`,
      ),
    ],
    [span(`on ${machines.map(({ name }) => name).join(', ')}, tree ${terminalText(tree.title)}`, 'dim')],
    ...(mode === 'from-tree' ? [[span('every function from the tree', 'dim')] satisfies Line] : []),
  ];
}
