// SPDX-License-Identifier: GPL-2.0-only
import { beforeAll, describe, expect, it } from 'vitest';
import { runHot, runTranslated } from '../standalone.ts';
import { CORNERS } from './corner-programs.ts';
import { gccReturns, lacksGcc } from './gcc.ts';
import { PRELUDE } from './program.ts';

/** Each corner as C functions, of which the last one has the name. */
const corners = Object.entries(CORNERS).map(([title, text], index) => {
  const name = `corner_${index}`;
  const [body = '', before = ''] = text.split('---').toReversed();
  return { title, name, text: `${before}\nlong long ${name}(void)\n{${body}\n}\n` };
});

describe.skipIf(lacksGcc())('corners of C mean what gcc makes of them', () => {
  const expected = new Map<string, bigint>();

  beforeAll(() => {
    const names = corners.map(({ name }) => name);
    const results = gccReturns(PRELUDE + corners.map(({ text }) => text).join(''), names);
    for (const [index, name] of names.entries()) expected.set(name, results[index]!);
  });

  it.each(corners)('$title', ({ name, text }) => {
    expect(BigInt.asIntN(64, runTranslated(PRELUDE + text, name))).toBe(expected.get(name));
    expect(BigInt.asIntN(64, runHot(PRELUDE + text, name))).toBe(expected.get(name));
  });
});
