// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/invariants/judge.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree, type SourceText } from '../../src/run/link-tree.ts';
import { runScenario } from '../../src/run/session.ts';
import { Stage } from '../../src/run/stage.ts';
import { embeddedSource } from './fixture-tree.ts';
import { replaceOnce, scenarioOf } from './run-text.ts';

// In some trees the linear map follows set_memory_ro() and set_memory_rw(); in the embedded one it does not.

const machine = machineNamed('arm64-4k')!;
const PAGEATTR = 'arch/arm64/mm/pageattr.c';

const FOLLOW = `
	if (rodata_full && (pgprot_val(set_mask) & PTE_RDONLY || pgprot_val(clear_mask) & PTE_RDONLY)) {
		unsigned int nr;

		for (nr = 0; nr < area->nr_pages; nr++)
			__change_memory_common((unsigned long)page_address(area->pages[nr]), PAGE_SIZE,
					       set_mask, clear_mask);
	}
`;

const followsNot = embeddedSource(machine);
const follows = replaceOnce(
  followsNot,
  PAGEATTR,
  '\tif (!numpages)\n\t\treturn 0;\n',
  `\tif (!numpages)\n\t\treturn 0;\n${FOLLOW}`,
);

/** A series that leads to set_memory_ro() and leaves it alone. */
const elsewhere = (source: SourceText): SourceText =>
  replaceOnce(
    source,
    'mm/vmalloc.c',
    '\tflush_cache_vunmap(addr, end);\n',
    '\tflush_cache_vunmap(min(addr, end), max(addr, end));\n',
  );

const forgetful = replaceOnce(follows, PAGEATTR, 'nr < area->nr_pages', 'nr + 1 < area->nr_pages');

const SCENARIOS = [
  'arch_parse_debug_rodata 16K; __vmalloc_node_range 4K; set_memory_ro #1*1',
  'arch_parse_debug_rodata 64K; __vmalloc_node_range 12K; set_memory_ro #1*3; set_memory_rw #1*3; vfree #1',
];

/** Where set_memory_ro() comes from, how often the promise was asked, and what broke. */
function alias(source: SourceText, mode: 'patched' | 'from-tree', before = source): unknown {
  const linked = linkTree({ machine, source, before, mode });
  const keys = new Set<string>();
  let exercised = 0;
  for (const text of SCENARIOS) {
    const { events, end, notReached } = runScenario(new Stage(linked), scenarioOf(text));
    expect({ end, notReached }).toEqual({ end: { kind: 'completed' }, notReached: [] });
    const outcome = judge({ machine, events }).get('linear/alias')!;
    exercised += outcome.exercised;
    for (const { key } of outcome.violations) keys.add(key);
  }
  const from = linked.bindings.find('set_memory_ro', undefined)?.kind;
  return { from, isExercised: exercised > 0, broken: [...keys] };
}

describe('the linear map follows', () => {
  it('where the tree has it follow', () => {
    expect(alias(follows, 'from-tree')).toEqual({ from: 'c', isExercised: true, broken: [] });
  });

  it('where the model stands in for set_memory_ro()', () => {
    const held = { from: 'model', isExercised: true, broken: [] };
    expect(alias(elsewhere(follows), 'patched', follows)).toEqual(held);
    expect(alias(elsewhere(followsNot), 'patched', followsNot)).toEqual(held);
  });

  it('and a tree that forgets a page breaks the promise', () => {
    const broken = { from: 'c', isExercised: true, broken: ['alias-not-ro'] };
    expect(alias(forgetful, 'from-tree')).toEqual(broken);
    expect(alias(forgetful, 'patched', follows)).toEqual(broken);
  });
});
