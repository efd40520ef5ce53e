// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { readReviewInput } from '../../src/review-input.ts';
import { relevantSource, statesOf } from '../../src/review-states.ts';
import { judge } from '../../src/invariants/judge.ts';
import { arm64With4k } from '../../src/model/machines/arm64-4k.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { runScenario, type ScenarioRun } from '../../src/run/session.ts';
import { Stage } from '../../src/run/stage.ts';
import { inFixmap } from '../../src/trace/machine.ts';
import { replaceOnce, scenarioOf } from './run-text.ts';

const input = await readReviewInput({
  sources: ['patches/fixmap-slots'],
  tree: undefined,
  versions: undefined,
});
const states = statesOf(input.value!);
const [before, after] = states.map(
  ({ tree }) =>
    new Stage(
      linkTree({ machine: arm64With4k, source: relevantSource(tree, arm64With4k), mode: 'from-tree' }),
    ),
);

function run(stage: Stage, text: string): ScenarioRun {
  const { events, end, notReached } = runScenario(stage, scenarioOf(text));
  expect({ end, notReached }).toEqual({ end: { kind: 'completed' }, notReached: [] });
  return { events, end, notReached };
}

function brokenBy(events: ScenarioRun['events']): string[] {
  const outcomes = judge({ machine: arm64With4k, events });
  return [...outcomes].flatMap(([id, { violations }]) => (violations.length > 0 ? [id] : []));
}

function flushesOfSlots({ events }: ScenarioRun): number {
  return events.slice().filter((event) => event.kind === 'tlb-flush' && inFixmap(arm64With4k, event.start))
    .length;
}

describe('map_mem() of the tree of 2024', () => {
  it.each([
    ['one page', 'map_mem 4K'],
    ['blocks and runs', 'map_mem 36M,4M@+20'],
    ['pages', 'map_mem 3M@+511 leaves=pages'],
    ['memory in three places', 'map_mem 8K,64K,2M leaves=pages'],
  ])('%s: every page is mapped, and no promise broken', (_title, text) => {
    const { events } = run(before!, text);
    expect(brokenBy(events)).toEqual([]);
  });

  it('reaches page tables through slots of the fixmap only: the memory becomes a table when an entry points to it', () => {
    const { events } = run(before!, 'map_mem 4K');
    const written = events
      .slice()
      .flatMap((event) =>
        event.kind === 'access' && event.access === 'write' && inFixmap(arm64With4k, event.addr)
          ? [event.phys]
          : [],
      );
    // A PUD, a PMD and a PTE table: filled with zeroes, then with one entry each.
    expect(new Set(written.map((phys) => Math.floor(phys / 4096))).size).toBe(3);
  });

  it('invalidates once for every table, and after the patch once for 16 of the last level', () => {
    const text = 'map_mem 66M leaves=pages';
    // 33 tables of pages, one of PMDs, one of PUDs.
    expect(flushesOfSlots(run(before!, text))).toBe(35);
    // Twice all 16, once the last one.
    expect(flushesOfSlots(run(after!, text))).toBe(5);
  });
});

/** What v2 of the series would break with one line of it changed. */
describe('lazily cleared slots, done wrong', () => {
  const patched = relevantSource(states.at(-1)!.tree, arm64With4k);
  const text = 'map_mem 66M leaves=pages';
  const mutant = (file: string, from: string, to: string): Stage =>
    new Stage(
      linkTree({ machine: arm64With4k, source: replaceOnce(patched, file, from, to), mode: 'from-tree' }),
    );
  const MMU = 'arch/arm64/mm/mmu.c';

  it.each([
    ['no cleanup', '\t.cleanup = clear_pte_fixmap_slots,\n', '', ['fixmap/cleanup', 'map/exact']],
    [
      'a slot is left out of the flush',
      'flush_tlb_kernel_range(start, end);',
      'flush_tlb_kernel_range(start, end - PAGE_SIZE);',
      ['fixmap/cleanup', 'flush/tlb'],
    ],
    ['no flush', '\tflush_tlb_kernel_range(start, end);\n', '', ['fixmap/cleanup', 'flush/tlb']],
    [
      'the flush goes the wrong way',
      'flush_tlb_kernel_range(start, end);',
      'flush_tlb_kernel_range(end, start);',
      ['fixmap/cleanup', 'flush/once', 'flush/tlb'],
    ],
    [
      'slots are used again without being cleared',
      'if (pte_slot_next < FIX_PTE_END)\n\t\tclear_pte_fixmap_slots();',
      'if (pte_slot_next < FIX_PTE_END)\n\t\tpte_slot_next = FIX_PTE_BEGIN;',
      ['bbm', 'fixmap/cleanup', 'flush/tlb', 'map/exact'],
    ],
  ])('%s', (_title, from, to, broken) => {
    expect(brokenBy(run(mutant(MMU, from, to), text).events).toSorted()).toEqual(broken);
  });
});

describe('__set_fixmap()', () => {
  it('maps a page and clears it, with a flush', () => {
    const { events } = run(before!, '__set_fixmap FIX_TEXT_POKE0 4K; __set_fixmap FIX_TEXT_POKE0 none');
    expect(brokenBy(events)).toEqual([]);
  });

  it('is not reached where the tree has no such slot', () => {
    const { notReached } = runScenario(before!, scenarioOf('__set_fixmap FIX_NONE 4K'));
    expect(notReached).toMatchObject([{ reason: 'the tree has no slot FIX_NONE' }]);
  });
});
