// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { MemoryTree, OverlayTree, type SourceTree } from '../../src/ingest/source-tree.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { isFileRun } from '../../src/files-run.ts';
import { sourcesBeside } from '../../src/review-brought.ts';
import { planJobs } from '../../src/review-plan.ts';
import { relevantSource } from '../../src/review-states.ts';
import { linkTree } from '../../src/run/link-tree.ts';

// Trees whose mm/vmalloc.c was taken apart.

const arm64 = machineNamed('arm64-4k')!;

const KEPT = '#include <linux/vmalloc.h>\nvoid *vmalloc(unsigned long size)\n{\n\treturn (void *)size;\n}\n';
const TABLES = `#include <linux/vmalloc.h>
static int vmap_range_noflush(unsigned long addr, unsigned long end, phys_addr_t phys, pgprot_t prot, unsigned int shift)
{
	return 7;
}
int vmap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys, pgprot_t prot)
{
	return vmap_range_noflush(addr, end, phys, prot, 12);
}
void vunmap_range(unsigned long addr, unsigned long end) { }
`;

function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  return new MemoryTree('tree', new Map(Object.entries(files)));
}

function homesIn(tree: SourceTree): readonly string[] {
  const source = relevantSource(tree, arm64);
  const linked = linkTree({ machine: arm64, source, mode: 'from-tree' });
  linked.boot([]);
  expect(Number(linked.call('vmap_page_range', [4096, 8192, 0, 0]))).toBe(7);
  return linked.bindings.all.flatMap((each) =>
    each.kind === 'c' && each.binding.origin === 'tree' ? [`${each.unit.path}:${each.definition.name}`] : [],
  );
}

describe('a tree whose mm/vmalloc.c was taken apart', () => {
  it.each(['mm/vmap.c', 'mm/vmalloc/tables.c'])('is run from %s too', (path) => {
    const tree = treeOf({ 'mm/vmalloc.c': KEPT, [path]: TABLES });
    expect(sourcesBeside(tree, arm64)).toEqual([path]);
    expect(homesIn(tree)).toEqual(
      expect.arrayContaining([
        'mm/vmalloc.c:vmalloc',
        `${path}:vmap_page_range`,
        `${path}:vmap_range_noflush`,
      ]),
    );
    expect(isFileRun(path)).toBe(true);
  });

  it('needs no file of that name', () => {
    const tree = treeOf({ 'mm/vmalloc/core.c': `${KEPT}${TABLES}` });
    expect(homesIn(tree)).toContain('mm/vmalloc/core.c:vunmap_range');
    const state = { version: 0, label: 'base', patch: 0, tree };
    const options = { mode: 'from-tree', touched: [], changedOn: () => [], scenarios: 0, seed: 1 } as const;
    const plan = planJobs([state], [arm64], state, options);
    expect(plan.scenariosOf(arm64).some(({ operations }) => operations[0]?.call === 'vmap_page_range')).toBe(
      true,
    );
  });

  it('may have been taken apart by the series', () => {
    const base = treeOf({ 'mm/vmalloc.c': `${KEPT}${TABLES}` });
    const changed = new Map([
      ['mm/vmalloc.c', undefined],
      ['mm/vmalloc/core.c', KEPT],
      ['mm/vmalloc/tables.c', TABLES],
    ]);
    const after = new OverlayTree('after', base, changed);
    expect(sourcesBeside(base, arm64)).toEqual([]);
    expect(sourcesBeside(after, arm64)).toEqual(['mm/vmalloc/tables.c']);
  });
});

describe('another file of mm', () => {
  it('is not run for what mm/vmalloc.c has as well, for a helper, or where nothing builds it', () => {
    const whole = { 'mm/vmalloc.c': `${KEPT}${TABLES}` };
    expect(sourcesBeside(treeOf({ ...whole, 'mm/nommu.c': TABLES }), arm64)).toEqual([]);
    const helper = TABLES.slice(TABLES.indexOf('int vmap_page_range'));
    expect(sourcesBeside(treeOf({ 'mm/vmalloc.c': KEPT, 'mm/util.c': helper }), arm64)).toEqual([]);
    const makefile = 'mmu-y := nommu.o\nmmu-$(CONFIG_MMU) := vmalloc.o\nobj-y := $(mmu-y)\n';
    const built = { 'mm/vmalloc.c': KEPT, 'mm/nommu.c': TABLES, 'mm/Makefile': makefile };
    expect(sourcesBeside(treeOf(built), arm64)).toEqual([]);
  });
});
