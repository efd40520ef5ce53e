// SPDX-License-Identifier: GPL-2.0-only

import type { Finding } from './review-schema.ts';

/** A line of the tree as a program that shows the tree's files knows it. */
export interface TreePlace {
  /** From the tree's root. */
  readonly file: string;
  readonly line: number;
}

/**
 * The line at which to show a finding in the source as it stands after the last patch; undefined where neither tree
 * nor series has the function. `exact` is false where that line has changed or gone since the patch that broke it:
 * then it is the line at which it was.
 */
export function placeAtTip({ where, stack, atTip }: Finding): (TreePlace & { exact: boolean }) | undefined {
  if (atTip !== undefined) return { ...atTip, exact: true };
  const places = [where, ...stack.map(({ file, line }) => ({ file, line }))];
  for (const { file, line } of places) {
    if (file !== undefined && line !== undefined && line > 0) return { file, line, exact: false };
  }
  return undefined;
}
