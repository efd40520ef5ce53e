// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/invariants/judge.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { runScenario } from '../../src/run/session.ts';
import { Stage } from '../../src/run/stage.ts';
import { MachineState } from '../../src/trace/machine-state.ts';
import { scenarioOf } from './run-text.ts';

// Newer x86 joins pages to a large one again where set_memory_rox() makes them alike. A small tree does so here.

const machine = machineNamed('x86_64-4level')!;
const WHOLE = 'vmalloc_huge 2M; set_memory_rox #0+1*1; set_memory_rox #0*512';

interface Written {
  /** What pages must have in common with the first. */
  readonly alike: string;
  readonly flushAndFree: string;
}

const right: Written = {
  alike: 'pte_val(table[i]) == pte_val(table[0]) + i * PAGE_SIZE',
  flushAndFree: 'flush_tlb_all(); __free_page(page);',
};

function stageOf({ alike, flushAndFree }: Written): Stage {
  const text = `#include <linux/mm.h>
#include <linux/pgtable.h>
static pmd_t *pmd_of(unsigned long addr)
{
	pud_t *pud = pud_offset(p4d_offset(pgd_offset_k(addr), addr), addr);

	return pmd_offset(pud, addr);
}

static void make_table(pmd_t *pmd)
{
	struct page *page = alloc_pages(GFP_KERNEL, 0);
	pte_t *table = page_address(page);
	pgprot_t prot = pgprot_large_2_4k(pmd_pgprot(*pmd));
	int i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		set_pte(table + i, pfn_pte(pmd_pfn(*pmd) + i, prot));
	set_pmd(pmd, __pmd(page_to_phys(page) | _KERNPG_TABLE));
	flush_tlb_all();
}

static void join(pmd_t *pmd)
{
	pte_t *table = pte_offset_kernel(pmd, 0);
	struct page *page = virt_to_page(table);
	pgprot_t large;
	int i;

	for (i = 0; i < PTRS_PER_PTE; i++)
		if (!(${alike}))
			return;
	large = pgprot_4k_2_large(__pgprot(pte_flags(table[0])));
	set_pmd(pmd, pfn_pmd(pte_pfn(table[0]), __pgprot(pgprot_val(large) | _PAGE_PSE)));
	${flushAndFree}
}

int set_memory_rox(unsigned long addr, int numpages)
{
	unsigned long end = addr + numpages * PAGE_SIZE;
	unsigned long at;

	for (at = addr; at < end; at += PAGE_SIZE) {
		pmd_t *pmd = pmd_of(at);
		pte_t *pte;

		if (pmd_leaf(*pmd))
			make_table(pmd);
		pte = pte_offset_kernel(pmd, at);
		set_pte(pte, __pte(pte_val(*pte) & ~(_PAGE_RW | _PAGE_DIRTY | _PAGE_NX)));
	}
	flush_tlb_kernel_range(addr, end);
	for (at = addr & PMD_MASK; at < end; at += PMD_SIZE)
		join(pmd_of(at));
	return 0;
}
`;
  const source = { 'arch/x86/mm/pat/set_memory.c': text };
  const linked = linkTree({ machine, source, mode: 'from-tree' });
  expect([...linked.untranslated]).toEqual([]);
  return new Stage(linked);
}

function run(written: Written, text: string): { readonly broken: string[]; readonly leaf: string } {
  const { events, end, notReached } = runScenario(stageOf(written), scenarioOf(text));
  expect({ end, notReached }).toEqual({ end: { kind: 'completed' }, notReached: [] });
  const outcomes = judge({ machine, events });
  const broken = [...outcomes].flatMap(([id, { violations }]) =>
    violations.map(({ key }) => `${id}: ${key}`),
  );
  const state = new MachineState(machine);
  let n = 0;
  for (const event of events) state.step(event, n++);
  const leaf = state.tables.translate(machine.addresses.vmallocStart)?.level ?? 'none';
  return { broken, leaf };
}

describe('pages that are joined', () => {
  it('are one large page again, and no promise is broken', () => {
    expect(run(right, WHOLE)).toEqual({ broken: [], leaf: 'pmd' });
  });

  it('stay pages while one of them differs', () => {
    expect(run(right, 'vmalloc_huge 2M; set_memory_rox #0+1*1')).toEqual({ broken: [], leaf: 'pte' });
  });

  it('take their neighbours along where nobody compares their rights', () => {
    const careless = { ...right, alike: 'pte_pfn(table[i]) == pte_pfn(table[0]) + i' };
    const text = 'vmalloc_huge 2M; set_memory_rox #0*1';
    expect(run(careless, text).broken).toEqual(['split/set_memory: outside']);
  });

  it('leave walkers a table that was given back too early', () => {
    const hasty = { ...right, flushAndFree: '__free_page(page); flush_tlb_all();' };
    expect(run(hasty, WHOLE).broken).toEqual(['flush/tlb: table-freed']);
  });
});
