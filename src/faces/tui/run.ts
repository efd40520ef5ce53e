// SPDX-License-Identifier: GPL-2.0-only

import { Worker } from 'node:worker_threads';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { FrameStream } from './frame-stream.ts';
import type { News, Question, Task } from './messages.ts';
import { Screen } from './screen.ts';
import { Session } from './session.ts';
import { TtyGuard } from './tty-guard.ts';

/**
 * Shows a review in the terminal until the reader leaves it; stdin and stdout are one. Where there is nothing to
 * read, returns why.
 */
export async function runTerminal(task: Task, hasColours: boolean): Promise<readonly Diagnostic[]> {
  // Beside ours, the environment of ink: a terminal is one in a CI job too, and React shall not check itself.
  process.env['CI'] = 'false';
  process.env['NODE_ENV'] ??= 'production';
  const { stdin, stdout } = process;
  const worker = new Worker(new URL('./background.js', import.meta.url), { workerData: task });
  const screen = new Screen(stdout);
  const guard = new TtyGuard(screen, stdin);
  let unmount = (): void => undefined;
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
          const { showApp } = await import('./app.tsx');
          unmount = showApp(session, new FrameStream(screen), hasColours);
        } catch (error) {
          reject(error);
        }
      })();
    });
  } finally {
    guard.leave();
    unmount();
    stdin.unref();
    await worker.terminate();
  }
}
