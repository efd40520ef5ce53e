// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { readSources } from './ingest/read-sources.ts';
import { readGroup } from './series/assemble.ts';
import { chooseSeries, listSeries } from './series/choose-series.ts';
import { groupMails, type MailGroup } from './series/mail-groups.ts';
import type { Series } from './series/series.ts';

/** The series that the sources hold; where they hold several, the one with most versions, the others named. */
export async function readOneSeries(
  sources: readonly string[],
  pick: string | undefined,
): Promise<WithDiagnostics<Series | undefined>> {
  const messages = await readSources(sources);
  const grouped = groupMails(messages.value);
  const diagnostics = [...messages.diagnostics, ...grouped.diagnostics];
  const chosen = pick === undefined ? longest(grouped.value, sources) : chooseSeries(grouped.value, pick);
  if (chosen.value === undefined) {
    const error = pick === undefined && diagnostics.some(({ severity }) => severity === 'error');
    return {
      value: undefined,
      diagnostics: error ? diagnostics : [...chosen.diagnostics, ...diagnostics],
    };
  }
  const read = readGroup(chosen.value);
  return { value: read.value, diagnostics: [...diagnostics, ...read.diagnostics, ...chosen.diagnostics] };
}

/** The series with most versions. That there are others is said. */
function longest(
  all: readonly MailGroup[],
  sources: readonly string[],
): WithDiagnostics<MailGroup | undefined> {
  const withPatches = all.filter(({ postings }) => postings.some(({ patches }) => patches.length > 0));
  const [group, ...others] = withPatches.toSorted((a, b) => b.postings.length - a.postings.length);
  const says = (diagnostic: Diagnostic): WithDiagnostics<MailGroup | undefined> => ({
    value: group,
    diagnostics: [diagnostic],
  });
  if (group === undefined) {
    const message = `no patch is found in ${sources.map((source) => `\`${source}\``).join(', ')}`;
    return says({ code: 'review/no-patches', severity: 'error', message });
  }
  if (others.length === 0) return { value: group, diagnostics: [] };
  return says({
    code: 'review/several-series',
    severity: 'error',
    message: `only \`${group.title}\` is reviewed: the sources hold ${listSeries(all)}`,
    hint: 'name another with --pick, by its number, an id or a part of its title',
  });
}
