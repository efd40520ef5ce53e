// SPDX-License-Identifier: GPL-2.0-only

/** What riscv64 can map larger than a page; used where the tree has no asm/vmalloc.h of its own. */
export const header = (): string => `
#define arch_vmap_pud_supported arch_vmap_pud_supported
bool arch_vmap_pud_supported(pgprot_t prot);
#define arch_vmap_pmd_supported arch_vmap_pmd_supported
bool arch_vmap_pmd_supported(pgprot_t prot);
#define arch_vmap_pte_range_map_size arch_vmap_pte_range_map_size
unsigned long arch_vmap_pte_range_map_size(unsigned long addr, unsigned long end, u64 pfn, unsigned int max_page_shift);
#define arch_vmap_pte_supported_shift arch_vmap_pte_supported_shift
int arch_vmap_pte_supported_shift(unsigned long size);
`;
