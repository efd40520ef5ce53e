// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import { mailsOfGroup, type MailGroup } from './mail-groups.ts';
import type { Series, SeriesVersion } from './series.ts';

/** Most titles that a message lists. */
const LISTED = 10;

/**
 * The series that `wanted` names: its number in the order of `all` (1-based), its change-id, a message id of it, or a
 * part of its title that no other has.
 */
export function chooseSeries(
  all: readonly MailGroup[],
  wanted: string,
): WithDiagnostics<MailGroup | undefined> {
  const number = /^\d{1,6}$/.test(wanted) ? all[Number(wanted) - 1] : undefined;
  if (number !== undefined) return { value: number, diagnostics: [] };
  const id = wanted.replace(/^<|>$/g, '');
  const found = all.find((group) => group.changeId === id || hasMail(group, id)) ?? byTitle(all, wanted);
  if (found !== undefined) return { value: found, diagnostics: [] };
  const message = `no one series is \`${wanted}\`; the sources hold ${listSeries(all)}`;
  return { value: undefined, diagnostics: [{ code: 'series/no-such-series', severity: 'error', message }] };
}

function byTitle(all: readonly MailGroup[], wanted: string): MailGroup | undefined {
  const text = wanted.toLowerCase();
  const found = all.filter(({ title }) => title.toLowerCase().includes(text));
  return found.length === 1 ? found[0] : undefined;
}

function hasMail(group: MailGroup, id: string): boolean {
  return mailsOfGroup(group).some(({ messageId }) => messageId === id);
}

/** Numbers and titles, for messages: `1 \`mm: x\`, 2 \`fs: y\``. */
export function listSeries(all: readonly Pick<MailGroup, 'title'>[]): string {
  const listed = all.slice(0, LISTED).map(({ title }, index) => `${index + 1} \`${title}\``);
  const more = all.length - listed.length;
  return `${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The version with a label (`v4`, `v1-rfc`) or a number. */
export function chooseVersion(series: Series, wanted: string): WithDiagnostics<SeriesVersion | undefined> {
  const withPatches = series.versions.filter(({ patches }) => patches.length > 0);
  const found =
    withPatches.find(({ label }) => label === wanted) ??
    withPatches.findLast(({ version }) => String(version) === wanted.replace(/^v/i, ''));
  if (found !== undefined) return { value: found, diagnostics: [] };
  const labels = withPatches.map(({ label }) => label).join(', ') || 'none with patches';
  const error: Diagnostic = {
    code: 'series/no-such-version',
    severity: 'error',
    message: `\`${series.title}\` has no version \`${wanted}\` with patches; it has ${labels}`,
  };
  return { value: undefined, diagnostics: [error] };
}
