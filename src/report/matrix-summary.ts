// SPDX-License-Identifier: GPL-2.0-only

import { groupedBy } from '../base/grouped.ts';
import type { Finding, MatrixCell, Review, Verdict } from './review-schema.ts';

/** The matrix as people read it: a row an invariant, a column a version, machines and patches taken together. */
export interface MatrixSummary {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
}

export interface MatrixColumn {
  readonly label: string;
  /** 0 is the tree before the series. */
  readonly version: number;
  /** How many patches the version should have. */
  readonly total: number;
  /** How many of them could be run. */
  readonly run: number;
}

export interface MatrixRow {
  readonly invariant: string;
  readonly severity: Finding['severity'];
  readonly cells: readonly SummaryCell[];
  /** How often the promise was put to the test at the end of the last column. */
  readonly exercised: number;
}

export interface SummaryCell {
  /** Of the last patch that was run; `not-run` where nothing was. */
  readonly verdict: Verdict | 'not-run';
  /** Every prefix, 1 and up, with its verdict over all machines. */
  readonly patches: readonly { readonly patch: number; readonly verdict: Verdict }[];
  /** What the series has to answer for, in order of patches. */
  readonly breaks: readonly { readonly patch: number; readonly repairedBy?: number }[];
  /** Broken, and no worse than in the tree before the series. */
  readonly asInBase: boolean;
}

const GRAVITY: readonly Verdict[] = ['not-reached', 'holds', 'not-modelled', 'violated'];

/** The verdict that matters most; a promise kept on one machine and not reached on the other is kept. */
function gravestVerdict(verdicts: Iterable<Verdict>): Verdict {
  let gravest: Verdict = 'not-reached';
  for (const verdict of verdicts) {
    if (GRAVITY.indexOf(verdict) > GRAVITY.indexOf(gravest)) gravest = verdict;
  }
  return gravest;
}

export function summarizeMatrix(review: Review): MatrixSummary {
  const cells = groupedBy(review.matrix, (cell) => `${cell.label} ${cell.invariant}`);
  const columns: MatrixColumn[] = [
    { label: 'base', version: 0, total: 0, run: 0 },
    ...(review.series?.versions ?? []).map(({ label, version, total, patches }) => {
      const run = patches.filter(({ applied }) => applied).length;
      return { label, version, total, run };
    }),
  ];
  // A promise that no patch of the series makes has no row.
  const judged = new Set(review.matrix.map(({ invariant }) => invariant));
  const rows = review.invariants.flatMap((invariant): MatrixRow[] => {
    if (!judged.has(invariant.id)) return [];
    const row = columns.map(({ label }) =>
      summarizeCell(cells.get(`${label} ${invariant.id}`) ?? [], breaksOf(review, label, invariant.id)),
    );
    const last = columns.findLast(({ label }) => cells.has(`${label} ${invariant.id}`));
    const atTip = last === undefined ? [] : tipCells(cells.get(`${last.label} ${invariant.id}`) ?? []);
    const exercised = atTip.reduce((sum, cell) => sum + cell.exercised, 0);
    return [{ invariant: invariant.id, severity: invariant.severity, cells: row, exercised }];
  });
  return { columns, rows };
}

function breaksOf(review: Review, label: string, invariant: string): SummaryCell['breaks'] {
  const seen = new Set<string>();
  const breaks: { patch: number; repairedBy?: number }[] = [];
  for (const finding of review.findings) {
    if (finding.label !== label || !concerns(finding, invariant) || !countsAgainstSeries(finding)) continue;
    const { patch, repairedBy } = finding;
    const key = `${patch} ${repairedBy ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    breaks.push(repairedBy === undefined ? { patch } : { patch, repairedBy });
  }
  return breaks.toSorted((a, b) => a.patch - b.patch);
}

/** What is broken in the middle of a series stands in the row of `bisect` and in that of the promise. */
function concerns({ invariant, breaks }: Finding, row: string): boolean {
  return invariant === row || breaks?.includes(row) === true;
}

/** Whether a finding is the series' own doing: what the tree had before is not, unless a later version mends it. */
export function countsAgainstSeries(finding: Finding): boolean {
  return finding.status !== 'pre-existing' && finding.version !== 0;
}

function summarizeCell(cells: readonly MatrixCell[], breaks: SummaryCell['breaks']): SummaryCell {
  const byPatch = [...groupedBy(cells, ({ patch }) => patch)].toSorted(([a], [b]) => a - b);
  const patches = byPatch.map(([patch, among]) => ({
    patch,
    verdict: gravestVerdict(among.map(({ verdict }) => verdict)),
  }));
  const verdict = patches.at(-1)?.verdict ?? 'not-run';
  const inSeries = patches.some(({ patch }) => patch > 0);
  return { verdict, patches, breaks, asInBase: inSeries && verdict === 'violated' && breaks.length === 0 };
}

function tipCells(cells: readonly MatrixCell[]): readonly MatrixCell[] {
  const tip = Math.max(...cells.map(({ patch }) => patch));
  return cells.filter(({ patch }) => patch === tip);
}
