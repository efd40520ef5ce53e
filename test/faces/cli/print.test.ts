// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { hasColours, printLines, printRefusal, widthOf, type Output } from '../../../src/faces/cli/print.ts';
import { ProgressLine } from '../../../src/faces/cli/progress.ts';
import { span } from '../../../src/report/styled-text.ts';

class Screen implements Output {
  text = '';
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

describe('colours', () => {
  it.each([
    ['are for terminals', true, {}, true],
    ['are not for pipes', false, {}, false],
    ['are not for dumb terminals', true, { TERM: 'dumb' }, false],
    ['NO_COLOR takes them away', true, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR says nothing', true, { NO_COLOR: '' }, true],
    ['FORCE_COLOR gives them to pipes', false, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0 takes them away', true, { FORCE_COLOR: '0' }, false],
    ['NO_COLOR wins', false, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ])('%s', (_title, isTTY, environment, expected) => {
    expect(hasColours(new Screen(isTTY), environment)).toBe(expected);
  });
});

describe('the width', () => {
  it.each([
    [{ columns: 132 }, {}, 132],
    [{}, { COLUMNS: '100' }, 100],
    [{}, {}, 80],
    [{}, { COLUMNS: 'wide' }, 80],
    [{ columns: 0 }, {}, 80],
    [{ columns: 5 }, {}, 40],
    [{ columns: 4000 }, {}, 200],
  ])('of %j in %j is %d', (stream, environment, expected) => {
    expect(widthOf({ write: () => true, ...stream }, environment)).toBe(expected);
  });
});

describe('progress', () => {
  it('is for terminals, and gone when it ends', () => {
    const terminal = Object.assign(new Screen(true), { columns: 0 });
    const line = new ProgressLine(terminal);
    line.show('1 of 5 states run');
    line.clear();
    line.clear();
    expect(terminal.text).toBe('\r\u001B[2K1 of 5 states run\r\u001B[2K');
    const pipe = new Screen(false);
    new ProgressLine(pipe).show('1 of 5 states run');
    expect(pipe.text).toBe('');
  });
});

describe('printing', () => {
  const line = [span('ok', 'good'), span(' \u001B[31mred\u001B[0m\u0007'), span('  ')];

  it('shows control characters of the input and ends no line in blanks', () => {
    const pipe = new Screen(false);
    printLines(pipe, [line, []], {});
    expect(pipe.text).toBe('ok ^[[31mred^[[0m^G\n\n');
  });

  it('adds colours of its own where they are wanted', () => {
    const terminal = new Screen(true);
    printLines(terminal, [line], {});
    expect(terminal.text).toBe('\u001B[32mok\u001B[39m ^[[31mred^[[0m^G\n');
  });

  it('refuses in one line', () => {
    const terminal = new Screen(true);
    const diagnostic = {
      code: 'review/no-machine',
      severity: 'error',
      message: 'there is no machine `a\nb`',
    } as const;
    printRefusal(terminal, [diagnostic, diagnostic]);
    expect(terminal.text).toBe('rewalk: review/no-machine: there is no machine `a^Jb`\n');
  });
});
