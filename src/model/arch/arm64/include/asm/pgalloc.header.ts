// SPDX-License-Identifier: GPL-2.0-only

/** Where the parts of the kernel image begin and end, ascending. Nothing is in them. */
const imageSymbols = [
  ...[
    '_text',
    '_stext',
    '_etext',
    '__start_rodata',
    '__init_begin',
    '__inittext_begin',
    '__idmap_text_start',
  ],
  ...[
    '__idmap_text_end',
    '__inittext_end',
    '__initdata_begin',
    '__initdata_end',
    '__init_end',
    '_data',
    '_end',
  ],
];

/**
 * Tables where physical addresses are all that is known of them: entries that point to one, the physical address of an
 * entry, and the fixmap through which such a table is reached. The kernel image is a part of the linear map.
 */
export const earlyTables = `
#define MIN_FDT_ALIGN 8
#define MAX_FDT_SIZE SZ_2M
#define FDT_MAGIC 0xd00dfeedU
#define __fdt_word(fdt, at) \
	({ const u8 *__word = (const u8 *)(fdt) + (at); \
	   (u32)__word[0] << 24 | (u32)__word[1] << 16 | (u32)__word[2] << 8 | __word[3]; })
#define fdt_magic(fdt) __fdt_word(fdt, 0)
#define fdt_totalsize(fdt) __fdt_word(fdt, 4)
#define swapper_pg_dir (init_mm.pgd)
#define PMD_TABLE_PXN (1ULL << 59)
#define PMD_TABLE_UXN (1ULL << 60)
#define PMD_TABLE_AF PTE_AF
#define PUD_TABLE_AF PMD_TABLE_AF
#define P4D_TABLE_AF PMD_TABLE_AF
#define PGD_TABLE_AF PMD_TABLE_AF
#define PUD_TABLE_PXN PMD_TABLE_PXN
#define PUD_TABLE_UXN PMD_TABLE_UXN
#define P4D_TABLE_PXN PMD_TABLE_PXN
#define P4D_TABLE_UXN PMD_TABLE_UXN
#define PGD_TABLE_PXN PMD_TABLE_PXN
#define PGD_TABLE_UXN PMD_TABLE_UXN
#define __phys_to_pmd_val(phys) __phys_to_pte_val(phys)
#define __phys_to_pud_val(phys) __phys_to_pte_val(phys)
#define __phys_to_p4d_val(phys) __phys_to_pte_val(phys)
#define __phys_to_pgd_val(phys) __phys_to_pte_val(phys)
#define pmd_page_paddr(pmd) __pmd_to_phys(pmd)
#define pud_page_paddr(pud) __pud_to_phys(pud)
#define p4d_page_paddr(p4d) __p4d_to_phys(p4d)
#define pte_offset_phys(dir, addr) (pmd_page_paddr(*(dir)) + pte_index(addr) * sizeof(pte_t))
#define pmd_offset_phys(dir, addr) (pud_page_paddr(*(dir)) + pmd_index(addr) * sizeof(pmd_t))
#define pud_offset_phys(dir, addr) (p4d_page_paddr(*(dir)) + pud_index(addr) * sizeof(pud_t))
#define pud_offset_kimg(dir, addr) pud_offset(dir, addr)
#define pmd_offset_kimg(dir, addr) pmd_offset(dir, addr)
#define pte_offset_kimg(dir, addr) pte_offset_kernel(dir, addr)
#define p4d_set_fixmap(phys) ((p4d_t *)NULL)
#define p4d_set_fixmap_offset(pgdp, addr) ((p4d_t *)(pgdp))
#define p4d_clear_fixmap() do { } while (0)
#define __next_boundary(addr, end, size) \\
	({ unsigned long __boundary = ((addr) + (size)) & ~((size) - 1); \\
	   __boundary - 1 < (end) - 1 ? __boundary : (end); })
#define pte_cont_addr_end(addr, end) __next_boundary(addr, end, CONT_PTE_SIZE)
#define pmd_cont_addr_end(addr, end) __next_boundary(addr, end, CONT_PMD_SIZE)
static inline void __pmd_populate(pmd_t *pmdp, phys_addr_t ptep, pmdval_t prot)
{
	set_pmd(pmdp, __pmd(__phys_to_pmd_val(ptep) | prot));
}
static inline void __pud_populate(pud_t *pudp, phys_addr_t pmdp, pudval_t prot)
{
	set_pud(pudp, __pud(__phys_to_pud_val(pmdp) | prot));
}
static inline void __p4d_populate(p4d_t *p4dp, phys_addr_t pudp, p4dval_t prot)
{
	set_p4d(p4dp, __p4d(__phys_to_p4d_val(pudp) | prot));
}
extern pgd_t idmap_pg_dir[PTRS_PER_PGD] __page_aligned_bss;
extern pgd_t init_pg_dir[PTRS_PER_PGD] __page_aligned_bss;
extern pgd_t init_pg_end[1] __page_aligned_bss;
#define SYS_ID_AA64PFR1_EL1 0x180420
#define ID_AA64PFR1_EL1_BT_SHIFT 0
#define arm64_use_ng_mappings 0
#define pgtable_l4_enabled() (CONFIG_PGTABLE_LEVELS > 3)
#define pgtable_l5_enabled() (CONFIG_PGTABLE_LEVELS > 4)
#define debug_checkwx() do { } while (0)
void early_fixmap_init(void);
${imageSymbols.map((name) => `extern char ${name}[1] __page_aligned_bss;\n`).join('')}
`;
