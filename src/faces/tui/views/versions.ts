// SPDX-License-Identifier: GPL-2.0-only

import { countsAgainstSeries } from '../../../report/matrix-summary.ts';
import type { Finding } from '../../../report/review-schema.ts';
import { padded, span, textWidth, wrapped } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { FunctionChange, SeriesVersion } from '../posted.ts';
import type { Known } from '../known.ts';
import { gravestDefects } from '../order.ts';
import type { Look, Page, Row } from '../page.ts';
import { findingRows } from './finding-row.ts';

/** Two versions of a series: what was found in one and not in the other, what the author says, and the functions changed. */
export function versionsPage(
  { from, to }: { readonly from: string; readonly to: string },
  known: Known,
  { width }: Look,
): Page {
  const older = known.series?.versions.find(({ label }) => label === from);
  const newer = known.series?.versions.find(({ label }) => label === to);
  const page = {
    title: `${from} against ${to}`,
    head: [],
    mode: 'text',
    columns: 1,
    about: { label: to },
  } as const;
  if (older === undefined || newer === undefined) {
    return { ...page, rows: [{ line: [span('the series has no two such versions', 'bad')] }] };
  }
  const sections = [
    ...behaviourSections(older, newer, known, width),
    titled(`What ${to} says of itself`, changelogRows(newer, width)),
    titled('Functions', functionRows(older, newer)),
  ];
  const rows = sections.filter((section) => section.length > 0);
  return {
    ...page,
    rows: rows.flatMap((section, index) => (index === 0 ? section : [{ line: [] }, ...section])),
  };
}

function titled(title: string, rows: readonly Row[]): Row[] {
  return rows.length === 0 ? [] : [{ line: [span(title, 'heading')], stop: true }, ...rows];
}

/** Findings that one of the two has and the other has not. */
function behaviourSections(
  older: SeriesVersion,
  newer: SeriesVersion,
  { review, pending }: Known,
  width: number,
): Row[][] {
  const unknown = [older, newer].map(({ label }) => label).filter((label) => pending.includes(label));
  if (review === undefined || unknown.length > 0) {
    const what =
      review === undefined ? 'nothing has been run yet' : `${unknown.join(' and ')} not run to the end yet`;
    return [[{ line: [span(what, 'warn')] }]];
  }
  const own = (label: string): Finding[] =>
    review.findings.filter((finding) => finding.label === label && countsAgainstSeries(finding));
  const without = (findings: readonly Finding[], others: readonly Finding[]): Row[] => {
    const left = findings.filter(({ defect }) => !others.some((other) => other.defect === defect));
    const defects = gravestDefects(left.map((finding) => ({ finding, elsewhere: [] })));
    return findingRows(defects, review, width, true);
  };
  const [before, after] = [own(older.label), own(newer.label)];
  const kept = after.filter(({ defect }) => before.some((other) => other.defect === defect));
  return [
    titled(`New in ${newer.label}`, without(after, before)),
    titled(`Gone in ${newer.label}`, without(before, after)),
    titled(
      `Still in ${newer.label}`,
      findingRows(gravestDefects(kept.map((finding) => ({ finding, elsewhere: [] }))), review, width, true),
    ),
  ];
}

function changelogRows({ version, cover, patches }: SeriesVersion, width: number): Row[] {
  const entries = [cover?.changelog ?? [], ...patches.map(({ changelog }) => changelog)].flat();
  return entries
    .filter(({ to }) => to === version)
    .flatMap(({ text }) =>
      wrapped(terminalText(text), Math.min(width, 100) - 4).map((line, index) => ({
        line: [span(`${index === 0 ? '  - ' : '    '}${line}`)],
      })),
    );
}

/** By function, which patches of either version change it. */
function functionRows(older: SeriesVersion, newer: SeriesVersion): Row[] {
  const names = [...new Set([older, newer].flatMap(changesOf).map(({ name }) => name))];
  const width = Math.max(0, ...names.map((name) => textWidth(terminalText(name)))) + 4;
  return names.map((name): Row => {
    const patches = [older, newer].map((version) => ({ version, patches: patchesThatChange(version, name) }));
    const text = patches.map(({ version, patches: own }) =>
      own.length === 0 ? `not in ${version.label}` : `${version.label} patch ${own.join(', ')}`,
    );
    const target = patches.findLast(({ patches: own }) => own.length > 0)!;
    const at = { label: target.version.label, patch: target.patches[0]! };
    return {
      line: [span(padded(`  ${terminalText(name)}`, width), 'strong'), span(text.join('; '))],
      opens: { kind: 'patch', ...at },
      about: { ...at, function: name },
    };
  });
}

function changesOf({ patches }: SeriesVersion): readonly FunctionChange[] {
  return patches.flatMap(({ functions }) => functions);
}

function patchesThatChange({ patches }: SeriesVersion, name: string): number[] {
  return patches
    .filter(({ functions }) => functions.some((change) => change.name === name))
    .map(({ index }) => index);
}
