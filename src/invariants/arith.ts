// SPDX-License-Identifier: GPL-2.0-only
import type { FaultEvent } from '../trace/events.ts';
import type { Invariant } from './invariant.ts';

export const arith: Invariant = {
  id: 'arith',
  title: 'arithmetic is defined',
  promise: 'No shift by the width of its operand or more, and no division by zero.',
  source: 'C11, 6.5.7 and 6.5.5; lib/ubsan.c.',
  why: 'The result differs between architectures and compilers: a mask of all ones on one, of none on the other.',
  example: '1 << order with an order that comes of __fls(0).',
  limits: 'Unsigned wrap is defined in C and not reported: what follows of it shows elsewhere.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: () => verdict.exercise(),
    fault: (event, n) => {
      if (!isArithmetic(event)) return;
      verdict.exercise();
      const related = run.operation === undefined ? [] : [run.operation.n];
      const expected =
        event.fault === 'shift' ? 'a shift by less than the width' : 'a divisor that is not zero';
      verdict.violate({ key: event.fault, event: n, related, expected, seen: `undefined ${event.fault}` });
    },
  }),
};

/** Faults of arithmetic, not of memory. */
function isArithmetic(event: FaultEvent): boolean {
  return event.fault === 'shift' || event.fault === 'divide';
}
