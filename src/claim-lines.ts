// SPDX-License-Identifier: GPL-2.0-only

import { parseChangelog } from './series/changelog.ts';
import { readPerformanceClaims } from './series/performance-claims.ts';
import type { SeriesVersion } from './series/series.ts';

/** Where in a message's text something is claimed. Lines are indices, from 0. */
export interface ClaimLine {
  readonly kind: 'changelog' | 'performance';
  /** 0 is the cover letter. */
  readonly patch: number;
  /** The cover letter's body is its message. */
  readonly part: 'message' | 'notes';
  /** Its first line; for a claim of performance, that of the figures. */
  readonly first: number;
  /** Its last line. */
  readonly last: number;
  /** Of a changelog entry: the number of the version that it compares with. */
  readonly since?: number;
  /** What the series gives as its `line`: by this, and the patch, it is known elsewhere. */
  readonly line: number;
}

interface Claims {
  readonly changelog: readonly { readonly line: number; readonly from: number }[];
  readonly claims: readonly { readonly line: number }[];
}

/** Everything that the messages of a version claim, with its place in the text that is shown of them. */
export function claimLines({ cover, patches }: SeriesVersion): ClaimLine[] {
  const ofCover = cover === undefined ? [] : claimsIn(cover, 0, [cover.body, '']);
  return [
    ...ofCover,
    ...patches.flatMap((patch) => claimsIn(patch, patch.index, [patch.message, patch.notes])),
  ];
}

/** The series counts lines in the file or mail; read once more from 0, the same claims come in the same order. */
function claimsIn(known: Claims, patch: number, [message, notes]: readonly [string, string]): ClaimLine[] {
  const parts = [
    { part: 'message', text: message },
    { part: 'notes', text: notes },
  ] as const;
  const entries = parts.flatMap(({ part, text }) =>
    parseChangelog(text, 0).map(({ line }) => ({ part, first: line, last: endOf(text.split('\n'), line) })),
  );
  const claims = readPerformanceClaims(message, 0);
  return [
    ...known.changelog.flatMap(({ line, from: since }, index): ClaimLine[] => {
      const entry = entries[index];
      return entry === undefined ? [] : [{ kind: 'changelog', patch, line, since, ...entry }];
    }),
    ...known.claims.flatMap(({ line }, index): ClaimLine[] => {
      const at = claims[index]?.line;
      if (at === undefined) return [];
      return [{ kind: 'performance', patch, part: 'message', line, first: at, last: at }];
    }),
  ];
}

/** An entry goes on until a blank line or the next bullet. */
function endOf(lines: readonly string[], first: number): number {
  const next = lines.findIndex(
    (line, index) => index > first && (line.trim() === '' || /^\s*(?:[-*+•]|\d{1,2}[.)])\s/.test(line)),
  );
  return next === -1 ? Math.max(first, lines.length - 1) : next - 1;
}
