// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { heardNow, linesToSay } from '../../../src/faces/tui/spoken.ts';
import { everythingRun, sessionOf } from './embedded-known.ts';

it('a screen reader hears each page in full, then only what changes', () => {
  const { session } = sessionOf(everythingRun);
  const first = heardNow(session);
  const opening = linesToSay(undefined, first);
  expect(opening.join('\n')).toMatch(/v4 on fixtures\/linux: 1 bug/);
  expect(opening.at(-1)).toMatch(/^at: \d\/6 bug +map\/exact/);
  expect(linesToSay(first, heardNow(session))).toEqual([]);
  session.press(['j']);
  const second = heardNow(session);
  expect(linesToSay(first, second)).toEqual([`at: ${second.under}`]);
  session.press(['n']);
  expect(linesToSay(second, heardNow(session))).toEqual(['nothing is looked for: / begins a search']);
  const third = heardNow(session);
  session.press(['tab']);
  expect(linesToSay(third, heardNow(session)).at(-1)).toMatch(/^at: .*\[✗ \d\]$/);
  session.press(['?']);
  expect(linesToSay(third, heardNow(session)).slice(0, 3)).toEqual(['', 'keys', 'Moving']);
});

it('an explanation that was waited for is read when it comes', () => {
  const { session, asked } = sessionOf(everythingRun);
  session.press(['enter']);
  const waiting = heardNow(session);
  expect(waiting.rows.at(-1)).toContain('running the scenario again');
  session.learn({ news: 'answer', key: asked[0]!.key, answer: { to: 'nothing', why: 'the tree is gone' } });
  expect(linesToSay(waiting, heardNow(session)).join('\n')).toContain('the tree is gone');
});
