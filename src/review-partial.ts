// SPDX-License-Identifier: GPL-2.0-only

import type { Review } from './report/review-schema.ts';
import {
  assembleReview,
  defectsOfVersion,
  labelsOf,
  wasRunToItsEnd,
  type Judged,
  type JudgedVersion,
} from './review-assembly.ts';
import type { JobResult } from './run/job.ts';

/** What is known of a review that is still being run. */
export interface PartialReview {
  /** With the cells that are known, and the findings of the versions that were run to their end. */
  readonly review: Review;
  /** Labels of the versions that were not run to their end: which patch broke what is not known of them yet. */
  readonly pending: readonly string[];
}

/** Collects the results of jobs in the order in which they come. */
export class ReviewInProgress {
  readonly #judged: Judged;
  readonly #results: (JobResult | undefined)[] = [];
  /** By label; a version that was run to its end does not change any more. */
  readonly #versions = new Map<string, readonly JudgedVersion[]>();

  constructor(judged: Omit<Judged, 'results'>) {
    this.#judged = { ...judged, results: this.#results };
  }

  /** Returns how many jobs are done. */
  take(index: number, result: JobResult): number {
    this.#results[index] = result;
    return this.#results.filter((each) => each !== undefined).length;
  }

  snapshot(): PartialReview {
    const labels = labelsOf(this.#judged);
    const pending = labels.filter((label) => !wasRunToItsEnd(this.#judged, label));
    for (const label of labels) {
      if (pending.includes(label) || this.#versions.has(label)) continue;
      this.#versions.set(label, defectsOfVersion(this.#judged, label));
    }
    const versions = labels.flatMap((label) => this.#versions.get(label) ?? []);
    return { review: assembleReview(this.#judged, versions, versions), pending };
  }
}
