// SPDX-License-Identifier: GPL-2.0-only

import type { Destination } from './lead.ts';
import type { About, View } from './page.ts';
import { versionsToRead, type Series } from './posted.ts';

/** Digits lead to a patch as soon as no further one could name another; until then they are kept. */
export type Typed = Destination | { readonly number: string };

/** After a digit, or after enter with `isWhole`: where `number` leads in the version that the reader looks at. */
export function toPatchNumber(
  number: string,
  isWhole: boolean,
  {
    view,
    about,
    series,
  }: { readonly view: View; readonly about: About; readonly series: Series | undefined },
): Typed {
  const versions = versionsToRead(series);
  const version = versions.find(({ label }) => label === about.label) ?? versions.at(-1);
  if (version === undefined) return { notice: 'there are no patches to go to' };
  const { label, cover, patches } = version;
  const wanted = Number(number);
  const last = Math.max(...patches.map(({ index }) => index));
  if (!isWhole && wanted > 0 && wanted * 10 <= last) return { number };
  const instead = view.kind === 'patch' || view.kind === 'letter' ? ({ instead: true } as const) : {};
  if (wanted === 0) {
    if (cover === undefined) return { notice: `${label} has no cover letter` };
    return { view: { kind: 'letter', label }, ...instead };
  }
  if (!patches.some(({ index }) => index === wanted)) return { notice: `${label} has no patch ${wanted}` };
  return { view: { kind: 'patch', label, patch: wanted }, ...instead };
}
