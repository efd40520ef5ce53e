// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { ClaimLine } from '../../claim-lines.ts';
import type { SeriesCosts } from '../../report/costs.ts';
import type { Explanation } from '../../report/explanation.ts';
import type { Review } from '../../report/review-schema.ts';
import type { TranslatedFunction } from '../../report/translation-text.ts';
import type { ThreadMail } from '../../read-thread.ts';
import type { ReviewRequest } from '../../review.ts';
import type { Series, VersionDiff } from './posted.ts';

/** What the thread that draws and the thread that computes say to each other, as plain data. */

/** What the computing thread is started with. */
export interface Task {
  readonly request: ReviewRequest;
  /** How many states are run at a time. */
  readonly jobs: number;
  /** Whether what was run before may be looked up. */
  readonly cache: boolean;
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
    }
  /** Labels of two versions. */
  | { readonly ask: 'compare'; readonly key: string; readonly from: string; readonly to: string }
  /** What the messages of a version claim, and in which of their lines. */
  | { readonly ask: 'claims'; readonly key: string; readonly label: string }
  /** What the series claims of speed beside modelled figures. */
  | { readonly ask: 'costs'; readonly key: string };

export type Answer =
  | { readonly to: 'explain'; readonly explanation: Explanation }
  | { readonly to: 'translate'; readonly functions: readonly TranslatedFunction[] }
  | { readonly to: 'compare'; readonly diff: VersionDiff; readonly diagnostics: readonly Diagnostic[] }
  | { readonly to: 'claims'; readonly lines: readonly ClaimLine[] }
  | { readonly to: 'costs'; readonly costs: SeriesCosts }
  /** One sentence. */
  | { readonly to: 'nothing'; readonly why: string };

export type News =
  /** The sources may hold others besides the one that is shown. */
  | { readonly news: 'series'; readonly series: Series; readonly isOneOfSeveral?: boolean }
  /** Instead of a series: no patch was found in the mails. */
  | { readonly news: 'mails'; readonly mails: readonly ThreadMail[] }
  | { readonly news: 'progress'; readonly done: number; readonly total: number }
  | { readonly news: 'review'; readonly review: Review; readonly pending: readonly string[] }
  /** Without a review: nothing can be run, and the first diagnostic says why. */
  | { readonly news: 'end'; readonly review: Review | undefined; readonly diagnostics: readonly Diagnostic[] }
  | { readonly news: 'answer'; readonly key: string; readonly answer: Answer };
