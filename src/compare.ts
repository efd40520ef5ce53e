// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import type { SourceTree } from './ingest/source-tree.ts';
import { openBaseTree, statedTree } from './base-tree.ts';
import { readSeries } from './read-series.ts';
import { chooseVersion } from './series/choose-series.ts';
import { compareVersions } from './series/compare-versions.ts';
import { buildPrefixTrees, withFunctionsFromTree } from './series/prefix-trees.ts';
import type { Series, SeriesVersion } from './series/series.ts';
import type { VersionDiff } from './series/version-diff.ts';

export interface CompareRequest {
  /** Versions of the series that `sources` hold; or, without sources, two sources of one version each. */
  readonly from: string;
  readonly to: string;
  readonly sources: readonly string[];
  /** The series, where the sources were read before. */
  readonly series?: Series | undefined;
  /** Which series, where the sources hold several. */
  readonly pick: string | undefined;
  /** `DIR`, `DIR@REV` or a base file; undefined for what the sources say themselves. */
  readonly tree: string | undefined;
}

/** Two versions, and the tree that both are for. */
interface Compared {
  readonly from: SeriesVersion;
  readonly to: SeriesVersion;
  readonly base: SourceTree | undefined;
}

/** Reads two versions and compares them. The value is undefined where there is nothing to compare; an error says why. */
export async function compare(request: CompareRequest): Promise<WithDiagnostics<VersionDiff | undefined>> {
  const read =
    request.series !== undefined
      ? await chooseFrom(request.series, request)
      : request.sources.length > 0
        ? await readOneSeries(request)
        : await readTwoSources(request);
  if (read.value === undefined) return { value: undefined, diagnostics: read.diagnostics };
  const compared = compareOn(read.value);
  return { value: compared.value, diagnostics: [...read.diagnostics, ...compared.diagnostics] };
}

/** Compares two versions: function by function where both can be built on `base`, else by their patches' own lines. */
export function compareOn({ from, to, base }: Compared): WithDiagnostics<VersionDiff> {
  const diagnostics: Diagnostic[] = [];
  const tip = (version: SeriesVersion): SourceTree | undefined => {
    const last = base === undefined ? undefined : buildPrefixTrees(base, version).value.at(-1);
    return last?.patch === version.total ? last.tree : undefined;
  };
  const [before, after] = [tip(from), tip(to)];
  if (base !== undefined && (before === undefined || after === undefined)) {
    const which = [...(before === undefined ? [from] : []), ...(after === undefined ? [to] : [])];
    const message = `${which.map(({ label }) => label).join(' and ')} cannot be built on \`${base.title}\`, so only the patches' own lines are compared`;
    diagnostics.push({ code: 'series/compared-by-hunks', severity: 'warning', message });
  }
  const value = compareVersions({ version: from, tree: before }, { version: to, tree: after }, base);
  return { value, diagnostics };
}

async function readOneSeries(request: CompareRequest): Promise<WithDiagnostics<Compared | undefined>> {
  const { value, diagnostics } = await readSeries(request.sources, request.tree, request.pick);
  // Where nothing could be read, or no series is the one that is picked, the reason says more.
  if (value.series.length === 0) return { value: undefined, diagnostics };
  const chosen = oneOf(value.series, request);
  if (chosen.value === undefined)
    return { value: undefined, diagnostics: [...chosen.diagnostics, ...diagnostics] };
  return versionsOf(chosen.value, request, value.tree, diagnostics);
}

/** The two versions of a series that was read before; its tree is opened as reading would have done it. */
async function chooseFrom(
  series: Series,
  request: CompareRequest,
): Promise<WithDiagnostics<Compared | undefined>> {
  const name = request.tree ?? statedTree(request.sources, [series]);
  if (name === undefined) return versionsOf(series, request, undefined, []);
  const { value: tree, diagnostics } = await openBaseTree(name);
  if (tree === undefined) return versionsOf(series, request, undefined, diagnostics);
  return versionsOf(withFunctionsFromTree(series, tree).value, request, tree, diagnostics);
}

function versionsOf(
  series: Series,
  request: CompareRequest,
  base: SourceTree | undefined,
  diagnostics: readonly Diagnostic[],
): WithDiagnostics<Compared | undefined> {
  const from = chooseVersion(series, request.from);
  const to = chooseVersion(series, request.to);
  if (from.value === undefined || to.value === undefined) {
    return { value: undefined, diagnostics: [...from.diagnostics, ...to.diagnostics, ...diagnostics] };
  }
  return { value: { from: from.value, to: to.value, base }, diagnostics };
}

/** The series that is asked for; else the one that has both versions, if there is only one. */
function oneOf(
  all: readonly Series[],
  { pick, from, to }: CompareRequest,
): WithDiagnostics<Series | undefined> {
  if (pick !== undefined) return { value: all[0], diagnostics: [] };
  const fitting = all.filter((each) =>
    [from, to].every((label) => chooseVersion(each, label).value !== undefined),
  );
  const [only] = fitting.length > 0 ? fitting : all;
  if (only !== undefined && fitting.length <= 1) return { value: only, diagnostics: [] };
  const titles = fitting
    .slice(0, 10)
    .map(({ title }) => `${all.findIndex((each) => each.title === title) + 1} \`${title}\``);
  const message =
    fitting.length === 0
      ? 'no patch series is found in the sources'
      : `${fitting.length} series have both ${from} and ${to}: ${titles.join(', ')}; choose one with --pick`;
  return { value: undefined, diagnostics: [{ code: 'series/several', severity: 'error', message }] };
}

/** Two folders, files or ranges, as `git range-diff` takes them: the last version that each holds. */
async function readTwoSources(request: CompareRequest): Promise<WithDiagnostics<Compared | undefined>> {
  const reads = [
    await readSeries([request.from], request.tree),
    await readSeries([request.to], request.tree),
  ];
  const diagnostics = reads.flatMap((read) => read.diagnostics);
  const [from, to] = reads.map(({ value }, index): SeriesVersion | undefined => {
    const version = value.series
      .flatMap(({ versions }) => versions)
      .findLast(({ patches }) => patches.length > 0);
    return version === undefined ? undefined : { ...version, label: index === 0 ? request.from : request.to };
  });
  if (from === undefined || to === undefined) {
    const error = diagnostics.find(({ severity }) => severity === 'error');
    const message = `no patch is found in \`${from === undefined ? request.from : request.to}\``;
    return {
      value: undefined,
      diagnostics:
        error === undefined ? [{ code: 'review/no-patches', severity: 'error', message }] : [error],
    };
  }
  return { value: { from, to, base: reads[1]?.value.tree ?? reads[0]?.value.tree }, diagnostics };
}
