// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { findDefects } from '../../src/review-defects.ts';
import type { JobResult } from '../../src/run/job.ts';
import { fakeResult, fakeStates, type Failing } from './fake-results.ts';

const sameCalls = (): string => 'vmap';

/** Defects as `invariant kind patch(-repairedBy) [scenarios]`, states given by what fails in each, base first. */
function check(states: readonly Failing[], expected: readonly string[]): void {
  const defects = findDefects(fakeStates(...states.map((failing) => fakeResult(failing))), sameCalls);
  const shown = defects.map(({ invariant, kind, patch, repairedBy, scenarios }) => {
    const repaired = repairedBy === undefined ? '' : `-${repairedBy}`;
    return `${invariant} ${kind} ${patch}${repaired} [${[...scenarios].toSorted((a, b) => a - b).join(' ')}]`;
  });
  expect(shown).toEqual(expected);
}

const exact = (places: Failing[string]): Failing => ({ 'map/exact': places });
const leaf = (places: Failing[string]): Failing => ({ 'leaf/largest': places });

describe('which patch brought what', () => {
  it('nothing fails, nothing is found', () => check([{}, {}, {}], []));

  it('the first patch after which a scenario fails brought it', () =>
    check(
      [{}, {}, exact({ 'walk:10': [1, 2] }), exact({ 'walk:10': [1, 2] })],
      ['map/exact brought 2 [1 2]'],
    ));

  it('what fails before the series and after it was there', () =>
    check([exact({ 'walk:10': [1] }), exact({ 'walk:12': [1] })], ['map/exact inherited 0 [1]']));

  it('what a patch brings and a later one repairs is told with both', () =>
    check([{}, exact({ 'set:10': [1] }), exact({ 'set:10': [1] }), {}], ['map/exact brought 1-3 [1]']));

  it('two defects that show in one line are told apart by their scenarios', () =>
    check(
      [{}, exact({ 'set:10': [1] }), exact({ 'set:10': [5] }), exact({ 'set:10': [5] })],
      ['map/exact brought 1-2 [1]', 'map/exact brought 2 [5]'],
    ));

  it('a defect that moves to another line and function stays one', () =>
    check([{}, exact({ 'old:10': [1] }), exact({ 'new:30': [1] })], ['map/exact brought 1 [1]']));

  it('a later patch that brings more scenarios to a broken place brings no new defect', () =>
    check(
      [{}, exact({ 'walk:10': [1] }), exact({ 'walk:110': [1, 2, 3] })],
      ['map/exact brought 1 [1 2 3]'],
    ));

  it('what breaks in one place more is new, though its scenarios broke the promise before', () => {
    const base = exact({ 'walk:10': [1, 2, 3] });
    const more = exact({ 'walk:10': [1, 2, 3], 'flush:20': [2, 3] });
    check([base, base, more], ['map/exact inherited 0 [1 2 3]', 'map/exact brought 2 [2 3]']);
    check([base, more, base], ['map/exact inherited 0 [1 2 3]', 'map/exact brought 1-2 [2 3]']);
  });

  it('what breaks in a place instead of another is not', () => {
    const base = exact({ 'walk:10': [1, 2], 'flush:20': [3] });
    check(
      [base, exact({ 'set:30': [1, 2], 'flush:20': [3] })],
      ['map/exact inherited 0 [1 2]', 'map/exact inherited 0 [3]'],
    );
  });

  it('what breaks where the base was broken for other scenarios is new', () =>
    check(
      [exact({ 'walk:10': [1] }), exact({ 'walk:10': [1, 2] })],
      ['map/exact inherited 0 [1]', 'map/exact brought 1 [2]'],
    ));

  it('a cost of the base that shows in a few more scenarios is still the base’s', () => {
    const many = Array.from({ length: 20 }, (_, i) => i);
    check(
      [leaf({ 'walk:10': many }), leaf({ 'walk:10': [...many, 20, 21] })],
      [`leaf/largest inherited 0 [${many.join(' ')}]`],
    );
    check(
      [leaf({ 'walk:10': many }), leaf({ 'walk:10': [...many, 20, 21, 22] })],
      [`leaf/largest inherited 0 [${many.join(' ')}]`, 'leaf/largest brought 1 [20 21 22]'],
    );
  });

  it('what a series mends is no defect', () => check([exact({ 'walk:10': [1] }), {}], []));

  it('what a patch leaves of what it mends stands under that patch', () =>
    check(
      [leaf({ 'walk:10': [1, 2, 3] }), leaf({ 'walk:10': [1, 2, 3] }), leaf({ 'batch:20': [3] })],
      ['leaf/largest left 2 [3]'],
    ));

  it('what the last patches do not get to ended as others of the same place did', () => {
    const broken = fakeResult(exact({ 'walk:10': [1, 2] }));
    const unknown = fakeResult({}, { unjudged: [2] });
    const defects = findDefects(fakeStates(fakeResult({}), broken, unknown, unknown), sameCalls);
    expect(defects.map(({ patch, repairedBy, scenarios }) => [patch, repairedBy, scenarios.size])).toEqual([
      [1, 2, 2],
    ]);
  });

  it('a fault of the base stands under the patch that took its place over', () => {
    const state = (stack: readonly string[], patched: readonly string[]): JobResult => {
      const result = fakeResult(exact({ 'set:10': [1] }), {
        bindings: patched.map((name) => ({ name, origin: 'patched' })),
      });
      const frames = stack.map((name) => ({ function: name }));
      return { ...result, violations: result.violations.map((each) => ({ ...each, stack: frames })) };
    };
    const states = fakeStates(
      state(['set', 'old'], ['set', 'old']),
      state(['set', 'old'], ['set', 'old']),
      state(['set', 'walk'], ['set', 'old', 'walk']),
    );
    expect(findDefects(states, sameCalls)).toMatchObject([{ kind: 'left', patch: 2 }]);
    const renamed = fakeStates(state(['set', 'old'], ['set', 'old']), state(['set', 'now'], ['set', 'now']));
    expect(findDefects(renamed, sameCalls)).toMatchObject([{ kind: 'inherited', patch: 0 }]);
  });

  it('a state that did not get to a scenario neither brings nor repairs', () => {
    const broken = fakeResult(exact({ 'walk:10': [1] }));
    const unknown = fakeResult({}, { unjudged: [1] });
    const defects = findDefects(fakeStates(fakeResult({}), broken, unknown, broken), sameCalls);
    expect(defects.map(({ patch, repairedBy }) => [patch, repairedBy])).toEqual([[1, undefined]]);
  });
});
