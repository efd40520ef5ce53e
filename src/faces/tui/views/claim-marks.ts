// SPDX-License-Identifier: GPL-2.0-only

import type { ComparedClaim } from '../../../report/costs.ts';
import { span, type Span } from '../../../report/styled-text.ts';
import type { VersionDiff } from '../posted.ts';

type Entry = VersionDiff['entries'][number];

/** Before a line in which something is claimed: what became of it. All marks take the same room. */

export const NO_MARK: Span = span('  ');
export const WAITING: Span = span('… ', 'dim');
export const NOT_MODELLED: Span = span('? ', 'unknown');

const ENTRY_MARKS: Readonly<Record<Entry['verdict'], Span>> = {
  seen: span('✓ ', 'good'),
  'not-seen': span('✗ ', 'bad'),
  'cannot-be-told': span('? ', 'unknown'),
};

/** That a patch or a file changed which an entry names says little of what the entry says. */
export function entryMark({ verdict, named }: Entry): Span {
  const isByCode = named.some((thing) => thing.kind === 'function' && thing.verdict === 'seen');
  return verdict === 'seen' && !isByCode ? span('~ ', 'warn') : ENTRY_MARKS[verdict];
}

export const FIGURE_MARKS: Readonly<Record<NonNullable<ComparedClaim['agreement']>, Span>> = {
  agrees: span('✓ ', 'good'),
  less: span('~ ', 'warn'),
  more: span('~ ', 'warn'),
  differs: span('✗ ', 'bad'),
};

/** What marks mean in a letter or a comparison. */
export const CLAIM_MEANINGS: readonly (readonly [string, string])[] = [
  ['✓', 'code that it names differs from the version before; or the modelled ratio agrees'],
  ['~', 'a patch that it names differs; or the modelled ratio has the same direction'],
  ['✗', 'the patches have what it names, and nothing of that differs; or the model contradicts'],
  ['?', 'it cannot be told, or is not modelled'],
];
