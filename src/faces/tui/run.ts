// SPDX-License-Identifier: GPL-2.0-only

import { setTimeout as sleep } from 'node:timers/promises';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { terminalText } from '../../report/terminal-text.ts';
import { BackgroundThread } from './background-thread.ts';
import { FrameStream } from './frame-stream.ts';
import type { Question, Task } from './messages.ts';
import { Screen } from './screen.ts';
import type { Session } from './session.ts';
import { TtyGuard, type Taken } from './tty-guard.ts';

export interface TerminalOptions {
  /** NO_COLOR is not set. */
  readonly hasColours: boolean;
  /** As a text that only grows, for a screen reader. */
  readonly isSpoken: boolean;
}

/** Where a text is spoken, nothing is drawn that would have to be taken away. */
const NOTHING_TAKEN: Taken = { enter: () => undefined, leave: () => undefined, redraw: () => undefined };

/** Milliseconds in which a usual series is read. Ink waits for that: it takes longer to load than all the rest. */
const UNTIL_READ = 300;

/**
 * Shows a review in the terminal until the reader leaves it; stdin and stdout are one. Where there is nothing to
 * read, returns why.
 */
export async function runTerminal(task: Task, options: TerminalOptions): Promise<readonly Diagnostic[]> {
  setEnvironmentOfInk();
  // It reads while this thread loads what draws.
  const background = new BackgroundThread(task);
  const screen = new Screen(process.stdout);
  const guard = new TtyGuard(options.isSpoken ? NOTHING_TAKEN : screen, process.stdin);
  const drawing = new Drawing(options, screen);
  const copied = new Set<string>();
  guard.enter();
  try {
    const { Session } = await import('./session.ts');
    return await new Promise((resolve, reject) => {
      const session = new Session(
        task.request.sources,
        screen.size,
        (question: Question) => background.ask(question),
        {
          leave: () => resolve([]),
          redraw: () => screen.redraw(),
          suspend: () => guard.suspend(),
          copy: (text) => {
            screen.copy(text);
            copied.add(text);
          },
        },
      );
      process.stdout.on('resize', () => {
        screen.redraw();
        session.resize(screen.size);
      });
      const isRead = new Promise<void>((read) => {
        background.start((news) => {
          const isNothing = news.news === 'end' && news.review === undefined;
          if (isNothing && session.known.series === undefined && session.known.mails.length === 0)
            resolve(news.diagnostics);
          else session.learn(news);
          read();
        }, reject);
      });
      drawing.show(session, isRead).catch(reject);
    });
  } finally {
    guard.leave();
    drawing.end();
    // Not every terminal has a clipboard for programs.
    for (const text of copied) process.stdout.write(`${terminalText(text)}\n`);
    process.stdin.unref();
    await background.end();
  }
}

/** A terminal is one in a CI job too, the options say whether there are colours, and React shall not check itself. */
function setEnvironmentOfInk(): void {
  process.env['CI'] = 'false';
  process.env['FORCE_COLOR'] = '1';
  delete process.env['NO_COLOR'];
  process.env['NODE_ENV'] ??= 'production';
}

/** What draws: at first the bare text, then ink with colours and keys. */
class Drawing {
  readonly #options: TerminalOptions;
  readonly #screen: Screen;
  #unmount = (): void => undefined;
  #isOver = false;

  constructor(options: TerminalOptions, screen: Screen) {
    this.#options = options;
    this.#screen = screen;
  }

  /** Ink is loaded when the series is read or takes its time. Keys from before that wait in the terminal. */
  async show(session: Session, isRead: Promise<void>): Promise<void> {
    const paint = (): void =>
      this.#screen.paint(session.frame().map((spans) => spans.map(({ text }) => text).join('')));
    paint();
    const stopPainting = session.subscribe(paint);
    await Promise.race([isRead, sleep(UNTIL_READ, undefined, { ref: false })]);
    // There may have been nothing to show.
    if (this.#isOver) return;
    const start = await loadApp(this.#options);
    stopPainting();
    if (!this.#isOver) this.#unmount = start(session, this.#screen);
  }

  end(): void {
    this.#isOver = true;
    this.#unmount();
  }
}

/** Loads ink and what is drawn with it. The result shows a session and returns what ends that. */
async function loadApp({
  isSpoken,
  hasColours,
}: TerminalOptions): Promise<(session: Session, screen: Screen) => () => void> {
  if (isSpoken) return (await import('./spoken-app.tsx')).showSpoken;
  const { showApp } = await import('./app.tsx');
  return (session, screen) => showApp(session, new FrameStream(screen), hasColours);
}
