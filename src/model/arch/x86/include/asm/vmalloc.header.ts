// SPDX-License-Identifier: GPL-2.0-only

/** What x86_64 can map larger than a page; used where the tree has no asm/vmalloc.h of its own. */
export const header = (): string => `
#define arch_vmap_pud_supported arch_vmap_pud_supported
bool arch_vmap_pud_supported(pgprot_t prot);
#define arch_vmap_pmd_supported arch_vmap_pmd_supported
bool arch_vmap_pmd_supported(pgprot_t prot);
`;
