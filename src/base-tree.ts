// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { parseGitRange, resolveCommit } from './ingest/git-range.ts';
import { readSources } from './ingest/read-sources.ts';
import { findBaseFile, isBaseFile, readBaseFile } from './ingest/series-base.ts';
import { OverlayTree, openTree, parseTreeSpec, type SourceTree } from './ingest/source-tree.ts';
import { assembleSeries } from './series/assemble.ts';
import { buildPrefixTrees } from './series/prefix-trees.ts';
import type { Series } from './series/series.ts';

/**
 * The tree that sources apply to where nobody names one, as `--tree` takes it: where a range of commits begins; what a
 * folder of patches says in its file `base`; the commit that the last version names as its base, if the repository in
 * the current directory has it. Undefined where nothing tells.
 */
export function statedTree(sources: readonly string[], series: readonly Series[]): string | undefined {
  for (const source of sources) {
    const range = parseGitRange(source, '.');
    if (range !== undefined) return `${range.directory}@${range.base}`;
  }
  const file = findBaseFile(sources);
  if (file !== undefined) {
    const base = readBaseFile(file).value;
    // A tree with patches on it has no other name than the file that says so.
    return base === undefined || base.after !== undefined ? file : base.tree;
  }
  const commit = series.flatMap(({ versions }) => versions.at(-1)?.baseCommit ?? []).at(0);
  return commit !== undefined && resolveCommit('.', commit) !== undefined ? `.@${commit}` : undefined;
}

/** Opens what `--tree` names: `DIR`, `DIR@REV`, or a base file, whose patches are applied to its tree. */
export async function openBaseTree(name: string): Promise<WithDiagnostics<SourceTree | undefined>> {
  if (!isBaseFile(name)) return openTree(name);
  const { value: base, diagnostics } = readBaseFile(name);
  if (base === undefined) return { value: undefined, diagnostics };
  const opened = openTree(base.tree);
  if (opened.value === undefined || base.after === undefined) return opened;
  return treeAfter(name, opened.value, base.after);
}

/** Trees by the names that `--tree` takes, each opened once. */
export class OpenedTrees {
  readonly #opened = new Map<string, WithDiagnostics<SourceTree | undefined>>();

  async open(name: string): Promise<WithDiagnostics<SourceTree | undefined>> {
    const known = this.#opened.get(name) ?? (await openBaseTree(name));
    this.#opened.set(name, known);
    return known;
  }
}

/** The tree with all patches of the one version that a folder holds. */
async function treeAfter(
  name: string,
  tree: SourceTree,
  folder: string,
): Promise<WithDiagnostics<SourceTree | undefined>> {
  const messages = await readSources([folder]);
  const assembled = assembleSeries(messages.value);
  const diagnostics = [...messages.diagnostics, ...assembled.diagnostics];
  const version = assembled.value.flatMap(({ versions }) => versions).at(-1);
  const built = version === undefined ? undefined : buildPrefixTrees(tree, version);
  const whole = built?.value.at(-1);
  if (whole === undefined || whole.patch !== version?.total) {
    const message = `the patches in \`${folder}\`, which \`${name}\` starts from, cannot be applied to \`${tree.title}\``;
    const reasons = [...diagnostics, ...(built?.diagnostics ?? [])];
    return {
      value: undefined,
      diagnostics: [
        { code: 'review/no-base', severity: 'error', message, where: { file: name } },
        ...reasons,
      ],
    };
  }
  return { value: new OverlayTree(name, tree, whole.tree.changed), diagnostics };
}

/** Says where a version names another commit as its base than the one that it is applied to. */
export function otherBases(series: Series, treeName: string): Diagnostic[] {
  const { directory, revision } = parseTreeSpec(treeName);
  const applied = isBaseFile(treeName) ? undefined : resolveCommit(directory, revision ?? 'HEAD');
  return series.versions.flatMap(({ label, baseCommit, cover, patches }): Diagnostic[] => {
    if (baseCommit === undefined || applied?.startsWith(baseCommit) === true) return [];
    const known = applied === undefined ? undefined : resolveCommit(directory, baseCommit);
    const message =
      applied === undefined
        ? `${label} is for commit ${baseCommit}; \`${treeName}\` does not say what commit it is`
        : `${label} is for commit ${baseCommit}; \`${treeName}\` is at ${applied.slice(0, 12)}`;
    const hint =
      known !== undefined
        ? `use --tree ${directory}@${baseCommit}`
        : 'where its patches do not apply, or findings look odd, fetch that commit and name it with --tree DIR@REV';
    const where = (cover ?? patches[0])?.place;
    return [{ code: 'review/other-base', severity: 'warning', message, hint, where }];
  });
}
