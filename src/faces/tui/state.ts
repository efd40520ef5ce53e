// SPDX-License-Identifier: GPL-2.0-only

import type { View } from './page.ts';

/** A view with the reader's place in it. */
export interface OpenView {
  readonly view: View;
  /** Index of the row under the cursor. */
  readonly row: number;
  /** Its key, where it has one: the cursor stays with it when rows come before it. Undefined until the cursor is moved. */
  readonly key: string | undefined;
  /** In a list, the column; in a text, how many columns are scrolled out on the left. */
  readonly column: number | undefined;
  /** Index of the first row that is shown. */
  readonly top: number;
  /** What is looked for; empty for nothing. */
  readonly search: string;
}

/** Everything that keys change. */
export interface State {
  /** The last is on the screen. Never empty. */
  readonly open: readonly [OpenView, ...OpenView[]];
  /** Characters go into the search. */
  readonly isTyping: boolean;
  /** Digits of a patch's number that may go on; empty for none. */
  readonly number: string;
  /** The only machine that is shown; undefined for all together. */
  readonly machine: string | undefined;
  /** One sentence in place of the keys, until the next key. */
  readonly notice: string | undefined;
  /** What the last key takes to the clipboard. */
  readonly copied: string | undefined;
  readonly isLeaving: boolean;
}

export function opened(view: View): OpenView {
  return { view, row: 0, key: undefined, column: undefined, top: 0, search: '' };
}

export function initialState(): State {
  return {
    open: [opened({ kind: 'overview' })],
    isTyping: false,
    number: '',
    machine: undefined,
    notice: undefined,
    copied: undefined,
    isLeaving: false,
  };
}

export function currentView({ open }: State): OpenView {
  return open.at(-1)!;
}
