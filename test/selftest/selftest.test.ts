// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { plainText } from '../../src/report/styled-text.ts';
import { renderSelftest } from '../../src/report/selftest-text.ts';
import type { SelftestBinding } from '../../src/report/selftest.ts';
import { selftest, type SelftestRequest } from '../../src/selftest.ts';
import { SMALL_MODULE, smallModule, treeWithModule } from './small-module.ts';

const { tree, remove } = treeWithModule(smallModule(false));
const marked = treeWithModule(smallModule(true));

afterAll(() => {
  remove();
  marked.remove();
});

function lineOf(text: string): number {
  return SMALL_MODULE.slice(0, SMALL_MODULE.indexOf(text)).split('\n').length;
}

function request(asked: Partial<SelftestRequest>): SelftestRequest {
  return {
    tree,
    machine: 'arm64-4k',
    series: [],
    version: undefined,
    patch: undefined,
    bindings: ['tree'],
    parameters: [],
    cases: [],
    seed: 1,
    ...asked,
  };
}

async function outcomes(asked: Partial<SelftestRequest>): Promise<Record<string, string>> {
  const { value } = await selftest(request(asked));
  return Object.fromEntries(
    value!.runs[0]!.results.map((each) => [
      each.case,
      `${each.outcome}${each.asExpected ? '' : ' unexpected'}`,
    ]),
  );
}

describe('what can come of a case', () => {
  test.each(['tree', 'model'] satisfies SelftestBinding[])('on the %s', async (binding) => {
    expect(await outcomes({ bindings: [binding] })).toEqual({
      passes: 'pass',
      fails: 'fail unexpected',
      fails_as_said: 'fail',
      passes_marked: 'pass',
      leaks: 'pass unexpected',
      writes_behind: 'fault unexpected',
      does_not_end: 'endless unexpected',
      asks_others: 'not-modelled unexpected',
      warns: 'pass unexpected',
      needs_too_much: 'out-of-memory unexpected',
      returns_chance: 'fail unexpected',
    });
  });

  test('a table that can mark cases decides alone, and a marked case that passes is not held against it', async () => {
    const cases = ['fails_as_said', 'passes_marked'];
    expect(await outcomes({ tree: marked.tree, cases })).toEqual({
      fails_as_said: 'fail unexpected',
      passes_marked: 'pass',
    });
    const { value } = await selftest(request({ tree: marked.tree, cases }));
    expect(value!.cases).toEqual([
      { name: 'fails_as_said', expected: 'pass', expectedBy: undefined },
      { name: 'passes_marked', expected: 'fail', expectedBy: 'xfail' },
    ]);
  });

  test('is told with the line of C', async () => {
    const { value } = await selftest(request({ cases: ['writes_behind', 'warns', 'leaks', 'asks_others'] }));
    const [leaks, behind, others, warns] = value!.runs[0]!.results;
    expect(leaks!.pagesLeft).toBe(3);
    expect(behind!.complaints).toEqual([
      `unmapped write at lib/test_vmalloc.c:${lineOf('p[PAGE_SIZE] = 1')} writes_behind()`,
    ]);
    expect(others!.reason).toContain('`start_machine_that_nobody_knows()`');
    expect(warns!.complaints).toEqual([
      `WARN: turns > 0 at lib/test_vmalloc.c:${lineOf('WARN_ON(turns > 0)')} warns()`,
    ]);
    const text = renderSelftest(value!, 80).map(plainText).join('\n');
    expect(text).toMatch(/^writes_behind +FAULT +\d+$/m);
    expect(text).toContain('    3 pages allocated and not freed');
    expect(text).toContain("the tree's C: 0 of 4 cases as expected");
    expect(text).toContain('nothing concurrent (asked_of_nobody)');
  });
});

describe('parameters', () => {
  test('change what cases do', async () => {
    const [few, many] = await Promise.all(
      ['turns=2', 'turns=0x20'].map((parameter) =>
        selftest(request({ parameters: [parameter], cases: ['passes'] })),
      ),
    );
    expect(many!.value!.runs[0]!.results[0]!.steps).toBeGreaterThan(
      few!.value!.runs[0]!.results[0]!.steps * 10,
    );
    expect(few!.value!.parameters).toContainEqual({ name: 'turns', value: 2, initial: 1000 });
    expect(await outcomes({ parameters: ['turns=0'], cases: ['warns', 'does_not_end'] })).toEqual({
      warns: 'pass',
      does_not_end: 'pass',
    });
  });

  test.each([
    ['asked_of_nobody=1', 'for the threads of the module'],
    ['no_such=1', 'no parameter of the module; what its cases look at is turns, marked'],
    ['turns', 'no value for `turns`'],
    ['turns=1e3', '`1e3` is no value'],
    ['turns=3000000000', '`3000000000` is no value'],
    ['marked=2', '`2` is no value for `marked`'],
    ['__proto__=1', 'no parameter of the module'],
  ])('%s is refused', async (parameter, why) => {
    const { value, diagnostics } = await selftest(request({ parameters: [parameter] }));
    expect(value).toBeUndefined();
    expect(diagnostics[0]!.code).toBe('run/bad-parameter');
    expect(diagnostics[0]!.message).toContain(why);
  });

  test('a case that the module does not have is refused', async () => {
    const { diagnostics } = await selftest(request({ cases: ['no_such_test'] }));
    expect(diagnostics[0]!.message).toContain('there is no case `no_such_test`; there are passes, fails');
  });
});

test.each(['tree', 'model'] satisfies SelftestBinding[])(
  'a series is applied before the cases run on the %s',
  async (binding) => {
    const file = 'mm/vmalloc.c';
    const lines = readFileSync(join(tree, file), 'utf8').split('\n');
    const at = lines.findIndex((line) => line.includes('__free_page(area->pages[i]);'));
    const hunk = [-1, 0, 1].map((step) => `${step === 0 ? '-' : ' '}${lines[at + step]}\n`).join('');
    const patch = join(tree, 'leak.patch');
    const head = 'From: A <a@example.org>\nSubject: [PATCH] mm/vmalloc: Keep pages\n\n---\n';
    writeFileSync(patch, `${head}--- a/${file}\n+++ b/${file}\n@@ -${at},3 +${at},2 @@\n${hunk}`);
    const asked = { bindings: [binding], cases: ['passes'], parameters: ['turns=5'] };
    expect(await outcomes(asked)).toEqual({ passes: 'pass' });
    expect(await outcomes({ ...asked, series: [patch] })).toEqual({ passes: 'pass unexpected' });
  },
);

test('numbers of chance depend on the seed alone', async () => {
  const returned = async (seed: number): Promise<number | undefined> => {
    const { value } = await selftest(request({ cases: ['returns_chance'], seed }));
    return value!.runs[0]!.results[0]!.returned;
  };
  expect(await returned(7)).toBe(await returned(7));
  expect(await returned(7)).not.toBe(await returned(8));
});

test('a tree without the module is refused in one sentence', async () => {
  const { diagnostics } = await selftest(request({ tree: 'fixtures/linux' }));
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]!.message).toBe(
    '`fixtures/linux` has no `lib/test_vmalloc.c`, or it lists no cases there',
  );
});
