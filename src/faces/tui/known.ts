// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Review } from '../../report/review-schema.ts';
import type { ThreadMail } from '../../read-thread.ts';
import type { Series } from './posted.ts';
import type { Answer, News } from './messages.ts';

/** Everything that can be shown now. It grows while jobs run. */
export interface Known {
  /** As given on the command line. */
  readonly sources: readonly string[];
  readonly series: Series | undefined;
  /** The sources hold other series too. */
  readonly isOneOfSeveral: boolean;
  /** Where there is no series. */
  readonly mails: readonly ThreadMail[];
  readonly review: Review | undefined;
  /** Labels of the versions that were not run to their end. */
  readonly pending: readonly string[];
  /** Jobs; undefined before they are planned. */
  readonly progress: { readonly done: number; readonly total: number } | undefined;
  /** Nothing more is computed by itself. */
  readonly ended: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly answers: ReadonlyMap<string, Answer>;
}

export function nothingKnown(sources: readonly string[]): Known {
  return {
    sources,
    series: undefined,
    isOneOfSeveral: false,
    mails: [],
    review: undefined,
    pending: [],
    progress: undefined,
    ended: false,
    diagnostics: [],
    answers: new Map(),
  };
}

/** A transition: what is known after a piece of news. */
export function learn(known: Known, news: News): Known {
  switch (news.news) {
    case 'series':
      return { ...known, series: news.series, isOneOfSeveral: news.isOneOfSeveral === true };
    case 'mails':
      return { ...known, mails: news.mails };
    case 'progress':
      return { ...known, progress: { done: news.done, total: news.total } };
    case 'review':
      return { ...known, review: news.review, pending: news.pending };
    case 'end':
      return { ...known, review: news.review, pending: [], ended: true, diagnostics: news.diagnostics };
    case 'answer':
      return { ...known, answers: new Map(known.answers).set(news.key, news.answer) };
  }
}
