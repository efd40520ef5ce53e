// SPDX-License-Identifier: GPL-2.0-only

import type { PerformanceClaim } from '../series/series.ts';
import { clipped, span, type Line } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';

/** Most columns for what was run, and for what it was run on. */
const WIDTH = 60;

/** Claims of one message, one line each: what was run, the figures, what the message states, the machine. */
export function renderClaims(claims: readonly PerformanceClaim[], indent: string): Line[] {
  return claims.map((claim) => {
    const what = claim.workload ?? claim.measure ?? claim.text;
    const named =
      claim.workload !== undefined && claim.measure !== undefined
        ? `${claim.measure}, ${claim.workload}`
        : what;
    const machine = claim.machine === undefined ? '' : `; on ${clipped(terminalText(claim.machine), WIDTH)}`;
    return [
      span(`${indent}claims   ${clipped(terminalText(named), WIDTH)}: ${figuresText(claim)}`),
      span(`${machine}; line ${claim.line}`, 'dim'),
    ];
  });
}

/** `1235 -> 149 us (ratio 8.289), stated 8.3x`. */
function figuresText(claim: PerformanceClaim): string {
  const { before, after, unit, per, ratio, factor, percent } = claim;
  const stated = [
    ...(factor === undefined ? [] : [`${factor}x`]),
    ...(percent === undefined ? [] : [`${percent} %`]),
  ].join(', ');
  if (before === undefined || after === undefined) return `stated ${stated}`;
  const units = [unit, per === undefined ? undefined : `per ${terminalText(per)}`].filter(
    (part) => part !== undefined,
  );
  const change = ratio === undefined ? '' : ` (ratio ${ratio})`;
  const figures = [`${before} -> ${after}`, ...units].join(' ');
  return `${figures}${change}${stated === '' ? '' : `, stated ${stated}`}`;
}
