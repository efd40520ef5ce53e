// SPDX-License-Identifier: GPL-2.0-only
import type { TraceEvent } from './events.ts';

/** Whether two traces hold the same events with the same values, one by one. */
export function sameEvents(left: readonly TraceEvent[], right: readonly TraceEvent[]): boolean {
  if (left.length !== right.length) return false;
  for (let n = 0; n < left.length; n++) if (!same(left[n], right[n])) return false;
  return true;
}

/** Events are trees of plain values; a field that is there as `undefined` is not the same as one that is not there. */
function same(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return Number.isNaN(left) && Number.isNaN(right);
  }
  const a = left as Readonly<Record<string, unknown>>;
  const b = right as Readonly<Record<string, unknown>>;
  let fields = 0;
  for (const field in a) {
    if (!same(a[field], b[field]) || !Object.hasOwn(b, field)) return false;
    fields++;
  }
  for (const _field in b) fields--;
  return fields === 0;
}
