// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import type { FindingContext } from '../../src/review-findings.ts';
import { findNameBreaks, nameFindings, unreadAtTip } from '../../src/review-names.ts';
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

  it('holds C that cannot be read until a later patch puts it right', () => {
    const unread = fakeResult(
      {},
      {
        diagnostics: [
          {
            code: 'translate/preprocess',
            severity: 'warning',
            message: 'unbalanced brackets',
            where: { file: 'mm/vmalloc.c', line: 3 },
          },
        ],
      },
    );
    const text = 'int vmap(void)\n{\n\treturn f(0;\n}\n';
    const states = fakeStates(builds, unread, builds).map((state) => ({
      ...state,
      source: { 'mm/vmalloc.c': text },
    }));
    expect(findNameBreaks(where, states)).toMatchObject([
      { patch: 1, repairedBy: 2, function: 'vmap', line: 3, message: 'unbalanced brackets' },
    ]);
    expect(unreadAtTip(states, 'v1')).toEqual([]);
    expect(findNameBreaks(where, states.slice(0, 2))).toEqual([]);
    expect(unreadAtTip(states.slice(0, 2), 'v1')).toMatchObject([
      { code: 'review/unread', severity: 'error', message: expect.stringContaining('mm/vmalloc.c:3: ') },
    ]);
    expect(unreadAtTip([states[1]!, states[1]!], 'v1')).toEqual([]);
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
    [
      'stays unknown in a function of another name',
      [
        builds,
        fails('`f` is declared nowhere'),
        fakeResult(
          {},
          { untranslated: [{ name: 'vmap_new', reason: 'mm/vmalloc.c:14: `f` is declared nowhere' }] },
        ),
      ],
    ],
    ['is C that is not supported', [builds, fails('`asm goto` is not supported'), builds]],
  ])('nothing is said where a name %s', (_title, states) => {
    expect(findNameBreaks(where, fakeStates(...states))).toEqual([]);
  });
});

it('one reason in several functions and on several machines is one finding', () => {
  const at = { version: 1, label: 'v1', patch: 1, repairedBy: 2, file: 'mm/vmalloc.c', line: 3 };
  const message = '`struct vmap_block` has no member `free_list`';
  const breaks = ['m', 'n'].flatMap((machine) =>
    ['vb_alloc', 'vb_free'].map((name) => ({ ...at, message, machine, function: name })),
  );
  const context = { tree: 'linux', sources: ['s'], subjectOf: () => undefined } as unknown as FindingContext;
  expect(nameFindings(breaks, context)).toMatchObject([
    { machines: ['m', 'n'], where: { function: 'vb_alloc' }, seen: `${message}, as in 1 more function` },
  ]);
});
