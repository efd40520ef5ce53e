// SPDX-License-Identifier: GPL-2.0-only

import { groupedBy } from '../../../base/grouped.ts';
import type { Finding, MatrixCell, Review, Verdict } from '../../../report/review-schema.ts';
import {
  padded,
  span,
  textWidth,
  wrapped,
  type Line,
  type Span,
  type Style,
} from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Known } from '../known.ts';
import { reviewOn } from '../order.ts';
import type { About, Look, Page, Row, View } from '../page.ts';
import { aboutFinding } from './finding-row.ts';

const MARKS: Readonly<Record<Verdict, { readonly mark: string; readonly style: Style }>> = {
  holds: { mark: 'ok', style: 'good' },
  violated: { mark: '✗', style: 'bad' },
  'not-reached': { mark: '– not reached', style: 'unknown' },
  'not-modelled': { mark: '? not modelled', style: 'unknown' },
};

/** One promise: what became of it after each patch of each version, on each machine. */
export function promisePage(
  { invariant, label }: { readonly invariant: string; readonly label: string },
  known: Known,
  { width, machine }: Look,
): Page {
  const page = { title: invariant, mode: 'list', about: { label } } as const;
  const promised = known.review?.invariants.find(({ id }) => id === invariant);
  if (known.review === undefined || promised === undefined) {
    return { ...page, head: [], rows: [{ line: [span('nothing has been run yet', 'dim')] }], columns: 1 };
  }
  const review = reviewOn(known.review, machine);
  const machines = review.machines
    .map(({ name }) => name)
    .filter((name) => machine === undefined || name === machine);
  const states = statesOf(review, invariant);
  const nameWidth = Math.max(...states.map(({ name }) => textWidth(name)), 'after'.length) + 2;
  const cellWidths = machines.map((name) =>
    Math.max(
      textWidth(name),
      ...states.map(({ cells }) => textWidth(cellOf(cells.find((cell) => cell.machine === name)).text)),
    ),
  );
  const line = (name: Span, texts: readonly Span[], selected?: number): Line => [
    span(padded(name.text, nameWidth - 1), name.style),
    ...texts.flatMap((text, at): Span[] => [
      span(at === selected ? '[' : ' '),
      text,
      span((at === selected ? ']' : '').padEnd(cellWidths[at]! - textWidth(text.text) + 1)),
    ]),
  ];
  const rows = states.map(({ label: own, patch, name, subject, cells }): Row => {
    const texts = machines.map((each) => cellOf(cells.find((cell) => cell.machine === each)));
    const tail = span(` ${terminalText(subject ?? '')}`, 'dim');
    const targets = machines.map((each) => target(review, invariant, own, patch, each));
    return {
      line: [...line(span(name), texts), tail],
      lineAt: (column) => [...line(span(name), texts, column), tail],
      opens: targets.map(({ view }) => view),
      about: targets.map(({ about }) => about),
      key: name,
    };
  });
  return {
    ...page,
    head: [
      ...wrapped(promised.promise, Math.min(width, 100)).map((text): Line => [span(text)]),
      [],
      line(
        span('after', 'heading'),
        machines.map((name) => span(name, 'heading')),
      ),
    ],
    rows,
    columns: machines.length,
    start: startAt(states, label),
  };
}

interface PromiseState {
  readonly label: string;
  readonly patch: number;
  readonly name: string;
  readonly subject: string | undefined;
  readonly cells: readonly MatrixCell[];
}

/** Every state that was run, in order of versions and patches. */
function statesOf({ matrix, series }: Review, invariant: string): PromiseState[] {
  const own = matrix.filter((cell) => cell.invariant === invariant);
  return [...groupedBy(own, ({ label, patch }) => `${label} ${patch}`).values()].map((cells) => {
    const { label, patch } = cells[0]!;
    const version = series?.versions.find((each) => each.label === label);
    const name = version === undefined ? label : `${label} ${patch}/${version.total}`;
    const subject = version?.patches.find((each) => each.patch === patch)?.subject;
    return { label, patch, name, subject, cells };
  });
}

function cellOf(cell: MatrixCell | undefined): Span {
  if (cell === undefined) return span('…', 'dim');
  const { verdict, violated, exercised } = cell;
  const { mark, style } = MARKS[verdict];
  if (verdict === 'violated') return span(`${mark} ${violated} of ${exercised}`, style);
  return span(verdict === 'holds' ? `${mark} ${exercised}` : mark, style);
}

/** The finding that broke it there: the patch's own, else an older one that is still in the version; else the patch. */
function target(
  { findings }: Review,
  invariant: string,
  label: string,
  patch: number,
  machine: string,
): { readonly view: View; readonly about: About } {
  const concerned = findings.filter(
    (finding) =>
      finding.label === label &&
      finding.patch <= patch &&
      (finding.repairedBy === undefined || finding.repairedBy > patch) &&
      finding.machines.includes(machine) &&
      (finding.invariant === invariant || finding.breaks?.includes(invariant) === true),
  );
  const finding = concerned.findLast((each: Finding) => each.patch === patch) ?? concerned.at(-1);
  if (finding !== undefined) {
    return { view: { kind: 'explanation', id: finding.id }, about: aboutFinding(finding) };
  }
  const about = { label, patch, machine };
  return { view: label === 'base' ? { kind: 'findings' } : { kind: 'patch', label, patch }, about };
}

/** The first state of the version that breaks it, else the version's last. */
function startAt(states: readonly PromiseState[], label: string): number {
  const broken = states.findIndex(
    (state) => state.label === label && state.cells.some(({ verdict }) => verdict === 'violated'),
  );
  return Math.max(0, broken === -1 ? states.findLastIndex((state) => state.label === label) : broken);
}
