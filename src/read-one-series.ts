// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from './base/diagnostic.ts';
import { readSources } from './ingest/read-sources.ts';
import { assembleSeries } from './series/assemble.ts';
import { chooseSeries, listSeries } from './series/choose-series.ts';
import type { Series } from './series/series.ts';

/** The series that the sources hold; where they hold several, the one with most versions, the others named. */
export async function readOneSeries(
  sources: readonly string[],
  pick: string | undefined,
): Promise<WithDiagnostics<Series | undefined>> {
  const messages = await readSources(sources);
  const assembled = assembleSeries(messages.value);
  const diagnostics = [...messages.diagnostics, ...assembled.diagnostics];
  if (pick !== undefined) {
    const picked = chooseSeries(assembled.value, pick);
    return { value: picked.value, diagnostics: [...picked.diagnostics, ...diagnostics] };
  }
  const withPatches = assembled.value.filter(({ versions }) =>
    versions.some(({ patches }) => patches.length > 0),
  );
  const [series, ...others] = withPatches.toSorted((a, b) => b.versions.length - a.versions.length);
  if (series === undefined) {
    const error = diagnostics.find(({ severity }) => severity === 'error');
    const message = `no patch is found in ${sources.map((source) => `\`${source}\``).join(', ')}`;
    const nothing: Diagnostic = { code: 'review/no-patches', severity: 'error', message };
    return { value: undefined, diagnostics: error === undefined ? [nothing, ...diagnostics] : diagnostics };
  }
  if (others.length > 0) {
    diagnostics.push({
      code: 'review/several-series',
      severity: 'error',
      message: `only \`${series.title}\` is reviewed: the sources hold ${listSeries(assembled.value)}`,
      hint: 'name another with --pick, by its number, an id or a part of its title',
    });
  }
  return { value: series, diagnostics };
}
