// SPDX-License-Identifier: GPL-2.0-only
import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, it, vi } from 'vitest';
import { App } from '../../../src/faces/tui/app.tsx';
import { everythingRun, screenOf, sessionOf } from './embedded-known.ts';

afterEach(() => cleanup());

type Rendered = ReturnType<typeof render>;

/** Ink hands keys on after the current turn, or later on a busy machine. */
async function shows({ lastFrame }: Rendered, wanted: (lines: readonly string[]) => void): Promise<void> {
  await vi.waitFor(() => wanted((lastFrame() ?? '').split('\n').map((line) => line.trimEnd())), 60_000);
}

it('draws the frame of the session, and passes keys on', async () => {
  const { session, done } = sessionOf(everythingRun);
  const app = render(<App session={session} hasColours />);
  const first = screenOf(session);
  await shows(app, (lines) => expect(lines).toEqual(first));
  app.stdin.write('\u001B[B');
  await shows(app, (lines) => expect(lines).not.toEqual(first));
  await shows(app, (lines) => expect(lines).toEqual(screenOf(session)));
  app.stdin.write('k');
  await shows(app, (lines) => expect(lines).toEqual(first));
  app.stdin.write('/map');
  await shows(app, (lines) => expect(lines.at(-1)).toMatch(/^\/map▏/));
  app.stdin.write('\u001B');
  await shows(app, (lines) => expect(lines.at(-1)).not.toContain('/map'));
  app.stdin.write('\r');
  await shows(app, (lines) => expect(lines[0]).toContain('v4-'));
  app.stdin.write('\u0003');
  await vi.waitFor(() => expect(done).toEqual(['leave']), 60_000);
});

it('follows what is learnt', async () => {
  const { session } = sessionOf([]);
  const app = render(<App session={session} hasColours={false} />);
  expect(app.lastFrame()).toContain('reading the series');
  for (const news of everythingRun) session.learn(news);
  await shows(app, (lines) => expect(lines).toContain('  Findings in v4'));
});
