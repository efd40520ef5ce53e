// SPDX-License-Identifier: GPL-2.0-only

import { availableParallelism } from 'node:os';
import { renderDiagnosticLine } from '../../base/diagnostic.ts';
import type { Review } from '../../report/review-schema.ts';
import { counted } from '../../report/styled-text.ts';
import { review } from '../../review.ts';
import { openKeptResults } from '../../kept-results.ts';
import { poolRunner } from '../../review-pool.ts';
import { ProgressLine } from '../cli/progress.ts';
import type { HookSettings } from './settings.ts';

/** What is to be judged, as `rewalk review` takes it. */
export interface SeriesToJudge {
  readonly sources: readonly string[];
  /** `DIR@REV`; undefined where the sources say it. */
  readonly tree: string | undefined;
}

/** A review, or why there is none. */
export type Judgement = { readonly review: Review } | { readonly failure: string };

/** Any number does, as long as a second run takes the same. */
const SEED = 1;

/** Reviews a series within the time that is set. A review that was given up may still be running: the caller exits. */
export async function judgeSeries(
  { sources, tree }: SeriesToJudge,
  settings: HookSettings,
): Promise<Judgement> {
  const progress = new ProgressLine(process.stderr);
  const { machines, scenarios, timeBudget } = settings;
  const request = { sources, tree, versions: undefined, machines, fromTree: false, scenarios, seed: SEED };
  let told = 'nothing was run yet';
  const watch = {
    onProgress(done: number, total: number): void {
      told = `${done} of ${total} states were run`;
      progress.show(`rewalk: ${done} of ${total} states run`);
    },
  };
  let timer: NodeJS.Timeout | undefined;
  const budget = new Promise<Judgement>((resolve) => {
    const failure = (): Judgement => ({
      failure: `not done in ${counted(timeBudget, 'second')} (rewalk.timeBudget): ${told}`,
    });
    timer = setTimeout(() => resolve(failure()), timeBudget * 1000);
  });
  const judged = review(
    request,
    poolRunner(availableParallelism(), () => undefined, { kept: openKeptResults(process.env) }),
    watch,
  ).then(({ value, diagnostics }): Judgement => {
    if (value !== undefined) return { review: value };
    const [first] = diagnostics;
    return { failure: first === undefined ? 'nothing could be run' : renderDiagnosticLine(first) };
  });
  try {
    return await Promise.race([judged, budget]);
  } finally {
    clearTimeout(timer);
    progress.clear();
  }
}
