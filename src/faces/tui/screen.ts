// SPDX-License-Identifier: GPL-2.0-only

import { writeSync } from 'node:fs';
import type { Size } from './layout.ts';

const ESCAPE = '\u001B[';
const OPERATING = '\u001B]';
/** The alternate screen, whose contents do not stay in the terminal's history; without a cursor; lines are cut, not wrapped. */
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l${ESCAPE}2J${ESCAPE}H`;
const LEAVE = `${ESCAPE}?7h${ESCAPE}0m${ESCAPE}?25h${ESCAPE}?1049l`;
/** Terminals that know this show what is between at once. */
const BEGIN = `${ESCAPE}?2026h`;
const END = `${ESCAPE}?2026l`;

/** What is needed of stdout. */
export interface ScreenOutput {
  readonly fd: number;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Where nothing says how large a terminal is. */
const USUAL: Size = { columns: 80, rows: 24 };

/**
 * The terminal as a sheet of lines. Only lines that differ from those shown are written, each in its place, so that
 * nothing scrolls and the terminal's history is left alone.
 */
export class Screen {
  readonly #output: ScreenOutput;
  /** What was drawn last, from the top. */
  #shown: readonly string[] = [];
  #isEntered = false;

  constructor(output: ScreenOutput) {
    this.#output = output;
  }

  /** Some terminals say that they have no columns. */
  get size(): Size {
    const { columns = 0, rows = 0 } = this.#output;
    return columns > 0 && rows > 0 ? { columns, rows } : USUAL;
  }

  enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    this.#output.write(ENTER);
    this.redraw();
  }

  /** Takes a text to the clipboard, in terminals that let programs do so; it may be anything. */
  copy(text: string): void {
    if (this.#isEntered) this.#output.write(`${OPERATING}52;c;${Buffer.from(text).toString('base64')}\u0007`);
  }

  /** Written at once, whatever is pending: the process may be about to end. May be called any number of times. */
  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    try {
      writeSync(this.#output.fd, LEAVE);
    } catch {
      // The terminal is gone, and nobody is left to see it.
    }
  }

  /** Draws everything again, for a screen that something else has written to or that has another size now. */
  redraw(): void {
    if (!this.#isEntered) return;
    const lines = this.#shown;
    this.#shown = [];
    this.#output.write(`${ESCAPE}0m${ESCAPE}2J`);
    this.paint(lines);
  }

  /** Shows lines, with their colours, from the top of the screen. */
  paint(lines: readonly string[]): void {
    const shown = this.#shown;
    this.#shown = lines;
    // Drawn when the screen is taken again.
    if (!this.#isEntered) return;
    const count = Math.min(this.size.rows, Math.max(lines.length, shown.length));
    const changes = Array.from({ length: count }, (_, row) => row)
      .filter((row) => lines[row] !== shown[row])
      .map((row) => `${ESCAPE}${row + 1};1H${ESCAPE}0m${ESCAPE}2K${lines[row] ?? ''}`);
    if (changes.length > 0) this.#output.write(BEGIN + changes.join('') + END);
  }
}
