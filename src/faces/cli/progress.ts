// SPDX-License-Identifier: GPL-2.0-only

import type { Output } from './print.ts';

/** One line on a terminal that is written over as work goes on, and gone when it ends. Elsewhere: nothing. */
export class ProgressLine {
  readonly #output: Output;
  #shown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(text: string): void {
    if (this.#output.isTTY !== true) return;
    // Some terminals say that they have no columns.
    const width = this.#output.columns === undefined || this.#output.columns < 1 ? 80 : this.#output.columns;
    this.#output.write(`\r\u001B[2K${text.slice(0, width - 1)}`);
    this.#shown = true;
  }

  /** A line that stays. */
  say(text: string): void {
    if (this.#output.isTTY === true) this.#output.write(`${text}\n`);
  }

  clear(): void {
    if (this.#shown) this.#output.write('\r\u001B[2K');
    this.#shown = false;
  }
}
