// SPDX-License-Identifier: GPL-2.0-only

import type { Invariant } from '../invariants/invariant.ts';
import { clipped, padded, span, textWidth, wrapped, type Line } from './styled-text.ts';

/** One line an invariant: id, severity, title. */
export function renderInvariantList(invariants: readonly Invariant[], width: number): Line[] {
  const idWidth = Math.max(...invariants.map(({ id }) => textWidth(id))) + 2;
  return invariants.map(({ id, severity, title }) => [
    span(padded(id, idWidth), 'strong'),
    span(padded(severity, 'risk'.length + 2), severity === 'bug' ? 'bad' : 'warn'),
    span(clipped(title, width - idWidth - 'risk'.length - 2)),
  ]);
}

/** One invariant in full: what it promises, why, and what it does not see. */
export function renderInvariant(invariant: Invariant, machines: readonly string[], width: number): Line[] {
  const { id, title, severity, promise, why, source, example, limits } = invariant;
  const parts: [string, string][] = [
    ['must hold', promise],
    ['why', why],
    ['comes from', source],
    ['broken, for example, when', example],
    ['does not see', limits],
    ['applies to', machines.length === 0 ? 'none of the machines' : machines.join(', ')],
  ];
  return [
    [span(id, 'heading'), span(`  ${severity}  `, severity === 'bug' ? 'bad' : 'warn'), span(title)],
    ...parts.flatMap(([label, text]): Line[] => [
      [],
      [span(label, 'dim')],
      ...wrapped(text, Math.min(width, 100) - 2).map((line): Line => [span(`  ${line}`)]),
    ]),
  ];
}
