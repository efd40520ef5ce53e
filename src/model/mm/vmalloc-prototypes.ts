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
void *vmap_pfn(unsigned long *pfns, unsigned int count, pgprot_t prot);
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

void *vmalloc(unsigned long size);
void *vzalloc(unsigned long size);
void *vmalloc_user(unsigned long size);
void *vmalloc_node(unsigned long size, int node);
void *vzalloc_node(unsigned long size, int node);
void *vmalloc_32(unsigned long size);
void *vmalloc_32_user(unsigned long size);
void *vmalloc_huge(unsigned long size, gfp_t gfp_mask);
void *vmalloc_huge_node(unsigned long size, gfp_t gfp_mask, int node);
void *__vmalloc(unsigned long size, gfp_t gfp_mask);
void *__vmalloc_node(unsigned long size, unsigned long align, gfp_t gfp_mask, int node, const void *caller);
void *__vmalloc_node_range(unsigned long size, unsigned long align, unsigned long start, unsigned long end,
	gfp_t gfp_mask, pgprot_t prot, unsigned long vm_flags, int node, const void *caller);
void *vrealloc(const void *p, size_t size, gfp_t flags);
void *vrealloc_node_align(const void *p, size_t size, unsigned long align, gfp_t flags, int nid);
void vfree(const void *addr);
void vfree_atomic(const void *addr);
int remap_vmalloc_range_partial(struct vm_area_struct *vma, unsigned long uaddr, void *kaddr, unsigned long pgoff,
	unsigned long size);
int remap_vmalloc_range(struct vm_area_struct *vma, void *addr, unsigned long pgoff);

void *vm_map_ram(struct page **pages, unsigned int count, int node);
void vm_unmap_ram(const void *mem, unsigned int count);
void vm_unmap_aliases(void);

unsigned long vmalloc_nr_pages(void);
int vm_area_map_pages(struct vm_struct *area, unsigned long start, unsigned long end, struct page **pages);
void vm_area_unmap_pages(struct vm_struct *area, unsigned long start, unsigned long end);
struct vm_struct **pcpu_get_vm_areas(const unsigned long *offsets, const size_t *sizes, int nr_vms, size_t align);
void pcpu_free_vm_areas(struct vm_struct **vms, int nr_vms);
bool is_vmalloc_addr(const void *x);
int is_vmalloc_or_module_addr(const void *x);
struct page *vmalloc_to_page(const void *vmalloc_addr);
unsigned long vmalloc_to_pfn(const void *vmalloc_addr);
void vmalloc_init(void);
`;

/** C prototypes of the static functions of mm/vmalloc.c that the model implements, to compare a tree's with. */
const staticPrototypes = `
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
int check_sparse_vm_area(struct vm_struct *area, unsigned long start, unsigned long end);
void *new_vmap_block(unsigned int order, gfp_t gfp_mask);
void *vb_alloc(unsigned long size, gfp_t gfp_mask);
void vb_free(unsigned long addr, unsigned long size);
void purge_fragmented_blocks(int cpu);
void purge_fragmented_blocks_allcpus(void);
unsigned int vm_area_alloc_pages(gfp_t gfp, int nid, unsigned int order, unsigned int nr_pages, struct page **pages);
void *__vmalloc_area_node(struct vm_struct *area, gfp_t gfp_mask, pgprot_t prot, unsigned int page_shift, int node);
void vm_reset_perms(struct vm_struct *area);
`;

/**
 * Stands before every C file: the linker compares a tree's definitions with these, and passes values in their form.
 * Trees whose headers declare other things hide these declarations by theirs.
 */
export const header = (): string => `
#define IOREMAP_START VMALLOC_START
#define IOREMAP_END VMALLOC_END
bool ioremap_allowed(phys_addr_t phys_addr, size_t size, unsigned long prot);
#define iounmap_allowed(addr) 1
bool is_ioremap_addr(const void *x);
struct vm_struct;
struct vmap_area;
${publicPrototypes}${staticPrototypes}
size_t get_vm_area_size(const struct vm_struct *area);
bool is_vm_area_hugepages(const void *addr);
void set_vm_flush_reset_perms(void *addr);
`;
