// SPDX-License-Identifier: GPL-2.0-only

/**
 * Whether two trees of plain values, such as events are, hold the same. A field that is there as `undefined` is not the
 * same as one that is not there.
 */
export function sameValues(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return Number.isNaN(left) && Number.isNaN(right);
  }
  const a = left as Readonly<Record<string, unknown>>;
  const b = right as Readonly<Record<string, unknown>>;
  let fields = 0;
  for (const field in a) {
    if (!sameValues(a[field], b[field]) || !Object.hasOwn(b, field)) return false;
    fields++;
  }
  for (const _field in b) fields--;
  return fields === 0;
}
