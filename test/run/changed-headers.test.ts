// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree, type SourceText } from '../../src/run/link-tree.ts';
import type { LinkedKernel } from '../../src/run/link.ts';

// A header that the model stands in for, but for what a series changes in it.

const machine = machineNamed('arm64-4k')!;
const HEADER = 'arch/arm64/include/asm/pgtable.h';

interface Written {
  readonly barriers: string;
  readonly mask: string;
}

const original: Written = { barriers: 'dsb(ishst);', mask: 'PTE_CONT' };

function source({ barriers, mask }: Written): SourceText {
  return {
    [HEADER]: `static inline void emit_pte_barriers(void) { ${barriers} }
static inline void __set_pte_complete(pte_t pte) { if (pte_valid_not_user(pte)) emit_pte_barriers(); }
static inline void __set_pte(pte_t *ptep, pte_t pte) { WRITE_ONCE(*ptep, pte); __set_pte_complete(pte); }
static inline pte_t pte_mkyoung(pte_t pte) { return set_pte_bit(pte, __pgprot(PTE_AF)); }
#define pte_cont(pte) (!!(pte_val(pte) & ${mask}))
`,
    'mm/vmalloc.c': `#include <linux/vmalloc.h>
long asked(void)
{
	pte_t *ptep = kzalloc(PAGE_SIZE, GFP_KERNEL);

	set_pte(ptep, pte_mkyoung(pfn_pte(1, PAGE_KERNEL)));
	return pte_cont(*ptep);
}
`,
  };
}

function link(written: Written, names: readonly string[]): LinkedKernel {
  return linkTree({
    machine,
    source: source(written),
    before: source(original),
    touched: names,
    changed: names.length === 0 ? [] : [{ path: HEADER, names }],
    mode: 'patched',
    alsoCalled: ['asked'],
  });
}

function callOf(linked: LinkedKernel): { readonly value: number; readonly barriers: readonly string[] } {
  const barriers: string[] = [];
  linked.boot([], (event) => {
    if (event?.kind === 'barrier') barriers.push(event.name);
  });
  return { value: Number(linked.call('asked', [])), barriers };
}

function originOf(linked: LinkedKernel, name: string): string | undefined {
  return linked.bindings.find(name, undefined)?.binding.origin;
}

describe('a header that the model stands in for', () => {
  it('is the model’s where the series leaves it alone', () => {
    const linked = link(original, []);
    expect(originOf(linked, '__set_pte')).toBe('model');
    expect(callOf(linked)).toEqual({ value: 0, barriers: ['dsb ishst', 'isb'] });
  });

  it('is run where the series changes it, with what leads there, and is the model’s elsewhere', () => {
    const linked = link({ ...original, barriers: '' }, ['emit_pte_barriers']);
    expect(callOf(linked)).toEqual({ value: 0, barriers: [] });
    expect(originOf(linked, 'emit_pte_barriers')).toBe('patched');
    expect(originOf(linked, '__set_pte')).toBe('widened');
    expect(originOf(linked, 'set_pte')).toBe('model');
    expect(originOf(linked, 'pte_mkyoung')).toBe('model');
  });

  it('is bound the same way in the state before the change', () => {
    const linked = link(original, ['emit_pte_barriers']);
    expect(callOf(linked).barriers).toEqual(['dsb ishst']);
    expect(originOf(linked, '__set_pte')).toBe('widened');
  });

  it('says what its macros mean, also to the files that use them', () => {
    const linked = link({ ...original, mask: 'PTE_AF' }, ['pte_cont']);
    expect(callOf(linked).value).toBe(1);
    expect(originOf(linked, 'asked')).toBe('patched');
    expect(callOf(link(original, ['pte_cont'])).value).toBe(0);
  });
});

describe('barriers that wait for the end of lazy MMU mode', () => {
  const LAZY = `static inline void emit_pte_barriers(void) { dsb(ishst); isb(); }
static inline void queue_pte_barriers(void)
{
	if (in_interrupt() || !(read_thread_flags() & BIT(TIF_LAZY_MMU)))
		emit_pte_barriers();
	else if (!test_thread_flag(TIF_LAZY_MMU_PENDING))
		set_thread_flag(TIF_LAZY_MMU_PENDING);
}
static inline void arch_enter_lazy_mmu_mode(void) { set_thread_flag(TIF_LAZY_MMU); }
static inline void arch_flush_lazy_mmu_mode(void)
{
	if (test_and_clear_thread_flag(TIF_LAZY_MMU_PENDING))
		emit_pte_barriers();
}
static inline void arch_leave_lazy_mmu_mode(void)
{
	arch_flush_lazy_mmu_mode();
	clear_thread_flag(TIF_LAZY_MMU);
}
`;
  const all = ['emit_pte_barriers', 'queue_pte_barriers', 'arch_enter_lazy_mmu_mode'].concat([
    'arch_flush_lazy_mmu_mode',
    'arch_leave_lazy_mmu_mode',
  ]);
  const caller = (enter: string, leave: string): string => `#include <linux/vmalloc.h>
long asked(void)
{
	pte_t *ptep = kzalloc(PAGE_SIZE, GFP_KERNEL);

	${enter}();
	set_pte(ptep, pfn_pte(1, PAGE_KERNEL));
	queue_pte_barriers();
	smp_wmb();
	${leave}();
	return 0;
}
`;
  const traced = (header: string, body: string, names: readonly string[]): readonly string[] => {
    const linked = linkTree({
      machine,
      source: { [HEADER]: header, 'mm/vmalloc.c': body },
      before: { [HEADER]: header, 'mm/vmalloc.c': body },
      touched: names,
      changed: [{ path: HEADER, names }],
      mode: 'patched',
      alsoCalled: ['asked'],
    });
    const seen: string[] = [];
    linked.boot([], (event) => {
      if (event?.kind === 'barrier') seen.push(event.name);
      if (event?.kind === 'scope') seen.push(`${event.change} ${event.scope}`);
    });
    linked.call('asked', []);
    return seen;
  };
  const batched = ['enter lazy-mmu', 'smp_wmb', 'dsb ishst', 'isb', 'leave lazy-mmu'];
  const here = caller('arch_enter_lazy_mmu_mode', 'arch_leave_lazy_mmu_mode');
  const everywhere = caller('lazy_mmu_mode_enable', 'lazy_mmu_mode_disable');

  it.each([
    ['all of it', all],
    ['what queues', ['queue_pte_barriers']],
    ['what enters', ['arch_enter_lazy_mmu_mode']],
    ['what leaves', ['arch_leave_lazy_mmu_mode']],
  ])('does the same with the model, whether %s is C', (_title, names) => {
    expect(traced(LAZY, here, names)).toEqual(batched);
    expect(traced(LAZY, everywhere, names)).toEqual(batched);
  });

  it('leaves it to generic code to count where the architecture only flushes', () => {
    const newer = LAZY.replace('set_thread_flag(TIF_LAZY_MMU);', '')
      .replace('clear_thread_flag(TIF_LAZY_MMU);', '')
      .replace('read_thread_flags() & BIT(TIF_LAZY_MMU)', 'is_lazy_mmu_mode_active()');
    expect(traced(newer, everywhere, all)).toEqual(batched);
  });

  it('shows that nothing is published where nobody flushes', () => {
    const lost = LAZY.replace('arch_flush_lazy_mmu_mode();', '');
    expect(traced(lost, here, ['arch_leave_lazy_mmu_mode'])).toEqual([
      'enter lazy-mmu',
      'smp_wmb',
      'leave lazy-mmu',
    ]);
  });
});
