// SPDX-License-Identifier: GPL-2.0-only

import type { Line } from '../../report/styled-text.ts';
import type { Question } from './messages.ts';

/** What can be on the screen. */
export type View =
  | { readonly kind: 'overview' }
  | { readonly kind: 'findings' }
  | { readonly kind: 'explanation'; readonly id: string }
  /** One promise: every state on every machine. `label` and `patch` say where to begin. */
  | { readonly kind: 'promise'; readonly invariant: string; readonly label: string }
  | {
      readonly kind: 'patch';
      readonly label: string;
      readonly patch: number;
      /** Begins there. */
      readonly finding?: string;
      readonly function?: string;
    }
  | { readonly kind: 'letter'; readonly label: string }
  | { readonly kind: 'versions'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'code';
      readonly file: string;
      readonly function: string;
      readonly machine: string;
      readonly label: string;
      readonly patch: number;
    }
  /** A reply to a version; `at` counts from 0. */
  | { readonly kind: 'reply'; readonly label: string; readonly at: number }
  /** One of the mails that came without patches. */
  | { readonly kind: 'mail'; readonly at: number }
  | { readonly kind: 'coverage' }
  | { readonly kind: 'help' };

/** What a row, or a page as a whole, is about: where keys such as `p` lead from there. */
export interface About {
  readonly label?: string;
  readonly patch?: number;
  /** Its id. */
  readonly finding?: string;
  readonly file?: string;
  readonly function?: string;
  readonly machine?: string;
  /** Of a mail that is neither a patch nor a cover letter. */
  readonly messageId?: string;
}

export interface Row {
  readonly line: Line;
  /** How it looks under the cursor, where that depends on the column. */
  readonly lineAt?: (column: number) => Line;
  /** What enter opens; a list has one entry a column. */
  readonly opens?: View | readonly View[];
  /** In a list with columns, one a column. */
  readonly about?: About | readonly About[];
  /** Tab goes from one of these to the next. */
  readonly stop?: true;
  /** Names what the row shows, so that the cursor stays with it when others come before it. */
  readonly key?: string;
}

export interface Page {
  readonly title: string;
  /** Lines that stay above the rows. */
  readonly head: readonly Line[];
  readonly rows: readonly Row[];
  /** In a list the cursor rests on rows that open something, and a filter hides the others; in a text, on every line. */
  readonly mode: 'list' | 'text';
  /** How many the cursor can be in; 1 where rows have no columns. */
  readonly columns: number;
  readonly about: About;
  /** Row at which the cursor begins. */
  readonly start?: number;
  /** On a screen of so many lines or more, what enter opens of a finding is shown below a list too. */
  readonly previewFrom?: number;
  /** What has to be computed before there is more to show. */
  readonly asks?: readonly Question[];
}

/** What a page is made for. */
export interface Look {
  /** Columns for its rows. */
  readonly width: number;
  /** Only this machine; undefined for all together. */
  readonly machine: string | undefined;
  /** Beside or below a list: nothing is computed for it. */
  readonly isPreview?: true;
}
