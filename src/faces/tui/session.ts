// SPDX-License-Identifier: GPL-2.0-only

import type { FrameSpan } from './cut-line.ts';
import { commandOf } from './keys.ts';
import { learn, nothingKnown, type Known } from './known.ts';
import { drawFrame, layOut, pageOn, type Laid, type Size } from './layout.ts';
import type { News, Question } from './messages.ts';
import type { Page, View } from './page.ts';
import { initialState, type State } from './state.ts';
import { stepOnKey } from './step.ts';

/** What the terminal has to do besides showing a frame. */
export interface Terminal {
  leave(): void;
  redraw(): void;
  suspend(): void;
  /** Takes a text to the clipboard. */
  copy(text: string): void;
}

/** One reader in front of one review: what is known, where the reader is, and how large the screen is. */
export class Session {
  #state: State = initialState();
  #known: Known;
  #size: Size;
  #laid: Laid | undefined;
  #frame: readonly FrameSpan[][] | undefined;
  readonly #asked = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #ask: (question: Question) => void;
  readonly #terminal: Terminal;

  constructor(sources: readonly string[], size: Size, ask: (question: Question) => void, terminal: Terminal) {
    this.#known = nothingKnown(sources);
    this.#size = size;
    this.#ask = ask;
    this.#terminal = terminal;
  }

  get state(): State {
    return this.#state;
  }

  get known(): Known {
    return this.#known;
  }

  press(keys: readonly string[]): void {
    for (const key of keys) {
      const { placed, height } = this.laid();
      this.#state = stepOnKey(this.#state, key, { known: this.#known, placed, height, pageOf: this.#pageOf });
      this.#forget();
      if (this.#state.isLeaving) {
        this.#terminal.leave();
        return;
      }
      if (this.#state.copied !== undefined) this.#terminal.copy(this.#state.copied);
      const command = this.#state.isTyping ? undefined : commandOf(key);
      if (command === 'redraw') this.#terminal.redraw();
      if (command === 'suspend') this.#terminal.suspend();
    }
    this.#changed();
  }

  learn(news: News): void {
    this.#known = learn(this.#known, news);
    this.#changed();
  }

  resize(size: Size): void {
    this.#size = size;
    this.#changed();
  }

  laid(): Laid {
    this.#laid ??= layOut(this.#state, this.#known, this.#size);
    return this.#laid;
  }

  /** The same array as long as nothing changes. */
  readonly frame = (): readonly FrameSpan[][] => {
    this.#frame ??= drawFrame(this.#state, this.#known, this.#size, this.laid());
    return this.#frame;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly #pageOf = (view: View): Page => pageOn(view, this.#state, this.#known, this.#size);

  #forget(): void {
    this.#laid = undefined;
    this.#frame = undefined;
  }

  #changed(): void {
    this.#forget();
    for (const question of this.laid().placed.page.asks ?? []) {
      if (this.#asked.has(question.key)) continue;
      this.#asked.add(question.key);
      this.#ask(question);
    }
    for (const listener of this.#listeners) listener();
  }
}
