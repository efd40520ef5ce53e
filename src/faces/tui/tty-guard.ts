// SPDX-License-Identifier: GPL-2.0-only

/** Signals that end a program which does not know them. */
const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/** Milliseconds after which a process that was told to stop has stopped, or never will. */
const UNTIL_STOPPED = 100;

/** What is taken with the terminal. */
export interface Taken {
  enter(): void;
  leave(): void;
  redraw(): void;
}

/** What is needed of stdin. */
export interface KeySource {
  setRawMode(isRaw: boolean): unknown;
}

/**
 * Takes the terminal and gives it back as it was, whatever happens: the reader leaves, the program throws or is told to
 * end, or it is stopped and goes on later.
 */
export class TtyGuard {
  readonly #screen: Taken;
  readonly #keys: KeySource;
  readonly #giveBack = (): void => this.#release();
  readonly #end = (signal: NodeJS.Signals): void => {
    this.leave();
    // Nobody catches it any more: the shell learns how the program ended.
    process.kill(process.pid, signal);
  };
  readonly #continue = (): void => {
    if (this.#isOurs) this.#take();
  };
  /** From enter() to leave(). */
  #isOurs = false;

  constructor(screen: Taken, keys: KeySource) {
    this.#screen = screen;
    this.#keys = keys;
  }

  enter(): void {
    this.#isOurs = true;
    process.on('exit', this.#giveBack);
    // Before anybody writes what was thrown: on the alternate screen it would be lost.
    process.on('uncaughtExceptionMonitor', this.#giveBack);
    for (const signal of ENDING) process.on(signal, this.#end);
    process.on('SIGCONT', this.#continue);
    this.#take();
  }

  leave(): void {
    this.#isOurs = false;
    process.off('exit', this.#giveBack);
    process.off('uncaughtExceptionMonitor', this.#giveBack);
    for (const signal of ENDING) process.off(signal, this.#end);
    process.off('SIGCONT', this.#continue);
    this.#release();
  }

  /** Stops as ctrl+z does elsewhere. Goes on at SIGCONT; or soon, where there is no shell that could continue a stopped program. */
  suspend(): void {
    this.#release();
    process.kill(process.pid, 'SIGTSTP');
    setTimeout(this.#continue, UNTIL_STOPPED);
  }

  #take(): void {
    // Keys are ours from now on: what is typed before anything reads it waits, and is not echoed.
    this.#keys.setRawMode(true);
    this.#screen.enter();
    this.#screen.redraw();
  }

  #release(): void {
    this.#screen.leave();
    try {
      this.#keys.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
  }
}
