// SPDX-License-Identifier: GPL-2.0-only

import { join } from 'node:path';
import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { openBaseTree, otherBases, statedTree } from './base-tree.ts';
import type { SourceTree } from './ingest/source-tree.ts';
import { machines } from './model/machines/machine-list.ts';
import { readOneSeries } from './read-one-series.ts';
import { hasVmalloc } from './review-split.ts';
import { sourceFiles, USUAL_FILE } from './run/source.ts';
import { buildPrefixTrees, type PrefixTree } from './series/prefix-trees.ts';
import type { Series, SeriesVersion } from './series/series.ts';

export interface InputRequest {
  /** The series, where the sources were read before; `pick` then says how they are told from others in them. */
  readonly series?: Series | undefined;
  /** What was said when they were. */
  readonly said?: readonly Diagnostic[] | undefined;
  /** Folders, files, git ranges or `-`; none to review the tree by itself. */
  readonly sources: readonly string[];
  /** `DIR`, `DIR@REV` or a base file; undefined for what the sources say themselves. */
  readonly tree: string | undefined;
  /** Version numbers or labels; undefined for all. */
  readonly versions: readonly string[] | undefined;
  /** Which series, where the sources hold several: its number, an id, or a part of its title. */
  readonly pick?: string | undefined;
}

/** What is to be run: a tree, and the versions of a series with the tree after each of their patches. */
export interface ReviewInput {
  readonly base: SourceTree;
  /** As `--tree` takes it. */
  readonly tree: string;
  readonly sources: readonly string[];
  readonly pick: string | undefined;
  readonly series: Series | undefined;
  /** The versions asked for, oldest first. */
  readonly versions: readonly BuiltVersion[];
}

export interface BuiltVersion {
  readonly version: SeriesVersion;
  /** In order of patches; ends before the first that is missing or does not apply. */
  readonly prefixes: readonly PrefixTree[];
}

/** Reads sources and tree. The value is undefined where nothing can be run; an error then says why, first. */
export async function readReviewInput(
  request: InputRequest,
): Promise<WithDiagnostics<ReviewInput | undefined>> {
  const { sources } = request;
  const diagnostics: Diagnostic[] = [...(request.said ?? [])];
  const refuse = (...why: readonly Diagnostic[]): WithDiagnostics<undefined> => ({
    value: undefined,
    diagnostics: [...why, ...diagnostics],
  });
  let { series } = request;
  if (series === undefined && sources.length > 0) {
    const read = await readOneSeries(sources, request.pick);
    if (read.value === undefined) return refuse(...read.diagnostics);
    diagnostics.push(...read.diagnostics);
    series = read.value;
  }
  const stated = request.tree ?? statedTree(sources, series === undefined ? [] : [series]);
  const tree = stated ?? '.';
  const opened = await openBase(tree, stated === undefined);
  if (opened.value === undefined) return refuse(...opened.diagnostics);
  diagnostics.push(...opened.diagnostics);
  const base = opened.value;
  const chosen = chooseVersions(series, request.versions);
  if (chosen.value === undefined) return refuse(...chosen.diagnostics);
  if (series !== undefined) diagnostics.push(...otherBases({ ...series, versions: chosen.value }, tree));
  const versions = chosen.value.map((version): BuiltVersion => {
    const built = buildPrefixTrees(base, version);
    const kept = whileFileIsThere(base, version, built.value);
    diagnostics.push(...built.diagnostics, ...kept.diagnostics);
    return { version, prefixes: kept.value };
  });
  if (series !== undefined && versions.every(({ prefixes }) => prefixes.length === 0)) {
    return refuse(nothingApplies(series, tree, diagnostics));
  }
  const { pick } = request;
  return { value: { base, tree, sources, pick, series, versions }, diagnostics };
}

/** The prefixes up to the patch that moves or deletes the usual file: behind it the model would stand in for all of it. */
function whileFileIsThere(
  base: SourceTree,
  { label }: SeriesVersion,
  prefixes: BuiltVersion['prefixes'],
): WithDiagnostics<BuiltVersion['prefixes']> {
  const at = prefixes.findIndex(({ tree }) => !hasVmallocSomewhere(tree));
  if (at === -1 || !hasVmallocSomewhere(base)) return { value: prefixes, diagnostics: [] };
  const message = `${label} patch ${prefixes[at]!.patch} takes \`${USUAL_FILE}\` away, which is what is run: nothing from there on is`;
  return {
    value: prefixes.slice(0, at),
    diagnostics: [{ code: 'review/file-gone', severity: 'error', message }],
  };
}

function hasVmallocSomewhere(tree: SourceTree): boolean {
  return machines.some((machine) => hasVmalloc(tree, machine));
}

async function openBase(tree: string, byDefault: boolean): Promise<WithDiagnostics<SourceTree | undefined>> {
  const opened = await openBaseTree(tree);
  const { value } = opened;
  if (value === undefined || hasFileToRun(value)) return opened;
  const message = `\`${tree}\` is no kernel tree that can be run: it has no ${USUAL_FILE}`;
  const hint = byDefault ? 'name the tree that the series applies to with --tree DIR[@REV]' : undefined;
  return {
    value: undefined,
    diagnostics: [
      {
        code: 'review/tree-without-vmalloc',
        severity: 'error',
        message: hint === undefined ? message : `${message}; ${hint}`,
        where: { file: join(tree, USUAL_FILE) },
      },
    ],
  };
}

function hasFileToRun(tree: SourceTree): boolean {
  return (
    hasVmallocSomewhere(tree) ||
    machines.some((machine) => sourceFiles(machine).some((path) => tree.read(path) !== undefined))
  );
}

function chooseVersions(
  series: Series | undefined,
  wanted: readonly string[] | undefined,
): WithDiagnostics<readonly SeriesVersion[] | undefined> {
  if (series === undefined) return { value: [], diagnostics: [] };
  const runnable = series.versions.filter(({ patches }) => patches.length > 0);
  if (wanted === undefined) return { value: runnable, diagnostics: [] };
  const matches = (version: SeriesVersion, text: string): boolean =>
    version.label === text || String(version.version) === text.replace(/^v/, '');
  const unknown = wanted.filter((text) => !runnable.some((version) => matches(version, text)));
  if (unknown.length > 0) {
    const labels = runnable.map(({ label }) => label).join(', ');
    const message = `the series has no version ${unknown.map((text) => `\`${text}\``).join(', ')}; it has ${labels}`;
    return { value: undefined, diagnostics: [{ code: 'review/no-version', severity: 'error', message }] };
  }
  return {
    value: runnable.filter((version) => wanted.some((text) => matches(version, text))),
    diagnostics: [],
  };
}

/** One sentence for a series that belongs elsewhere; the details stand behind it. */
function nothingApplies(series: Series, tree: string, diagnostics: readonly Diagnostic[]): Diagnostic {
  const first = diagnostics.find(
    ({ code, severity }) => severity === 'error' && code !== 'review/several-series',
  );
  const why = first === undefined ? '' : `: ${first.message}`;
  return {
    code: 'review/nothing-applies',
    severity: 'error',
    message: `no patch of \`${series.title}\` can be applied to \`${tree}\`${why}`,
    where: first?.where,
  };
}
