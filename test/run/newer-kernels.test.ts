// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import type { LinkedKernel } from '../../src/run/link.ts';
import { Stage } from '../../src/run/stage.ts';
import { arm64, callOf, evaluate, link } from './few-lines.ts';
import { runText } from './run-text.ts';

// What kernels after 6.12 do differently, each in a few lines of C that stand for it; vmalloc() in newer-vmalloc.test.ts.

describe('what boot calls early', () => {
  const boot = (then: string): number => {
    const before = `static struct workqueue_struct *drain;
static int __init make_drain(void)
{
	drain = alloc_workqueue("drain", WQ_UNBOUND, 0);
	return ${then};
}
early_initcall(make_drain);
`;
    return evaluate('return drain != NULL;', `#define WQ_UNBOUND 2\nint nobody_has_this(void);\n${before}`);
  };

  it('has run when a scenario begins', () => {
    expect(boot('0')).toBe(1);
  });

  it('counts as not reached from where it asks for what is not modelled', () => {
    expect(boot('nobody_has_this()')).toBe(1);
  });
});

it('counts pages by what they are for', () => {
  const text =
    'mod_lruvec_page_state(page, NR_VMALLOC, 3); mod_node_page_state(NULL, NR_PAGETABLE, 5); mod_lruvec_page_state(page, NR_VMALLOC, -1);';
  expect(evaluate(`struct page *page = NULL; ${text} return global_node_page_state(NR_VMALLOC);`)).toBe(2);
});

it('gives pages back that lie side by side, and warns of one that somebody else holds', () => {
  const freed = (hold: string): readonly string[] => {
    const text = `#include <linux/vmalloc.h>
long asked(void)
{
	struct page *page = alloc_pages(GFP_KERNEL, 1);

	split_page(page, 1);
	${hold}
	free_contig_range(page_to_pfn(page), 2);
	return 0;
}
`;
    const { events } = callOf(link({ 'mm/vmalloc.c': text }, 'asked'), 'asked');
    return events.flatMap((event) =>
      event.kind === 'warn' || (event.kind === 'page' && event.change === 'free') ? [event.kind] : [],
    );
  };
  expect(freed('')).toEqual(['page', 'page']);
  expect(freed('get_page(page);')).toEqual(['page', 'warn']);
});

describe('what one CPU does to its own and to all', () => {
  it.each([
    [
      'this CPU',
      'static DEFINE_PER_CPU(int, count); static DEFINE_PER_CPU(local_lock_t, lock) = INIT_LOCAL_LOCK(lock);',
      `local_lock(&lock); raw_cpu_add(count, 5); __this_cpu_or(count, 8); this_cpu_and(count, ~1); local_unlock(&lock);
       return this_cpu_add_return(count, 2) * 100 + raw_cpu_dec_return(count);`,
      1413,
    ],
    [
      'counters that stay within bounds',
      'static atomic_long_t n = ATOMIC_LONG_INIT(-1);',
      `if (atomic_long_inc_unless_negative(&n) || atomic_long_dec_if_positive(&n) != -2) return 1;
       if (!atomic_long_add_unless(&n, 5, 0) || atomic_long_add_unless(&n, 5, 4)) return 2;
       return atomic_long_fetch_andnot_release(4, &n) * 10 + atomic_long_add_negative(-1, &n);`,
      41,
    ],
    [
      'bits',
      'static unsigned long bits;',
      'assign_bit(1, &bits, true); __assign_bit(2, &bits, false); return test_and_clear_bit_lock(1, &bits) * 10 + bits;',
      10,
    ],
    [
      'calls that are patched',
      `static long plain(long x) { return x; } static long twice(long x) { return 2 * x; }
       DEFINE_STATIC_CALL(of, plain); DEFINE_STATIC_CALL_RET0(none, plain);`,
      'long before = static_call(of)(3); static_call_update(of, twice); return before * 10 + static_call(of)(3) + static_call(none)(1);',
      36,
    ],
    [
      'time, which stands still',
      'static DECLARE_WORK(w, NULL);',
      'ktime_t start = ktime_get(); return ktime_get() - start + (system_dfl_wq == system_percpu_wq ? 0 : 9);',
      0,
    ],
  ])('%s', (_title, before, body, value) => {
    expect(evaluate(body, before)).toBe(value);
  });
});

describe('allocators that take a type', () => {
  it('use GFP_KERNEL where no mask is given, and the mask where one is', () => {
    const before = 'struct pair { int a, b; };';
    const inInterrupt = 'struct pair *p = kmalloc_obj(*p, GFP_NOWAIT); p->b = 7; return p->b;';
    expect(evaluate(inInterrupt, before)).toBe(7);
    expect(evaluate('return default_gfp() == GFP_KERNEL && default_gfp(GFP_NOWAIT) == GFP_NOWAIT;')).toBe(1);
  });

  it('give as many objects as are asked for, zeroed, or with an array at the end', () => {
    expect(evaluate('long *p = kzalloc_objs(*p, 3); long sum = p[0] + p[2]; kfree(p); return sum;')).toBe(0);
    const before = 'struct list { int count; long of[]; };';
    const body = 'struct list *l = kzalloc_flex(*l, of, 4, GFP_NOWAIT); return l->of[3];';
    expect(evaluate(body, before)).toBe(0);
  });
});

it('takes a function that a file defines for itself before a macro of the model', () => {
  const before = 'static inline int in_task(void)\n{\n\treturn 7;\n}\n';
  expect(evaluate('return in_task();')).toBe(1);
  expect(evaluate('return in_task();', before)).toBe(7);
});

it('keeps to the macro where a file asks the preprocessor about it', () => {
  const before = '#ifndef in_task\nstatic inline int in_task(void)\n{\n\treturn 7;\n}\n#endif\n';
  expect(evaluate('return in_task();', before)).toBe(1);
});

it('shares a variable between the files of a tree', () => {
  const linked = link(
    {
      'arch/arm64/mm/pageattr.c': 'bool rodata_full = true;\n',
      'arch/arm64/mm/mmu.c': 'long asked(void)\n{\n\treturn rodata_full;\n}\n',
    },
    'asked',
  );
  expect(callOf(linked, 'asked').value).toBe(1);
});

describe('a leaf of the linear map that is split', () => {
  const mmu = (body: string): LinkedKernel =>
    link(
      { 'arch/arm64/mm/mmu.c': `static bool linear_map_requires_bbml2;\nlong asked(void)\n{\n${body}\n}\n` },
      'asked',
    );

  it('may be a block, as boot would have found', () => {
    expect(callOf(mmu('return linear_map_requires_bbml2;'), 'asked').value).toBe(1);
  });

  it.each([
    'pagetable_dtor_free(table);',
    '__free_pages(ptdesc_page(table), 0);',
    'free_page((unsigned long)ptep);',
  ])('gets a page table that is no page of the page allocator, and gives it back: %s', (free) => {
    const { value, events } = callOf(
      mmu(`	struct ptdesc *table = pagetable_alloc(GFP_PGTABLE_KERNEL & ~__GFP_ZERO, 0);
	pte_t *ptep;

	if (!table || !pagetable_pte_ctor(&init_mm, table))
		return -ENOMEM;
	ptep = ptdesc_address(table);
	__set_pte(ptep, pte_mkinvalid(pfn_pte(1, PAGE_KERNEL)));
	if (pte_valid(*ptep) || !pte_present_invalid(*ptep) || !pte_valid(pte_mkvalid_k(*ptep)))
		return 1;
	${free}
	return 0;`),
      'asked',
    );
    expect(value).toBe(0);
    const kinds = events.flatMap((event) =>
      event.kind === 'alloc' || event.kind === 'free' || event.kind === 'page' || event.kind === 'warn'
        ? [`${event.kind} ${'what' in event ? event.what : ''}`]
        : [],
    );
    expect(kinds).toEqual(['alloc table', 'free table']);
  });
});

it.each(['pagetable_free(page_ptdesc(page));', '__free_page(page);'])(
  'gives a table of the kernel back by its page: %s',
  (free) => {
    const text = `#include <linux/vmalloc.h>
long asked(void)
{
	pte_t *table = pte_alloc_one_kernel(&init_mm);
	struct page *page = virt_to_page(table);
	LIST_HEAD(tables);

	list_add(&page_ptdesc(page)->pt_list, &tables);
	list_del(&page_ptdesc(page)->pt_list);
	${free}
	return 0;
}
`;
    const { events } = callOf(link({ 'mm/vmalloc.c': text }, 'asked'), 'asked');
    const kinds = events.flatMap((event) =>
      'what' in event && event.what === 'table' ? [event.kind] : event.kind === 'warn' ? ['warn'] : [],
    );
    expect(kinds.slice(-2)).toEqual(['alloc', 'free']);
  },
);

const changesLinearMap = `
int set_memory_ro(unsigned long addr, int numpages) { return 0; }
int set_direct_map_invalid_noflush(struct page *page) { return 0; }
int set_direct_map_default_noflush(struct page *page) { return 0; }
`;

it.each([
  ['arm64-4k', changesLinearMap, 'pte'],
  ['arm64-4k-bbml2', changesLinearMap, 'pmd'],
  // The model's own functions, which stand in, split nothing.
  ['arm64-4k-bbml2', '', 'pte'],
])('has the linear map of %s made of leaves that the tree can change', (name, pageattr, level) => {
  const machine = machineNamed(name)!;
  const text = 'int split_kernel_leaf_mapping(unsigned long start, unsigned long end)\n{\n\treturn 0;\n}\n';
  const source = { 'arch/arm64/mm/mmu.c': text, 'arch/arm64/mm/pageattr.c': pageattr };
  const { events } = runText(
    new Stage(linkTree({ machine, source, mode: 'from-tree' })),
    'arch_parse_debug_rodata 80K',
  );
  const last = events.findLast((event) => event.kind === 'table-write');
  expect(last).toMatchObject({ level });
});

it('takes a function from C whose helper shares a variable with C that the series changes', () => {
  const fixmap = (slot: string): Record<string, string> => ({
    'arch/arm64/mm/fixmap.c': `#include <linux/vmalloc.h>
static pte_t *slots;
static void link_slots(void)
{
	slots = kzalloc(PAGE_SIZE, GFP_KERNEL);
}
void early_fixmap_init(void)
{
	link_slots();
}
void __set_fixmap(enum fixed_addresses idx, phys_addr_t phys, pgprot_t prot)
{
	set_pte(slots + ${slot}, pfn_pte(PHYS_PFN(phys), prot));
}
`,
    'arch/arm64/include/asm/fixmap.h':
      'enum fixed_addresses { FIX_HOLE, FIX_FIRST };\n#include <asm-generic/fixmap.h>\n',
  });
  const linked = linkTree({
    machine: arm64,
    source: fixmap('idx'),
    before: fixmap('idx + 1'),
    touched: ['__set_fixmap'],
    mode: 'patched',
    alsoCalled: ['early_fixmap_init'],
  });
  expect(linked.bindings.find('early_fixmap_init', undefined)?.binding).toMatchObject({
    origin: 'widened',
    reason: 'it shares `slots` with __set_fixmap()',
  });
});

it('tells an area of VM_ALLOC the pages that a scenario maps in it, which set_memory_*() may ask for', () => {
  const stage = new Stage(
    link({
      'arch/arm64/mm/pageattr.c': `#include <linux/vmalloc.h>
int set_memory_ro(unsigned long addr, int numpages)
{
	struct vm_struct *area = find_vm_area((void *)addr);
	unsigned long page = (addr - (unsigned long)area->addr) >> PAGE_SHIFT;

	return area->nr_pages == 3 && area->pages[page] == vmalloc_to_page((void *)addr) ? 0 : -EINVAL;
}
`,
    }),
  );
  const text =
    'get_vm_area 16K flags=VM_ALLOC; vmap_pages_range #0 4K shift=12; vmap_pages_range #0+1 4K*2 shift=12';
  const { events } = runText(stage, `${text}; set_memory_ro #0+2*1; vunmap #0`);
  const protect = events.find((event) => event.kind === 'return' && event.operation === 3);
  expect(protect).toMatchObject({ error: 0 });
});

it.each([
  ['interrupts off', 'local_irq_disable(); might_sleep(); local_irq_enable();', ['interrupts are disabled']],
  ['them saved and restored', 'local_irq_save(f); local_irq_restore(f); might_sleep();', []],
  [
    'a lock that keeps them off',
    'spin_lock_irqsave(&l, f); spin_unlock(&l); might_sleep(); local_irq_restore(f);',
    ['interrupts are disabled'],
  ],
])('warns of sleep with %s', (_title, body, expected) => {
  const text = `#include <linux/vmalloc.h>\nstatic DEFINE_SPINLOCK(l);\nlong asked(void)\n{\n\tunsigned long f = 0;\n\n\t${body}\n\treturn f;\n}\n`;
  const { events } = callOf(link({ 'mm/vmalloc.c': text }, 'asked'), 'asked');
  const warned = events.flatMap((event) =>
    event.kind === 'warn' ? [event.condition.split(': ').at(-1)] : [],
  );
  expect(warned).toEqual(expected);
});

describe('inline assembly', () => {
  const run = (body: string): ReturnType<typeof callOf> => {
    const text = `#include <linux/vmalloc.h>\nlong asked(void)\n{\n\tlong x = 3, y = 4;\n\n\t${body}\n\treturn x * 10 + y;\n}\n`;
    return callOf(link({ 'mm/vmalloc.c': text }, 'asked'), 'asked');
  };

  it.each([
    ['hides a value from the compiler', 'asm("" : "=r" (x) : "0" (y));', 44],
    ['keeps a value', '__asm__ __volatile__("" : "+r" (x), [other] "+m" (y) : : "memory", "cc");', 34],
    ['hints', 'asm volatile("yield" ::: "memory");', 34],
  ])('%s', (_title, body, value) => {
    expect(run(body).value).toBe(value);
  });

  it('orders accesses', () => {
    const { events } = run('asm volatile("dsb ishst\\n\\tisb" : : : "memory");');
    const names = events.flatMap((event) => (event.kind === 'barrier' ? [event.name] : []));
    expect(names).toEqual(['dsb ishst', 'isb']);
  });

  it.each([
    ['one page', 'tlbi vaale1is, %x0', '(0xffff800080003000UL >> 12) & ((1UL << 44) - 1)', '3000 1000'],
    [
      'the leaf of a level',
      'tlbi vale1is, %0',
      '0xffff800080203UL & ((1UL << 44) - 1) | 6UL << 44',
      '200000 200000',
    ],
    [
      'a range',
      'tlbi rvaale1is, %x0',
      '(0xffff800080000UL & ((1UL << 37) - 1)) | 1UL << 44 | 2UL << 39',
      '0 c0000',
    ],
    ['one page here alone', 'tlbi vaale1, %x0', '0xffff800080000UL & ((1UL << 44) - 1)', '0 1000 local'],
  ])('invalidates %s', (_title, instruction, operand, expected) => {
    const { events } = run(`asm("${instruction}\\n" : : "rZ" (${operand}));`);
    const flushed = events.flatMap((event) => (event.kind === 'tlb-flush' ? [event] : []));
    expect(
      flushed.map(({ start, end, local }) => {
        const place = (start - arm64.addresses.vmallocStart).toString(16);
        return `${place} ${(end - start).toString(16)}${local ? ' local' : ''}`;
      }),
    ).toEqual([expected]);
  });

  it('invalidates everything', () => {
    const { events } = run('asm(".arch armv8.4-a\\ntlbi vmalle1is\\n" : : );');
    expect(events.filter(({ kind }) => kind === 'tlb-flush')).toMatchObject([{ scope: 'all', local: false }]);
  });

  it('of other kinds is not modelled', () => {
    expect(() => run('asm volatile("mrs %0, tpidr_el1" : "=r" (x));')).toThrow('inline assembly');
  });
});

describe('static keys', () => {
  const keys = 'static DEFINE_STATIC_KEY_FALSE(off_key);\nDEFINE_STATIC_KEY_TRUE_RO(on_key);';

  it('are branches on a count', () => {
    expect(
      evaluate('return static_branch_unlikely(&off_key) * 10 + static_branch_likely(&on_key);', keys),
    ).toBe(1);
    const changed = `static_branch_inc(&off_key); static_branch_disable(&on_key);
      return static_branch_unlikely(&off_key) * 10 + !!static_key_enabled(&on_key);`;
    expect(evaluate(changed, keys)).toBe(10);
  });

  it('are as they are defined where only a header declares them', () => {
    const source = {
      'mm/vmalloc.c': `#include <linux/mm.h>
        #include <asm/elsewhere.h>
        int asked(void) { 
          return static_branch_unlikely(&off_elsewhere) * 10 + static_branch_likely(&on_elsewhere);
        }`,
      'include/linux/mm.h': '',
      'arch/arm64/include/asm/elsewhere.h':
        'DECLARE_STATIC_KEY_FALSE(off_elsewhere);\nDECLARE_STATIC_KEY_TRUE(on_elsewhere);\n',
    };
    const linked = link(source, 'asked');
    expect([...linked.untranslated]).toEqual([]);
    expect(callOf(linked, 'asked').value).toBe(1);
  });
});
