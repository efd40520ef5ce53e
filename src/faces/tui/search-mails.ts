// SPDX-License-Identifier: GPL-2.0-only

import type { Known } from './known.ts';
import type { Page, View } from './page.ts';
import { matches } from './place.ts';

/** Where words stand in a mail that is not shown. */
export interface FoundElsewhere {
  readonly view: View;
  /** Index of the row. */
  readonly row: number;
  readonly key: string | undefined;
}

/**
 * The first match in the patches and the letter after the one that is shown, or the last one before it; after the last
 * mail of the version comes its first. Undefined where only the shown one has the words, or none.
 */
export function matchInOtherMail(
  view: View,
  search: string,
  way: 1 | -1,
  { known, pageOf }: { readonly known: Known; readonly pageOf: (view: View) => Page },
): FoundElsewhere | undefined {
  if (view.kind !== 'patch' && view.kind !== 'letter') return undefined;
  const mails = mailsOf(view.label, known);
  const at = mails.findIndex((mail) => mail.kind === view.kind && patchOf(mail) === patchOf(view));
  for (let step = 1; step < mails.length; step++) {
    const mail = mails[(at + way * step + mails.length * 2) % mails.length]!;
    const { rows } = pageOf(mail);
    const row =
      way > 0
        ? rows.findIndex((each) => matches(each, search))
        : rows.findLastIndex((each) => matches(each, search));
    if (row !== -1) return { view: mail, row, key: rows[row]!.key };
  }
  return undefined;
}

type Mail = Extract<View, { kind: 'patch' | 'letter' }>;

function mailsOf(label: string, { series }: Known): Mail[] {
  const version = series?.versions.find((each) => each.label === label);
  if (version === undefined) return [];
  return [
    ...(version.cover === undefined ? [] : [{ kind: 'letter', label } as const]),
    ...version.patches.map(({ index }) => ({ kind: 'patch', label, patch: index }) as const),
  ];
}

function patchOf(mail: Mail): number {
  return mail.kind === 'letter' ? 0 : mail.patch;
}
