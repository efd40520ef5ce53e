// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../../../trace/machine.ts';

/**
 * What arch/x86/mm/pat/set_memory.c asks of the rest of x86: bits of entries, memory types, TLBs of other CPUs, and where
 * the kernel's image is. The image is in low memory that no scenario uses; nothing is in it, and no table maps it.
 */
export const cpaHeader = ({ addresses }: Machine): string => `
enum pg_level { PG_LEVEL_NONE, PG_LEVEL_4K, PG_LEVEL_2M, PG_LEVEL_1G, PG_LEVEL_512G, PG_LEVEL_256T, PG_LEVEL_NUM };
#define page_level_shift(level) (PAGE_SHIFT + ((level) - PG_LEVEL_4K) * 9)
#define page_level_size(level) (1UL << page_level_shift(level))
#define page_level_mask(level) (~(page_level_size(level) - 1))
#undef pgprot_val
#define pgprot_val(prot) ((prot).pgprot)
#define _PAGE_CACHE_MASK (_PAGE_PWT | _PAGE_PCD | _PAGE_PAT)
#define _PAGE_ENC 0ULL
pgdval_t pgd_flags(pgd_t pgd);
p4dval_t p4d_flags(p4d_t p4d);
pudval_t pud_flags(pud_t pud);
pmdval_t pmd_flags(pmd_t pmd);
pteval_t pte_flags(pte_t pte);
#define pmd_large(pmd) pmd_leaf(pmd)
#define pud_large(pud) pud_leaf(pud)
#define p4d_large(p4d) p4d_leaf(p4d)
#define set_pte_atomic(ptep, pte) set_pte(ptep, pte)
#define paravirt_alloc_pte(mm, pfn) do { } while (0)
enum page_cache_mode {
	_PAGE_CACHE_MODE_WB, _PAGE_CACHE_MODE_WC, _PAGE_CACHE_MODE_UC_MINUS, _PAGE_CACHE_MODE_UC, _PAGE_CACHE_MODE_WT,
	_PAGE_CACHE_MODE_WP, _PAGE_CACHE_MODE_NUM = 8
};
u64 cachemode2protval(enum page_cache_mode pcm);
enum page_cache_mode pgprot2cachemode(pgprot_t pgprot);
pgprot_t pgprot_4k_2_large(pgprot_t pgprot);
pgprot_t pgprot_large_2_4k(pgprot_t pgprot);
pgprot_t canon_pgprot(pgprot_t prot);
#define __supported_pte_mask (~0ULL)
struct cpuinfo_x86 { u8 x86; u16 x86_clflush_size; };
extern struct cpuinfo_x86 boot_cpu_data;
#define X86_FEATURE_CLFLUSH 19
#define static_cpu_has(feature) boot_cpu_has(feature)
#define cpu_feature_enabled(feature) boot_cpu_has(feature)
#define early_boot_irqs_disabled false
#define tlb_single_page_flush_ceiling 33UL
void flush_tlb_one_kernel(unsigned long addr);
void __flush_tlb_all(void);
void clflushopt(volatile void *p);
void wbinvd(void);
int memtype_reserve(u64 start, u64 end, enum page_cache_mode req_type, enum page_cache_mode *new_type);
int memtype_free(u64 start, u64 end);
#define debug_pagealloc_enabled() 0
#define cc_platform_has(attribute) 0
#define hv_is_isolation_supported() 0
#define kmap_flush_unused() do { } while (0)
#define oops_in_progress 0
extern spinlock_t pgd_lock;
extern struct list_head pgd_list;
#define max_pfn_mapped ${addresses.ramStart + addresses.ramPages}UL
bool pfn_range_is_mapped(unsigned long start_pfn, unsigned long end_pfn);
#define __START_KERNEL_map 0xffffffff80000000UL
#define phys_base 0UL
#undef __pa_symbol
#define __pa_symbol(symbol) \\
	((unsigned long)(symbol) >= __START_KERNEL_map ? (unsigned long)(symbol) - __START_KERNEL_map + phys_base \\
						       : __pa(symbol))
#define kernel_set_to_readonly 1
#define _brk_end (__START_KERNEL_map + SZ_16M)
#define direct_gbpages 1
enum {
	DIRECT_MAP_LEVEL2_SPLIT, DIRECT_MAP_LEVEL3_SPLIT, DIRECT_MAP_LEVEL2_COLLAPSE, DIRECT_MAP_LEVEL3_COLLAPSE
};
struct x86_platform_ops;
extern struct x86_platform_ops x86_platform;
${imageSymbols.map(([name, offset]) => `#define ${name} ((char *)(__START_KERNEL_map + ${offset}UL))\n`).join('')}`;

/** By their distance from __START_KERNEL_map, in bytes: 2 MiB to 16 MiB of physical memory. */
const imageSymbols: readonly (readonly [string, number])[] = [
  ['_text', 0x200000],
  ['_etext', 0x800000],
  ['__start_rodata', 0x800000],
  ['__end_rodata', 0xa00000],
  ['__end_rodata_hpage_align', 0xa00000],
];
