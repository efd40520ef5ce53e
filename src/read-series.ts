// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { readSources } from './ingest/read-sources.ts';
import { openBaseTree, otherBases, statedTree } from './base-tree.ts';
import { parseTreeSpec, type SourceTree } from './ingest/source-tree.ts';
import { readGroup } from './series/assemble.ts';
import { chooseSeries } from './series/choose-series.ts';
import { groupMails, type MailCounts } from './series/mail-groups.ts';
import { withFunctionsFromTree } from './series/prefix-trees.ts';
import type { Series } from './series/series.ts';

/** What is read before anything runs: the series, and the tree that they are for. */
export interface SeriesInput {
  readonly series: readonly Series[];
  readonly mails: MailCounts;
  /** Undefined if none was named, or it cannot be opened. */
  readonly tree: SourceTree | undefined;
}

/**
 * Reads sources into series. With a tree (`DIR`, `DIR@REV`, or what the sources say themselves), what each patch does to
 * functions is computed from the files before and after it, and a range such as `base..tip` is looked up there; without,
 * the hunks must do. `pick` names the one series that is read, as `--pick` takes it; an error, the first, says if none is it.
 */
export async function readSeries(
  sources: readonly string[],
  treeName: string | undefined,
  pick?: string,
): Promise<WithDiagnostics<SeriesInput>> {
  const diagnostics: Diagnostic[] = [];
  const keep = <T>({ value, diagnostics: more }: WithDiagnostics<T>): T => {
    diagnostics.push(...more);
    return value;
  };
  const repository = treeName === undefined ? undefined : parseTreeSpec(treeName).directory;
  const messages = keep(await readSources(sources, { repository }));
  const grouped = groupMails(messages);
  diagnostics.push(...grouped.diagnostics);
  const picked =
    pick === undefined || grouped.value.length === 0 ? undefined : chooseSeries(grouped.value, pick);
  if (picked !== undefined) diagnostics.unshift(...picked.diagnostics);
  const groups = picked === undefined ? grouped.value : [picked.value].flatMap((group) => group ?? []);
  const assembled = groups.map((group) => keep(readGroup(group)));
  const found = treeName ?? statedTree(sources, assembled);
  const tree = found === undefined ? undefined : keep(await openBaseTree(found));
  if (treeName !== undefined) diagnostics.push(...assembled.flatMap((one) => otherBases(one, treeName)));
  if (assembled.length === 0 && !diagnostics.some(({ severity }) => severity === 'error')) {
    const message = `no patch series is found in ${sources.map((source) => `\`${source}\``).join(', ')}`;
    diagnostics.push({ code: 'series/none', severity: 'error', message });
  }
  const series =
    tree === undefined ? assembled : assembled.map((one) => keep(withFunctionsFromTree(one, tree)));
  return { value: { series, mails: grouped.mails, tree }, diagnostics };
}
