// SPDX-License-Identifier: GPL-2.0-only

import type { Review } from './review-schema.ts';
import { summarizeMatrix } from './matrix-summary.ts';

/** Something that a review has no verdict on, for programs that would take silence for success. */
export interface Unknown {
  readonly kind: 'not-modelled' | 'timed-out' | 'not-read' | 'not-reached' | 'not-run';
  /** One sentence. */
  readonly text: string;
  /** The promise that was not put to the test. */
  readonly invariant?: string;
}

/** All that has no verdict: what scenarios ran into, what was given up or not read, and promises that nothing tested. */
export function unknownsOf(review: Review): Unknown[] {
  const notModelled = review.notModelled.map(({ reason, count, machines, states }): Unknown => ({
    kind: 'not-modelled',
    text: `${reason}: ${count} scenarios without a verdict on ${machines.join(', ')} in ${states.join(', ')}`,
  }));
  const timedOut = review.timedOut.map(({ label, patch, machine, reason }): Unknown => ({
    kind: 'timed-out',
    text: `${label === 'base' ? 'base' : `${label} patch ${patch}`} on ${machine} was given up: ${reason}`,
  }));
  const notRead = review.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }): Unknown => ({ kind: 'not-read', text: `${code}: ${message}` }));
  return [...notModelled, ...timedOut, ...notRead, ...untested(review)];
}

/** Promises without a verdict in what would be applied: the latest version, or the tree by itself. */
function untested(review: Review): Unknown[] {
  const { columns, rows } = summarizeMatrix(review);
  const { label } = columns.at(-1)!;
  return rows.flatMap(({ invariant, cells }): Unknown[] => {
    const { verdict } = cells.at(-1)!;
    switch (verdict) {
      case 'not-reached':
        return [{ kind: verdict, invariant, text: `no scenario put ${invariant} to the test in ${label}` }];
      case 'not-modelled':
        return [{ kind: verdict, invariant, text: `${invariant} has no verdict in ${label}: not modelled` }];
      case 'not-run':
        return [{ kind: verdict, invariant, text: `${invariant} was not run in ${label}` }];
      default:
        return [];
    }
  });
}
