// SPDX-License-Identifier: GPL-2.0-only

export interface HunkRange {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  readonly section: string;
}

/** `@@ -1,2 +3,4 @@ section`, counts of 1 left out. Digits are bounded so that they stay exact numbers. */
const RANGE = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@(.*)$/;

/** Whether `line` is the head of a hunk. */
export function isRange(line: string): boolean {
  return line.startsWith('@@ -') && RANGE.test(line);
}

/** Parses a line for which `isRange` holds. */
export function parseRange(line: string): HunkRange {
  const match = RANGE.exec(line);
  return {
    oldStart: Number(match?.[1] ?? 0),
    oldCount: Number(match?.[2] ?? 1),
    newStart: Number(match?.[3] ?? 0),
    newCount: Number(match?.[4] ?? 1),
    section: (match?.[5] ?? '').trim(),
  };
}
