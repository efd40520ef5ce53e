// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { arm64With4k } from '../../../src/model/machines/arm64-4k.ts';
import { pageKernel } from '../../../src/model/mm/page-kernel.ts';
import { linkTree } from '../../../src/run/link-tree.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';

/** Callers of the two walks, in the file that a tree would have them in. */
const callers = `
static int make_read_only(pte_t *pte, unsigned long addr, void *data)
{
	int *left = data;

	if ((*left)-- == 0)
		return -EBUSY;
	__set_pte(pte, pte_wrprotect(__ptep_get(pte)));
	return 0;
}

static int note_pmd(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	int *seen = walk->private;

	seen[0]++;
	if (pmd_leaf(pmdp_get(pmd)))
		walk->action = ACTION_CONTINUE;
	return 0;
}

static int note_pte(pte_t *pte, unsigned long addr, unsigned long next, struct mm_walk *walk)
{
	int *seen = walk->private;

	seen[1]++;
	return 0;
}

static const struct mm_walk_ops counting = { .pmd_entry = note_pmd, .pte_entry = note_pte };

int set_memory_ro(unsigned long addr, int numpages)
{
	int left = 3;

	return apply_to_page_range(&init_mm, addr, numpages * PAGE_SIZE, make_read_only, &left);
}

int set_memory_x(unsigned long addr, int numpages)
{
	int seen[2] = { 0, 0 };
	int err = walk_kernel_page_table_range_lockless(addr, addr + numpages * PAGE_SIZE, &counting, NULL, seen);

	return err ? err : seen[0] * 1000 + seen[1];
}
`;

function boot() {
  const source = { 'arch/arm64/mm/pageattr.c': callers };
  const linked = linkTree({ machine: arm64With4k, source, mode: 'from-tree' });
  const events: TraceEvent[] = [];
  linked.boot(events);
  return { k: linked.kernel, events };
}

const addr = Math.ceil(arm64With4k.addresses.vmallocStart / 2 ** 21) * 2 ** 21;

describe('apply_to_page_range()', () => {
  test('calls the C function for every page and stops at its first error', () => {
    const { k } = boot();
    expect(k.vmap_page_range(addr, addr + 0x5000, 0x80000000, pageKernel(k))).toBe(0);
    expect(k.set_memory_ro(addr, 3)).toBe(0);
    expect(k.set_memory_ro(addr, 5)).toBe(-16);
    const writable = [0, 1, 2, 3, 4].map((i) => k.mem.translate(addr + i * 4096, 'write') !== undefined);
    expect(writable).toEqual([false, false, false, true, true]);
  });

  test('refuses a block', () => {
    const { k, events } = boot();
    expect(k.vmap_page_range(addr, addr + 2 ** 21, 0x80000000, pageKernel(k))).toBe(0);
    expect(k.set_memory_ro(addr, 1)).toBe(-22);
    expect(events.filter((event) => event.kind === 'warn')).toHaveLength(1);
  });
});

describe('walk_kernel_page_table_range_lockless()', () => {
  test('visits entries top down and leaves alone what it is told to', () => {
    const { k } = boot();
    expect(k.vmap_page_range(addr, addr + 2 ** 21 + 0x3000, 0x80000000, pageKernel(k))).toBe(0);
    expect(k.set_memory_x(addr, 512 + 3)).toBe(2003);
  });

  test('visits nothing where nothing is mapped', () => {
    const { k } = boot();
    expect(k.set_memory_x(addr, 10)).toBe(0);
  });
});
