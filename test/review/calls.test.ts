// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { MemoryTree, OverlayTree } from '../../src/ingest/source-tree.ts';
import { callScope, comparableSources } from '../../src/review-calls.ts';
import type { SourceText } from '../../src/run/link-tree.ts';
import { scenariosFor } from '../../src/run/packs/pack-list.ts';
import { embeddedSource } from '../run/fixture-tree.ts';
import { replaceOnce } from '../run/run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const tree = embeddedSource(arm64);

function affectedBy(path: string, from: string, to: string): readonly string[] {
  return callScope([tree, replaceOnce(tree, path, from, to)], arm64)!.affected;
}

describe('the calls that a review makes', () => {
  it('are all that the tree has, where nothing changes', () => {
    const scope = callScope([tree], arm64)!;
    expect(scope.affected).toEqual(scope.present);
    expect(scope.present).toEqual(expect.arrayContaining(['vmap', 'vmalloc', 'vfree', 'set_memory_ro']));
    expect(scope.present).not.toContain('vm_map_ram');
  });

  it('are those that reach a changed function, macro or inline function', () => {
    const unmap = affectedBy(
      'mm/vmalloc.c',
      'void vunmap_range(unsigned long addr',
      'void vunmap_range(const unsigned long addr',
    );
    expect(unmap).toContain('vunmap_range');
    expect(unmap).not.toContain('vmap_page_range');
    const leaf = affectedBy(
      'mm/vmalloc.c',
      'static int vmap_try_huge_pmd(pmd_t *pmd',
      'static int vmap_try_huge_pmd(pmd_t *p',
    );
    expect(leaf).toEqual(expect.arrayContaining(['vmap_page_range', 'vmalloc_huge']));
    expect(leaf).not.toContain('vfree');
    expect(
      affectedBy(
        'arch/arm64/mm/pageattr.c',
        'int set_memory_nx(unsigned long addr',
        'int set_memory_nx(unsigned long a',
      ),
    ).toEqual(['set_memory_nx']);
  });

  it('are those too that are given what a changed function makes', () => {
    const made = affectedBy(
      'arch/arm64/mm/hugetlbpage.c',
      'pte_t arch_make_huge_pte(pte_t entry',
      'pte_t arch_make_huge_pte(const pte_t entry',
    );
    expect(made).toEqual(expect.arrayContaining(['arch_make_huge_pte', 'set_huge_pte_at']));
  });

  it('are all where it cannot be told: no file, a changed option', () => {
    const { 'mm/vmalloc.c': _vmalloc, ...others } = tree;
    expect(callScope([others], arm64)).toBeUndefined();
    const config: SourceText = { ...tree, 'arch/arm64/Kconfig': 'config ARM64\n' };
    expect(callScope([tree, config], arm64)!.affected).toEqual(callScope([tree], arm64)!.present);
  });

  it('decide which scenarios run', () => {
    const calls = { present: ['vmap', 'vunmap', 'vfree'], affected: ['vunmap'] };
    const scenarios = scenariosFor(arm64, { packs: undefined, random: 0, seed: 1, calls });
    expect(scenarios.length).toBeGreaterThan(50);
    for (const { operations } of scenarios) {
      const called = operations.map(({ call }) => call);
      expect(called).toContain('vunmap');
      expect(called.filter((call) => !calls.present.includes(call))).toEqual([]);
    }
  });

  it('decide which packs run: a full address space is for those who look for addresses', () => {
    const fills = (path: string, from: string, to: string): boolean => {
      const calls = callScope([tree, replaceOnce(tree, path, from, to)], arm64);
      const scenarios = scenariosFor(arm64, { packs: ['full-space'], random: 0, seed: 1, calls });
      return scenarios.length > 0;
    };
    expect(
      fills(
        'mm/vmalloc.c',
        'vmap_area *alloc_vmap_area(unsigned long size',
        'vmap_area *alloc_vmap_area(const unsigned long size',
      ),
    ).toBe(true);
    expect(fills('mm/vmalloc.c', 'vmap_try_huge_pmd(pmd_t *pmd', 'vmap_try_huge_pmd(pmd_t *p')).toBe(false);
  });

  it('are no more where a patch needs a header that was there before', () => {
    const own = `#include <linux/mm.h>
void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot)
{
	return (void *)(flags + 1);
}
void vfree(const void *addr)
{
	cond_resched();
}
`;
    const base = new MemoryTree(
      'base',
      new Map([
        ['mm/vmalloc.c', own],
        ['include/linux/mm.h', '#include <linux/extra.h>\n'],
        ['include/linux/extra.h', '#define EXTRA_FLAG 1\n#define cond_resched() do { } while (0)\n'],
      ]),
    );
    const after = (path: string, text: string): OverlayTree =>
      new OverlayTree('after', base, new Map([[path, text]]));
    const needing = after('mm/vmalloc.c', own.replace('flags + 1', 'flags + EXTRA_FLAG'));
    const sources = comparableSources([base, needing, base], arm64);
    expect(sources).toHaveLength(2);
    expect(sources.map((source) => 'include/linux/extra.h' in source)).toEqual([true, true]);
    expect(callScope(sources, arm64)!.affected).toEqual(['vmap']);
    const changed = after('include/linux/extra.h', '#define EXTRA_FLAG 1\n#define cond_resched() (void)0\n');
    const all = comparableSources([base, needing, changed], arm64);
    expect(callScope(all, arm64)!.affected.toSorted()).toEqual(['vfree', 'vmap']);
  });
});
