// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { findNameBreaks } from '../../src/review-names.ts';
import { fakeResult, fakeStates } from './fake-results.ts';

const where = { version: 1, label: 'v1', machine: 'm' };
const builds = fakeResult({});
const fails = (message: string): typeof builds =>
  fakeResult({}, { untranslated: [{ name: 'vmap', reason: `mm/vmalloc.c:12: ${message}` }] });

describe('a patch that does not build by itself', () => {
  it('names a function that only a later patch brings', () => {
    const states = fakeStates(builds, fails('`vm_shift` is declared nowhere'), builds);
    expect(findNameBreaks(where, states)).toMatchObject([
      { patch: 1, repairedBy: 2, function: 'vmap', file: 'mm/vmalloc.c', line: 12 },
    ]);
  });

  it('gives arguments that only a later patch takes', () => {
    const states = fakeStates(builds, builds, fails('walk takes 5 arguments, 6 are given'), builds);
    expect(findNameBreaks(where, states)).toMatchObject([{ patch: 2, repairedBy: 3 }]);
  });

  it('calls a function that only a later patch defines', () => {
    const reason = '`vm_shift()` is neither in the files that are run nor in the model';
    const missing = fakeResult({}, { notModelled: [{ reason, count: 3 }] });
    const [base, ...others] = fakeStates(builds, missing, builds);
    const calls = { 'mm/vmalloc.c': 'int vmap(void)\n{\n\treturn vm_shift(0);\n}\n' };
    const defines = { 'mm/vmalloc.c': `int vm_shift(int x)\n{\n\treturn x;\n}\n\n${calls['mm/vmalloc.c']}` };
    const states = [base!, { ...others[0]!, source: calls }, { ...others[1]!, source: defines }];
    expect(findNameBreaks(where, states)).toMatchObject([
      { patch: 1, repairedBy: 2, function: 'vmap', file: 'mm/vmalloc.c', line: 3 },
    ]);
    expect(findNameBreaks(where, states.slice(0, 2))).toEqual([]);
    expect(findNameBreaks(where, states.slice(1))).toEqual([]);
  });

  it.each([
    [
      'is unknown up to the end: it may be in a header that is not read',
      [builds, fails('`f` is declared nowhere')],
    ],
    [
      'was unknown before the series',
      [fails('`f` is declared nowhere'), fails('`f` is declared nowhere'), builds],
    ],
    ['is C that is not supported', [builds, fails('`asm goto` is not supported'), builds]],
  ])('nothing is said where a name %s', (_title, states) => {
    expect(findNameBreaks(where, fakeStates(...states))).toEqual([]);
  });
});
