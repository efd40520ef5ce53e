// SPDX-License-Identifier: GPL-2.0-only

import { statedTree } from './base-tree.ts';
import { explain } from './explain.ts';
import { isFileRun } from './files-run.ts';
import { changeSummaries } from './report/changes-text.ts';
import type { ComparedClaim } from './report/costs.ts';
import type { DigestClaim, DigestRun, DigestSkipped } from './report/digest-schema.ts';
import { hookFindings } from './report/hook-text.ts';
import { cellText } from './report/matrix-text.ts';
import { summarizeMatrix } from './report/matrix-summary.ts';
import type { Review } from './report/review-schema.ts';
import { unknownsOf } from './report/unknowns.ts';
import { review, type ReviewRequest, type RunJobs } from './review.ts';
import { seriesCosts } from './series-costs.ts';
import { latestVersion } from './series/review-state.ts';
import type { Series } from './series/series.ts';

export interface RunRequest {
  readonly sources: readonly string[];
  readonly tree: string | undefined;
  readonly machines: readonly string[] | undefined;
  readonly scenarios: number | undefined;
  readonly seed: number;
}

/** What runs the jobs, and says when no more may be begun. */
export interface RunBounds {
  readonly runJobs: RunJobs;
  isTimeUp(): boolean;
}

/** What running a series showed, and its claims beside what was measured. */
export interface RanSeries {
  readonly run: DigestRun | DigestSkipped;
  readonly claims: readonly DigestClaim[];
}

/** The latest version and the one before: what changed in between is what a digest tells. */
const VERSIONS = 2;

/** Jobs between two looks at the clock. */
const AT_A_TIME = 8;

/** Most sentences about what was not run. */
const MOST_NOT_RUN = 8;

const NO_TIME = 'the time was up before its turn';

/** Thrown between jobs to leave a review, and caught here. */
class TimeIsUp extends Error {}

/** Runs the latest versions of a series where it touches what is modelled and a tree is known, within the time left. */
export async function runForDigest(
  series: Series,
  request: RunRequest,
  bounds: RunBounds,
): Promise<RanSeries> {
  const latest = latestVersion(series);
  const left = (kind: DigestSkipped['kind'], skipped: string): RanSeries => ({
    run: { skipped, kind },
    claims: uncheckedClaims(series, 'the series was not run'),
  });
  if (latest.patches.length === 0) return left('no-patch', 'no patch of it was read');
  const paths = latest.patches.flatMap(({ files }) =>
    files.flatMap(({ oldPath, newPath }) => [oldPath, newPath]),
  );
  if (!paths.some((path) => path !== undefined && isFileRun(path)))
    return left('not-modelled', 'it touches no file that is modelled');
  const tree = request.tree ?? statedTree(request.sources, [series]);
  if (tree === undefined) return left('no-tree', 'no tree was named (--tree)');
  if (bounds.isTimeUp()) return left('no-time', NO_TIME);
  const versions = series.versions.filter(({ patches }) => patches.length > 0).slice(-VERSIONS);
  const reviewed = await reviewWithin(
    {
      ...request,
      tree,
      series,
      pick: pickOf(series),
      versions: versions.map(({ label }) => label),
      fromTree: false,
    },
    bounds,
  );
  if (reviewed === undefined) return left('no-time', NO_TIME);
  if ('failure' in reviewed) return left('cannot-be-run', reviewed.failure);
  const unbuilt = unbuiltLatest(reviewed.review);
  if (unbuilt !== undefined) return left('cannot-be-run', unbuilt);
  const drawing = bounds.isTimeUp() ? undefined : await drawingFor(reviewed.review);
  const ran: DigestRun = { ...summaryOf(reviewed), ...(drawing === undefined ? {} : { drawing }) };
  return { run: ran, claims: await checkedClaims(series, { ...request, tree }, bounds) };
}

/** Names the series among several, as `--pick` takes it: command lines find it again with that. Commits have no id. */
function pickOf(series: Series): string {
  const latest = latestVersion(series);
  return latest.cover?.messageId ?? latest.patches[0]?.messageId ?? series.title;
}

/** Why no patch of the latest version was built, where the one before was: a review of that is no news. */
function unbuiltLatest({ series, diagnostics }: Review): string | undefined {
  const latest = series?.versions.at(-1);
  if (latest === undefined || latest.patches.some(({ applied }) => applied)) return undefined;
  const why = diagnostics.find(
    ({ severity, message }) => severity === 'error' && message.startsWith(`${latest.label} `),
  );
  return why?.message ?? `${latest.label} cannot be built`;
}

interface Reviewed {
  readonly review: Review;
  /** Labels of versions that were not run to their end. */
  readonly pending: readonly string[];
  readonly done: number;
  readonly total: number;
}

/** Undefined where the time was up before anything was run. */
async function reviewWithin(
  request: ReviewRequest,
  bounds: RunBounds,
): Promise<Reviewed | { readonly failure: string } | undefined> {
  let [done, total] = [0, 0];
  let snapshot: (() => { review: Review; pending: readonly string[] }) | undefined;
  try {
    const { value, diagnostics } = await review(request, boundedJobs(bounds), {
      onProgress(now, all, take) {
        [done, total, snapshot] = [now, all, take];
      },
    });
    if (value !== undefined) return { review: value, pending: [], done, total };
    return { failure: diagnostics[0]?.message ?? 'nothing could be run' };
  } catch (error) {
    if (!(error instanceof TimeIsUp)) throw error;
    const partial = snapshot?.();
    return partial === undefined ? undefined : { ...partial, done, total };
  }
}

/** Runs a few jobs at a time, and throws once no more may be begun. */
function boundedJobs({ runJobs, isTimeUp }: RunBounds): RunJobs {
  return async (jobs, onResult) => {
    const results: Awaited<ReturnType<RunJobs>>[number][] = [];
    for (let from = 0; from < jobs.length; from += AT_A_TIME) {
      if (isTimeUp()) throw new TimeIsUp();
      const part = jobs.slice(from, from + AT_A_TIME);
      results.push(...(await runJobs(part, (index, result) => onResult?.(from + index, result))));
    }
    return results;
  };
}

function summaryOf({ review: found, pending, done, total }: Reviewed): DigestRun {
  const { columns, rows } = summarizeMatrix(found);
  const latest = found.series?.versions.at(-1)?.label;
  const findings = hookFindings(found, false);
  const isWhole = found.series?.versions.at(-1)?.patches.every(({ applied }) => applied) === true;
  const before = found.findings.filter(
    ({ label, status }) => isWhole && label !== latest && status === 'fixed-later',
  );
  const unknowns = unknownsOf(found).filter(({ kind }) => kind !== 'not-reached');
  const notRun = [
    ...(done < total
      ? [`the time was up after ${done} of ${total} states; not run to the end: ${pending.join(', ')}`]
      : []),
    ...unknowns.slice(0, MOST_NOT_RUN).map(({ text }) => text),
    ...(unknowns.length > MOST_NOT_RUN ? [`and ${unknowns.length - MOST_NOT_RUN} more`] : []),
  ];
  return {
    complete: notRun.length === 0,
    tree: found.tree.title,
    machines: found.machines.map(({ name }) => name),
    states: { done, total },
    columns: columns.map(({ label }) => label),
    rows: rows
      .filter(({ cells }) => cells.some(({ verdict }) => verdict !== 'not-run'))
      .map(({ invariant, severity, cells }) => ({
        invariant,
        severity,
        cells: cells.map((cell) => ({
          verdict: cell.breaks.length > 0 ? 'violated' : cell.verdict,
          mark: cellText(cell).text,
        })),
      })),
    findings,
    changes: latest === undefined ? [] : changeSummaries(found, latest),
    fixed: new Set(before.map(({ defect }) => defect)).size,
    notRun,
  };
}

async function drawingFor(found: Review): Promise<string | undefined> {
  const [first] = hookFindings(found, false);
  if (first === undefined) return undefined;
  return (await explain(found, first.id)).value?.drawing;
}

/** The claims of the latest version, each with why it was not checked. */
function uncheckedClaims(series: Series, reason: string): DigestClaim[] {
  const { cover, patches } = latestVersion(series);
  return [{ index: 0, claims: cover?.claims ?? [] }, ...patches].flatMap(({ index, claims }) =>
    claims.map(({ text, factor, ratio }) => ({
      patch: index,
      text,
      claimed: factor ?? ratio ?? null,
      modelled: null,
      outcome: 'not-checked' as const,
      reason,
    })),
  );
}

async function checkedClaims(
  series: Series,
  request: RunRequest,
  bounds: RunBounds,
): Promise<readonly DigestClaim[]> {
  const unchecked = (reason: string): DigestClaim[] => uncheckedClaims(series, reason);
  if (unchecked('').length === 0) return [];
  if (bounds.isTimeUp()) return unchecked('the time was up');
  const { sources, tree } = request;
  const versions = [latestVersion(series).label];
  const asked = { sources, series, tree, versions, machine: undefined, weights: undefined };
  const { value, diagnostics } = await seriesCosts(asked);
  if (value === undefined) return unchecked(diagnostics[0]?.message ?? 'nothing could be measured');
  const compared = [...value.calls, ...value.threads].flatMap(
    ({ claims }): readonly ComparedClaim[] => claims,
  );
  return [
    ...compared.map(({ patch, text, claimed, modelled, agreement }): DigestClaim => {
      const known = { patch, text, claimed, modelled };
      if (agreement !== null) return { ...known, outcome: agreement };
      return { ...known, outcome: 'not-checked', reason: 'there is no modelled figure' };
    }),
    ...value.others.map(({ patch, text, claimed }): DigestClaim => ({
      patch,
      text,
      claimed,
      modelled: null,
      outcome: 'not-checked',
      reason: 'it is about something that is not run here',
    })),
  ];
}
