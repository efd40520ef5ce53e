// SPDX-License-Identifier: GPL-2.0-only

import type { ComparedClaim } from '../../../report/costs.ts';
import { span, type Span } from '../../../report/styled-text.ts';
import type { VersionDiff } from '../posted.ts';

/** Before a line in which something is claimed: what became of it. All marks take the same room. */

export const NO_MARK: Span = span('  ');
export const WAITING: Span = span('… ', 'dim');
export const NOT_MODELLED: Span = span('? ', 'unknown');

export const ENTRY_MARKS: Readonly<Record<VersionDiff['entries'][number]['verdict'], Span>> = {
  seen: span('✓ ', 'good'),
  'not-seen': span('✗ ', 'bad'),
  'cannot-be-told': span('? ', 'unknown'),
};

export const FIGURE_MARKS: Readonly<Record<NonNullable<ComparedClaim['agreement']>, Span>> = {
  agrees: span('✓ ', 'good'),
  less: span('~ ', 'warn'),
  more: span('~ ', 'warn'),
  differs: span('✗ ', 'bad'),
};

/** What marks mean in a letter or a comparison. */
export const CLAIM_MEANINGS: readonly (readonly [string, string])[] = [
  ['✓', 'the comparison with the version before shows it; or the modelled ratio agrees'],
  ['~', 'the modelled ratio has the same direction, and is less or more'],
  ['✗', 'the patches have what it names, and nothing of that differs; or the model contradicts'],
  ['?', 'it cannot be told, or is not modelled'],
];
