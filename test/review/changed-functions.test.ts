// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { changedOnTheWay } from '../../src/review-changed-functions.ts';

const file = 'mm/vmalloc.c';
const changed = (...names: string[]) =>
  names.map((name, i) => ({ function: name, file, line: 100 * (i + 1), end: 100 * (i + 1) + 9 }));
const frame = (name: string, line: number) => ({ function: name, file, line });
const where = frame('vunmap', 5);

describe('what a finding has to do with its patch', () => {
  it('nothing more than its place, where the patch changes that function', () => {
    const own = frame('vunmap', 205);
    const stack = [own, frame('caller', 20)];
    // Callers may know it by another name.
    for (const name of ['vunmap', 'vunmap_noprof']) {
      const found = changedOnTheWay({ where: own, stack, ran: stack }, changed('caller', name));
      expect(found).toBeUndefined();
    }
  });

  it('the innermost function of the call stack that the patch changes, at the line of its call', () => {
    const stack = [{ function: 'of the model' }, where, frame('inner', 20), frame('outer', 30)];
    expect(changedOnTheWay({ where, stack, ran: [] }, changed('outer', 'inner'))).toEqual({
      onStack: true,
      functions: [frame('inner', 20)],
    });
  });

  it('else those that the scenario runs, where they begin', () => {
    const ran = [frame('ran', 0), frame('also', 0), frame('unchanged', 0)];
    expect(changedOnTheWay({ where, stack: [where], ran }, changed('idle', 'ran', 'also'))).toEqual({
      onStack: false,
      functions: [frame('ran', 200), frame('also', 300)],
    });
  });

  it('none is guessed where the scenario runs none, or one of another file that has the name', () => {
    const ran = [{ function: 'ran', file: 'mm/ioremap.c' }];
    expect(changedOnTheWay({ where, stack: [], ran }, changed('ran'))).toBeUndefined();
  });
});
