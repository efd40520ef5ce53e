// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { reduceScenario, scenarioWeight } from '../../src/run/reduce.ts';
import { printScenario } from '../../src/run/scenario-text.ts';
import { countPages, type Scenario } from '../../src/run/scenario.ts';
import { scenarioOf } from './run-text.ts';
import { anyScenario } from './scenario-generators.ts';

const arm64 = machineNamed('arm64-4k')!;

function reduced(text: string, shows: (scenario: Scenario) => boolean, tries = 500): string {
  return printScenario(reduceScenario(scenarioOf(text), tries, arm64, shows), 12);
}

const pagesOf = ({ operations }: Scenario): number =>
  operations.reduce((sum, operation) => sum + ('pages' in operation ? countPages(operation.pages) : 0), 0);

describe('reduceScenario', () => {
  it('takes away operations, and the numbers of areas follow', () => {
    const text = 'vmap 4K; vmap 64K; set_memory_ro #1+2*3; vunmap #0; vunmap #1';
    expect(reduced(text, ({ operations }) => operations.some(({ call }) => call === 'set_memory_ro'))).toBe(
      'vmap 4K; set_memory_ro #0*1',
    );
  });

  it('takes away groups, pages and oddities', () => {
    const text = 'vmap 4K*7,+64K[1+9],2M@+3*2,null prot=ro flags=VM_MAP|VM_ALLOW_HUGE_VMAP';
    expect(reduced(text, (scenario) => pagesOf(scenario) >= 20)).toBe('vmap 80K');
    expect(reduced(text, (scenario) => JSON.stringify(scenario).includes('"follows":true'))).toBe('vmap +4K');
    expect(reduced(text, (scenario) => JSON.stringify(scenario).includes('null'))).toBe('vmap null');
  });

  it('lowers page_shift to what other leaves have', () => {
    expect(reduced('vmap_pages_range w+512 4M prot=rox shift=22', () => true)).toBe(
      'vmap_pages_range w 4K shift=12',
    );
    expect(
      reduced(
        'vmap_pages_range w 4M shift=22',
        ({ operations: [one] }) => one !== undefined && 'shift' in one && one.shift > 16,
      ),
    ).toBe('vmap_pages_range w 4K shift=21');
  });

  it('keeps what shows it, grows nothing, and ends', () => {
    fc.assert(
      fc.property(anyScenario, fc.nat(60), fc.nat(40), (scenario, least, tries) => {
        let runs = 0;
        const shows = (candidate: Scenario): boolean => {
          runs++;
          return pagesOf(candidate) >= Math.min(least, pagesOf(scenario));
        };
        const result = reduceScenario(scenario, tries, arm64, shows);
        expect(runs).toBeLessThanOrEqual(4 * tries);
        expect(shows(result)).toBe(true);
        expect(scenarioWeight(result)).toBeLessThanOrEqual(scenarioWeight(scenario));
        expect(scenarioOf(printScenario(result, 12))).toEqual(result);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
