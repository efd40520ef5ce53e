// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { failingBy, findDefects } from '../../src/review-defects.ts';
import { makeFindings, type VersionDefects } from '../../src/review-findings.ts';
import { fakeResult, fakeStates, type Failing } from './fake-results.ts';

const context = {
  tree: 'linux',
  sources: ['a series'],
  fromTree: false,
  subjectOf: (label: string, patch: number) => `${label} subject ${patch}`,
  changedBy: () => [],
};

/** A version on one machine, its states given by what fails in each, base first. */
function version(number: number, machine: string, states: readonly Failing[]): VersionDefects {
  const judged = fakeStates(...states.map((failing) => fakeResult(failing)));
  return {
    version: number,
    label: number === 0 ? 'base' : `v${number}`,
    machine,
    defects: findDefects(judged, () => 'vmap'),
    failingAtTip: failingBy(judged.at(-1)!.result),
  };
}

const flush = (scenarios: readonly number[], place = 'vmap:10'): Failing => ({
  'flush/cache-vmap': { [place]: scenarios },
});

describe('findings', () => {
  it('a defect that a later version does not have is fixed there', () => {
    const findings = makeFindings(
      [
        version(0, 'm', [{}]),
        version(1, 'm', [{}, flush([1])]),
        version(2, 'm', [{}, {}, flush([1, 2])]),
        version(3, 'm', [{}, {}]),
      ],
      context,
    );
    expect(
      findings.map(({ label, patch, status, fixedIn }) => [label, patch, status, fixedIn?.label]),
    ).toEqual([
      ['v1', 1, 'fixed-later', 'v3'],
      ['v2', 2, 'fixed-later', 'v3'],
    ]);
    expect(findings[0]?.defect).toBe(findings[1]?.defect);
    expect(findings[0]?.id).not.toBe(findings[1]?.id);
    expect(findings[1]).toMatchObject({
      subject: 'v2 subject 2',
      count: 2,
      where: { file: 'mm/vmalloc.c', line: 10, function: 'vmap' },
      replay: "rewalk replay 'vmap 1' --machine m --tree linux --series 'a series' --version 2 --patch 2",
    });
  });

  it('what the tree has too does not keep a defect alive that one of its scenarios shows beside it', () => {
    const both: Failing = { 'flush/cache-vmap': { 'vmap:10': [1, 2, 3], 'base:20': [3] } };
    const findings = makeFindings(
      [
        version(0, 'm', [flush([3], 'base:20')]),
        version(1, 'm', [flush([3], 'base:20'), both]),
        version(2, 'm', [flush([3], 'base:20'), flush([3], 'base:20')]),
        version(3, 'm', [flush([3], 'base:20'), both]),
      ],
      context,
    );
    expect(findings.map(({ label, inBase, fixedIn }) => [label, inBase, fixedIn?.label])).toEqual([
      ['base', true, undefined],
      ['v1', false, 'v2'],
      ['v3', false, undefined],
    ]);
  });

  it('what several calls leave in the same way is one defect in all versions, whichever of them leave it', () => {
    const left: Failing = { 'area/record': { 'vmap:10': [1, 2, 3], 'vmalloc:20': [4] } };
    const less: Failing = { 'area/record': { 'vmalloc:20': [4] } };
    const findings = makeFindings(
      [
        version(0, 'm', [{}]),
        version(1, 'm', [{}, left]),
        version(2, 'm', [{}, less]),
        version(3, 'm', [{}, {}]),
      ],
      context,
    );
    const told = findings.map(({ label, where, follows, fixedIn }) => [
      label,
      where.function,
      follows,
      fixedIn?.label,
    ]);
    const [root, , later] = findings;
    expect(told).toEqual([
      ['v1', 'vmap', undefined, 'v3'],
      ['v1', 'vmalloc', root?.id, 'v3'],
      ['v2', 'vmalloc', undefined, 'v3'],
    ]);
    expect(later?.defect).toBe(root?.defect);
  });

  it('what the last version still has was introduced', () => {
    const findings = makeFindings([version(0, 'm', [{}]), version(4, 'm', [{}, {}, flush([1])])], context);
    expect(findings).toMatchObject([{ version: 4, patch: 2, status: 'introduced', inBase: false }]);
  });

  it('what the base has stands under the base, once', () => {
    const findings = makeFindings(
      [version(0, 'm', [flush([1])]), version(1, 'm', [flush([1]), flush([1])])],
      context,
    );
    expect(findings).toMatchObject([{ version: 0, patch: 0, status: 'pre-existing', inBase: true }]);
  });

  it('one defect on several machines is one finding', () => {
    const findings = makeFindings(
      [version(1, 'a', [{}, flush([1, 2])]), version(1, 'b', [{}, flush([1])])],
      context,
    );
    expect(findings).toMatchObject([{ machine: 'a', machines: ['a', 'b'], count: 3 }]);
  });

  it('a patch that breaks several promises until a later one repairs them is one finding of bisect', () => {
    const both: Failing = { ...flush([1]), 'map/exact': { 'set:5': [1] }, 'leaf/largest': { 'set:5': [4] } };
    const findings = makeFindings([version(1, 'm', [{}, both, {}]), version(2, 'm', [{}, {}])], context);
    expect(findings).toMatchObject([
      {
        invariant: 'bisect',
        severity: 'bug',
        patch: 1,
        repairedBy: 2,
        status: 'fixed-later',
        fixedIn: { label: 'v2' },
      },
    ]);
    expect([...(findings[0]?.breaks ?? [])].toSorted()).toEqual([
      'flush/cache-vmap',
      'leaf/largest',
      'map/exact',
    ]);
  });
});
