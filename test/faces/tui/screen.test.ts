// SPDX-License-Identifier: GPL-2.0-only
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Screen } from '../../../src/faces/tui/screen.ts';

let folder: string;
let fd: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rewalk-screen-'));
  fd = openSync(join(folder, 'out'), 'w');
});

afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

/** What was written since the last look. */
function screenWith(size: { columns?: number; rows?: number }): { screen: Screen; written: () => string } {
  let seen = 0;
  const screen = new Screen({ fd, ...size, write: (text: string) => writeSync(fd, text) });
  const written = (): string => {
    const all = readFileSync(join(folder, 'out'), 'utf8');
    const fresh = all.slice(seen);
    seen = all.length;
    return fresh;
  };
  return { screen, written };
}

it('takes the alternate screen and gives it back, once', () => {
  const { screen, written } = screenWith({ columns: 80, rows: 24 });
  screen.enter();
  expect(written()).toContain('\u001B[?1049h');
  screen.enter();
  expect(written()).toBe('');
  screen.leave();
  expect(written().endsWith('\u001B[?25h\u001B[?1049l')).toBe(true);
  screen.leave();
  screen.paint(['late']);
  expect(written()).toBe('');
  screen.enter();
  expect(written()).toContain('late');
});

it('writes only the lines that changed, each in its place', () => {
  const { screen, written } = screenWith({ columns: 80, rows: 24 });
  screen.enter();
  screen.paint(['one', 'two', 'three']);
  written();
  screen.paint(['one', 'TWO', 'three']);
  const change = written();
  expect(change).toContain('\u001B[2;1H');
  expect(change).toContain('TWO');
  expect(change).not.toContain('one');
  screen.paint(['one', 'TWO', 'three']);
  expect(written()).toBe('');
  screen.redraw();
  const whole = written();
  expect(whole).toContain('\u001B[2J');
  expect(whole).toMatch(/one.*TWO.*three/);
});

it('never erases what has scrolled away, nor writes below the last line', () => {
  const { screen, written } = screenWith({ columns: 80, rows: 2 });
  screen.enter();
  screen.paint(['one', 'two', 'three']);
  const text = written();
  expect(text).not.toContain('three');
  expect(text).not.toContain('\n');
  expect(text).not.toContain('\u001B[3J');
});

it('hands a text to the clipboard in a form in which nothing of it reaches the terminal', () => {
  const { screen, written } = screenWith({ columns: 80, rows: 24 });
  screen.copy('early');
  expect(written()).toBe('');
  screen.enter();
  written();
  screen.copy('rewalk replay \u001B[31m日本');
  const text = Buffer.from('rewalk replay \u001B[31m日本').toString('base64');
  expect(written()).toBe(`\u001B]52;c;${text}\u0007`);
});

it('takes 80 by 24 where a terminal says nothing', () => {
  expect(screenWith({}).screen.size).toEqual({ columns: 80, rows: 24 });
  expect(screenWith({ columns: 0, rows: 0 }).screen.size).toEqual({ columns: 80, rows: 24 });
});
