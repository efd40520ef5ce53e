// SPDX-License-Identifier: GPL-2.0-only

import { text } from 'node:stream/consumers';
import type { RunKind } from './hook-kinds.ts';
import { touchesFileRun } from './mailed-series.ts';

/** What b4 runs; it looks at what is written to stdout, and takes any line on stderr for a failure. */
export type B4Kind = Extract<RunKind, `b4-${string}`>;

/**
 * Answers one of b4's questions. A patch that touches no file that is run is answered before anything of a review is
 * imported. The exit status is 0 whatever was found: b4 reads the answer.
 */
export async function runB4Check(kind: B4Kind): Promise<number> {
  const mail = await text(process.stdin);
  if (kind !== 'b4-review-series' && !touchesFileRun(mail)) {
    // Silence is a pass for one command, and no list is nothing at all for the other.
    if (kind === 'b4-review-perpatch') process.stdout.write('[]\n');
    return 0;
  }
  const { answerB4 } = await import('./b4-answer.ts');
  process.stdout.write(await answerB4(kind, mail));
  return 0;
}
