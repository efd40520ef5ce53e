// SPDX-License-Identifier: GPL-2.0-only

import { expect, test } from 'vitest';
import { terminalLines, terminalText } from '../../src/report/terminal-text.ts';

test('what a terminal would obey is shown instead', () => {
  expect(terminalText('a\u001b[31mb\u0007\n\u007f\tç 漢 🙂')).toBe('a^[[31mb^G^J^?\tç 漢 🙂');
  expect(terminalText('\u009b31m \u202eabc\u2066 \ud800 \ufeff')).toBe(
    '<U+009B>31m <U+202E>abc<U+2066> <U+D800> <U+FEFF>',
  );
  expect(terminalLines('a\u001b\nb')).toBe('a^[\nb');
});
