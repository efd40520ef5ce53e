// SPDX-License-Identifier: GPL-2.0-only

/** C prototypes of what mm/vmalloc.c and mm/ioremap.c offer to the rest of the kernel, as the model implements it. */
export const publicPrototypes = `
struct vm_struct *get_vm_area(unsigned long size, unsigned long flags);
struct vm_struct *get_vm_area_caller(unsigned long size, unsigned long flags, const void *caller);
struct vm_struct *__get_vm_area_caller(unsigned long size, unsigned long flags, unsigned long start,
	unsigned long end, const void *caller);
void free_vm_area(struct vm_struct *area);
struct vm_struct *remove_vm_area(const void *addr);
struct vm_struct *find_vm_area(const void *addr);
struct vmap_area *find_vmap_area(unsigned long addr);

void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot);
void vunmap(const void *addr);
void vunmap_range(unsigned long addr, unsigned long end);
void vunmap_range_noflush(unsigned long start, unsigned long end);
void __vunmap_range_noflush(unsigned long start, unsigned long end);
int vmap_pages_range_noflush(unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages,
	unsigned int page_shift);
int __vmap_pages_range_noflush(unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages,
	unsigned int page_shift);
int vmap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot);
int ioremap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot);
void *generic_ioremap_prot(phys_addr_t phys_addr, size_t size, pgprot_t prot);
void generic_iounmap(volatile void *addr);
void iounmap(volatile void *addr);

void vm_unmap_aliases(void);
void vmalloc_init(void);
`;

/** C prototypes of the static functions of mm/vmalloc.c that the model implements, to compare a tree's with. */
export const staticPrototypes = `
int vmap_pte_range(pmd_t *pmd, unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot,
	unsigned int max_page_shift, pgtbl_mod_mask *mask);
int vmap_try_huge_pmd(pmd_t *pmd, unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot,
	unsigned int max_page_shift);
int vmap_pmd_range(pud_t *pud, unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot,
	unsigned int max_page_shift, pgtbl_mod_mask *mask);
int vmap_try_huge_pud(pud_t *pud, unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot,
	unsigned int max_page_shift);
int vmap_pud_range(p4d_t *p4d, unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot,
	unsigned int max_page_shift, pgtbl_mod_mask *mask);
int vmap_try_huge_p4d(p4d_t *p4d, unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot,
	unsigned int max_page_shift);
int vmap_p4d_range(pgd_t *pgd, unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot,
	unsigned int max_page_shift, pgtbl_mod_mask *mask);
int vmap_range_noflush(unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot,
	unsigned int max_page_shift);

void vunmap_pte_range(pmd_t *pmd, unsigned long addr, unsigned long end, pgtbl_mod_mask *mask);
void vunmap_pmd_range(pud_t *pud, unsigned long addr, unsigned long end, pgtbl_mod_mask *mask);
void vunmap_pud_range(p4d_t *p4d, unsigned long addr, unsigned long end, pgtbl_mod_mask *mask);
void vunmap_p4d_range(pgd_t *pgd, unsigned long addr, unsigned long end, pgtbl_mod_mask *mask);

int vmap_pages_pte_range(pmd_t *pmd, unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages,
	int *nr, pgtbl_mod_mask *mask);
int vmap_pages_pmd_range(pud_t *pud, unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages,
	int *nr, pgtbl_mod_mask *mask);
int vmap_pages_pud_range(p4d_t *p4d, unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages,
	int *nr, pgtbl_mod_mask *mask);
int vmap_pages_p4d_range(pgd_t *pgd, unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages,
	int *nr, pgtbl_mod_mask *mask);
int vmap_small_pages_range_noflush(unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages);
int vmap_pages_range(unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages,
	unsigned int page_shift);

struct vmap_area *alloc_vmap_area(unsigned long size, unsigned long align, unsigned long vstart,
	unsigned long vend, int node, gfp_t gfp_mask, unsigned long va_flags, struct vm_struct *vm);
struct vmap_area *find_unlink_vmap_area(unsigned long addr);
void free_vmap_area(struct vmap_area *va);
void free_vmap_area_noflush(struct vmap_area *va);
void free_unmap_vmap_area(struct vmap_area *va);
unsigned long lazy_max_pages(void);
bool __purge_vmap_area_lazy(unsigned long start, unsigned long end, bool full_pool_decay);
void reclaim_and_purge_vmap_areas(void);
void _vm_unmap_aliases(unsigned long start, unsigned long end, int flush);
struct vm_struct *__get_vm_area_node(unsigned long size, unsigned long align, unsigned long shift,
	unsigned long flags, unsigned long start, unsigned long end, int node, gfp_t gfp_mask,
	const void *caller);
`;
