// SPDX-License-Identifier: GPL-2.0-only

import { EventEmitter } from 'node:events';
import type { Screen } from './screen.ts';

/**
 * What ink takes for its terminal. In its debug mode ink writes every frame whole; each one is painted on the screen,
 * which knows best what has to be written of it.
 */
export class FrameStream extends EventEmitter {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    super();
    this.#screen = screen;
  }

  get columns(): number {
    return this.#screen.size.columns;
  }

  get rows(): number {
    return this.#screen.size.rows;
  }

  write(frame: string): boolean {
    if (frame !== '') this.#screen.paint(frame.split('\n'));
    return true;
  }
}
