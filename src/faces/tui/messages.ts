// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Explanation } from '../../report/explanation.ts';
import type { Review } from '../../report/review-schema.ts';
import type { TranslatedFunction } from '../../report/translation-text.ts';
import type { ReviewRequest } from '../../review.ts';
import type { Series } from './posted.ts';

/** What the thread that draws and the thread that computes say to each other, as plain data. */

/** What the computing thread is started with. */
export interface Task {
  readonly request: ReviewRequest;
  /** How many states are run at a time. */
  readonly jobs: number;
}

/** What a page needs and does not have. `key` names the answer. */
export type Question =
  | { readonly ask: 'explain'; readonly key: string; readonly id: string }
  | {
      readonly ask: 'translate';
      readonly key: string;
      readonly file: string;
      readonly function: string;
      readonly machine: string;
      /** Undefined for the tree before the series. */
      readonly version: string | undefined;
      readonly patch: number;
    };

export type Answer =
  | { readonly to: 'explain'; readonly explanation: Explanation }
  | { readonly to: 'translate'; readonly functions: readonly TranslatedFunction[] }
  /** One sentence. */
  | { readonly to: 'nothing'; readonly why: string };

export type News =
  | { readonly news: 'series'; readonly series: Series }
  | { readonly news: 'progress'; readonly done: number; readonly total: number }
  | { readonly news: 'review'; readonly review: Review; readonly pending: readonly string[] }
  /** Without a review: nothing can be run, and the first diagnostic says why. */
  | { readonly news: 'end'; readonly review: Review | undefined; readonly diagnostics: readonly Diagnostic[] }
  | { readonly news: 'answer'; readonly key: string; readonly answer: Answer };
