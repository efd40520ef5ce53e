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
    const missing = fakeResult({}, { bindings: [{ name: 'vm_shift', origin: 'not-modelled' }] });
    const there = fakeResult({}, { bindings: [{ name: 'vm_shift', origin: 'patched' }] });
    expect(findNameBreaks(where, fakeStates(builds, missing, there))).toMatchObject([
      { patch: 1, repairedBy: 2, function: 'vmap', file: 'mm/vmalloc.c', line: 3 },
    ]);
    expect(findNameBreaks(where, fakeStates(builds, missing, missing))).toEqual([]);
    expect(findNameBreaks(where, fakeStates(missing, missing, there))).toEqual([]);
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
