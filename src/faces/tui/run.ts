// SPDX-License-Identifier: GPL-2.0-only

import { Worker } from 'node:worker_threads';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { FrameStream } from './frame-stream.ts';
import type { News, Question, Task } from './messages.ts';
import { Screen } from './screen.ts';
import { Session } from './session.ts';
import { TtyGuard, type Taken } from './tty-guard.ts';

export interface TerminalOptions {
  /** NO_COLOR is not set. */
  readonly hasColours: boolean;
  /** As a text that only grows, for a screen reader. */
  readonly isSpoken: boolean;
}

/** Where a text is spoken, nothing is drawn that would have to be taken away. */
const NOTHING_TAKEN: Taken = { enter: () => undefined, leave: () => undefined, redraw: () => undefined };

/**
 * Shows a review in the terminal until the reader leaves it; stdin and stdout are one. Where there is nothing to
 * read, returns why.
 */
export async function runTerminal(task: Task, options: TerminalOptions): Promise<readonly Diagnostic[]> {
  // Beside ours, the environment of ink: a terminal is one in a CI job too, and React shall not check itself.
  process.env['CI'] = 'false';
  process.env['NODE_ENV'] ??= 'production';
  const { stdin, stdout } = process;
  const worker = new Worker(new URL('./background.js', import.meta.url), { workerData: task });
  const screen = new Screen(stdout);
  const guard = new TtyGuard(options.isSpoken ? NOTHING_TAKEN : screen, stdin);
  let unmount = (): void => undefined;
  let isOver = false;
  guard.enter();
  try {
    return await new Promise((resolve, reject) => {
      const session = new Session(
        task.request.sources,
        screen.size,
        (question: Question) => worker.postMessage(question),
        { leave: () => resolve([]), redraw: () => screen.redraw(), suspend: () => guard.suspend() },
      );
      // The first frame does not wait for ink, which takes longer to load than all the rest.
      screen.paint(session.frame().map((spans) => spans.map(({ text }) => text).join('')));
      stdout.on('resize', () => {
        screen.redraw();
        session.resize(screen.size);
      });
      worker.on('message', (news: News) => {
        const isNothing = news.news === 'end' && news.review === undefined;
        if (isNothing && session.known.series === undefined) resolve(news.diagnostics);
        else session.learn(news);
      });
      worker.on('error', reject);
      void (async () => {
        try {
          const show = await loadApp(options);
          // There may have been nothing to show.
          if (!isOver) unmount = show(session, screen);
        } catch (error) {
          reject(error);
        }
      })();
    });
  } finally {
    isOver = true;
    guard.leave();
    unmount();
    stdin.unref();
    await worker.terminate();
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
