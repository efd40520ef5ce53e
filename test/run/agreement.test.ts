// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cachedKernel } from '../../src/ingest/kernel-cache.ts';
import { machines } from '../../src/model/machines/machine-list.ts';
import { compareKernels } from '../../src/run/agreement.ts';
import { linkTree, type SourceText } from '../../src/run/link-tree.ts';
import { scenariosFor } from '../../src/run/packs/pack-list.ts';
import { areaUsedBy, type Scenario } from '../../src/run/scenario.ts';
import { printScenario } from '../../src/run/scenario-text.ts';
import { relevantPaths, treeHeaders } from '../../src/run/source.ts';
import { Stage } from '../../src/run/stage.ts';
import type { Machine } from '../../src/trace/machine.ts';
import { embeddedSource } from './fixture-tree.ts';
import { replaceOnce, runText, scenarioOf, stageOf } from './run-text.ts';

/** Scenarios that two kernels do not do alike, or of which nothing can be said though both can, with the first difference. */
function differences(
  left: Stage,
  right: Stage,
  packs: readonly string[] | undefined,
  random: number,
  isMeant: (scenario: Scenario) => boolean = () => true,
): unknown[] {
  return scenariosFor(left.machine, { packs, random, seed: 11 }).flatMap((scenario) => {
    if (!isMeant(scenario)) return [];
    const { verdict, ...rest } = compareKernels(left, right, scenario);
    return verdict === 'agree' || verdict === 'one-sided'
      ? []
      : [{ scenario: printScenario(scenario, left.machine.pageShift), verdict, ...rest }];
  });
}

function stage(machine: Machine, source: SourceText, mode: 'patched' | 'from-tree'): Stage {
  return new Stage(linkTree({ machine, source, mode }));
}

function readTree(root: string, paths: Iterable<string>): SourceText {
  const present = [...paths].filter((path) => existsSync(join(root, path)));
  return Object.fromEntries(present.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Machines that differ only in what they split live run the same code. */
const different = machines.filter((machine) => machine.arch !== 'arm64' || !machine.splitsLive);

describe.each(different.map((machine) => [machine.name, machine] as const))('on %s', (_name, machine) => {
  it('the model and the embedded tree translated in whole agree', () => {
    const source = embeddedSource(machine);
    const model = stage(machine, source, 'patched');
    const whole = stage(machine, source, 'from-tree');
    // Which allocation is a call's nth is each kernel's own, and the model's are those of Linux.
    const refusesNothing = ({ operations }: Scenario) => operations.every(({ fail }) => fail === undefined);
    expect(differences(model, whole, [], 100, refusesNothing)).toEqual([]);
  });

  const tree = cachedKernel('6.12');

  // Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
  it.skipIf(tree === undefined && process.env['CI'] === undefined)('the model and Linux 6.12 agree', () => {
    const root = tree ?? '';
    // What an architecture can map is a matter of the kernel's version: both take it from the tree's headers.
    const model = stage(machine, readTree(root, treeHeaders(machine).values()), 'from-tree');
    const linux = stage(machine, readTree(root, relevantPaths(machine)), 'from-tree');
    expect(linux.linked.bindings.reached.some(({ binding }) => binding.name === 'vmap')).toBe(true);
    // What 6.12 does otherwise on arm64: it flushes before it sets a run, and set_memory_*() takes huge vmalloc areas.
    const packs =
      machine.arch === 'arm64'
        ? ['vmap', 'map-pages', 'map-range', 'remap', 'map-ram', 'failures']
        : undefined;
    const isMeant = (scenario: Scenario) => machine.arch !== 'arm64' || !changesHugeArea(scenario);
    expect(differences(model, linux, packs, 100, isMeant)).toEqual([]);
  });
});

/** Attributes of an area that may hold blocks: 6.12 warns and flushes before it refuses (docs/model-and-linux.md). */
function changesHugeArea({ operations }: Scenario): boolean {
  return operations.some((operation) => {
    const made = operations[areaUsedBy(operation) ?? -1];
    if (made === undefined || !operation.call.startsWith('set_memory_')) return false;
    return made.call === 'vmalloc_huge' || ('flags' in made && made.flags.includes('VM_ALLOW_HUGE_VMAP'));
  });
}

describe('compareKernels', () => {
  const arm64 = machines[0]!;
  const source = embeddedSource(arm64);

  it.each([
    ['flush_cache_vmap(addr, end);\n\n\treturn err;', 'return err;', 'vmap 4K', 'cache-flush'],
    [
      'return get_vm_area_caller(size, flags,',
      'return get_vm_area_caller(size, flags | VM_USERMAP,',
      'get_vm_area 4K',
      'area',
    ],
    [
      'set_pte_at(&init_mm, addr, pte, mk_pte(page, prot));',
      'set_pte_at(&init_mm, addr, pte, mk_pte(pages[0], prot));',
      'vmap 4K*2',
      'leaf',
    ],
    ['return area->addr;', 'return area->addr + PAGE_SIZE;', 'vmap 4K', 'return'],
  ])('sees `%s` become `%s`', (from, to, text, what) => {
    const changed = stage(arm64, replaceOnce(source, 'mm/vmalloc.c', from, to), 'from-tree');
    const { verdict, difference } = compareKernels(stageOf(arm64), changed, scenarioOf(text));
    expect(verdict).toBe('differ');
    expect(difference?.what).toBe(what);
    expect(difference?.left).not.toBe(difference?.right);
    expect(runText(changed, text).events.length).toBeGreaterThan(0);
  });

  it('says nothing where one of the two is not modelled', () => {
    const changed = stage(
      arm64,
      replaceOnce(source, 'mm/vmalloc.c', 'if (count > totalram_pages())', 'if (frob())'),
      'from-tree',
    );
    expect(compareKernels(stageOf(arm64), changed, scenarioOf('vmap 4K'))).toMatchObject({
      verdict: 'not-modelled',
    });
  });
});
