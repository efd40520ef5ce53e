// SPDX-License-Identifier: GPL-2.0-only
/** Pages, their frames and addresses, and walks over ranges of page tables. */
export const header = (): string => `
struct page *pfn_to_page(unsigned long pfn);
unsigned long page_to_pfn(const struct page *page);
int pfn_valid(unsigned long pfn);
phys_addr_t page_to_phys(const struct page *page);
struct page *phys_to_page(phys_addr_t phys);
void *page_address(const struct page *page);
struct page *virt_to_page(const void *addr);
phys_addr_t virt_to_phys(const volatile void *addr);
void *phys_to_virt(phys_addr_t phys);
bool virt_addr_valid(const void *addr);
#define __pa(x) virt_to_phys((const void *)(unsigned long)(x))
#define __va(x) phys_to_virt((phys_addr_t)(x))
#define __pa_symbol(x) __pa(x)
#define lm_alias(x) (x)
#define virt_to_pfn(addr) PHYS_PFN(__pa(addr))
#define pfn_to_kaddr(pfn) __va(PFN_PHYS(pfn))
#define pfn_to_virt(pfn) __va(PFN_PHYS(pfn))
#define page_to_virt(page) page_address(page)
#define lowmem_page_address(page) page_address(page)
#define nth_page(page, n) pfn_to_page(page_to_pfn(page) + (n))
#define folio_page(folio, n) nth_page(&(folio)->page, n)
#define page_folio(page_) ((struct folio *)compound_head(page_))
#define virt_to_head_page(addr) compound_head(virt_to_page(addr))
#define folio_pfn(folio) page_to_pfn(&(folio)->page)
#define folio_order(folio) compound_order(&(folio)->page)
#define folio_nr_pages(folio) compound_nr(&(folio)->page)
#define folio_size(folio) page_size(&(folio)->page)
#define folio_test_large(folio) PageHead(&(folio)->page)
struct page *compound_head(const struct page *page);
int PageCompound(const struct page *page);
int PageHead(const struct page *page);
int PageTail(const struct page *page);
#define ptdesc_page(pt) (&(pt)->page)
#define page_ptdesc(page_) ((struct ptdesc *)(page_))
#define virt_to_ptdesc(addr) page_ptdesc(virt_to_page(addr))
#define ptdesc_address(pt) page_address(ptdesc_page(pt))
#define ptdesc_to_virt(pt) ptdesc_address(pt)
struct ptdesc *pagetable_alloc(gfp_t gfp, unsigned int order);
#define pagetable_alloc_noprof(gfp, order) pagetable_alloc(gfp, order)
void pagetable_free(struct ptdesc *pt);
#define pagetable_free_kernel(pt) pagetable_free(pt)
#define pagetable_dtor_free(pt) pagetable_free(pt)
#define pagetable_dtor(pt) ((void)(pt))
#define pagetable_pte_ctor(...) 1
#define pgtable_pte_page_ctor(page) 1
#define pgtable_pmd_page_ctor(page) 1
#define pagetable_pmd_ctor(...) 1
#define pagetable_pud_ctor(...) ((void)0)
#define pagetable_p4d_ctor(...) ((void)0)
#define pagetable_pgd_ctor(...) ((void)0)
#define page_alloc_available 1
#define PageHighMem(page) 0
#define PageReserved(page) 0
#define PageSlab(page) 0
unsigned int compound_order(const struct page *page);
unsigned long compound_nr(const struct page *page);
unsigned long page_size(const struct page *page);
unsigned int page_shift(const struct page *page);
unsigned long num_pages_contiguous(struct page **pages, unsigned long nr_pages);
int page_count(const struct page *page);
#define page_ref_count(page) page_count(page)
void mod_memcg_page_state(struct page *page, int idx, int val);
void set_page_count(struct page *page, int count);
void get_page(struct page *page);
void put_page(struct page *page);
#define folio_put(folio) put_page(&(folio)->page)
#define set_page_private(page, value) ((page)->private = (value))
#define page_private(page) ((page)->private)
#define SECTION_SIZE_BITS (PAGE_SHIFT == 16 ? 29 : 27)
#define PAGES_PER_SECTION (1UL << (SECTION_SIZE_BITS - PAGE_SHIFT))
#define pfn_is_map_memory(pfn) pfn_valid(pfn)
#define SHMLBA PAGE_SIZE
extern struct page *__zero_page;
#define ZERO_PAGE(addr) (__zero_page)
void *kmap_local_page(struct page *page);
void kunmap_local(const void *addr);
#define kmap(page) page_address(page)
#define kunmap(page) do { } while (0)
#define kmap_atomic(page) kmap_local_page(page)
#define kunmap_atomic(addr) kunmap_local(addr)
#define kmap_local_pfn(pfn) kmap_local_page(pfn_to_page(pfn))
void mmap_read_lock(struct mm_struct *mm);
bool mmap_read_trylock(struct mm_struct *mm);
void mmap_read_unlock(struct mm_struct *mm);
void mmap_write_lock(struct mm_struct *mm);
void mmap_write_unlock(struct mm_struct *mm);
#define mmap_assert_locked(mm) do { } while (0)
#define mmap_assert_write_locked(mm) do { } while (0)
unsigned long totalram_pages(void);
#define VM_NONE 0UL
#define VM_READ 1UL
#define VM_WRITE 2UL
#define VM_EXEC 4UL
#define VM_SHARED 8UL
#define VM_DONTEXPAND 0x40000UL
#define VM_DONTDUMP 0x4000000UL
#define VM_PFNMAP 0x400UL
#define VM_IO 0x4000UL
void zap_vma_ptes(struct vm_area_struct *vma, unsigned long address, unsigned long size);
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);
#define vm_flags_set(vma, flags) ((void)((vma)->vm_flags |= (flags)))
typedef int (*pte_fn_t)(pte_t *pte, unsigned long addr, void *data);
int apply_to_page_range(struct mm_struct *mm, unsigned long addr, unsigned long size, pte_fn_t fn, void *data);
int apply_to_existing_page_range(struct mm_struct *mm, unsigned long addr, unsigned long size, pte_fn_t fn,
				 void *data);
enum page_walk_action { ACTION_SUBTREE = 0, ACTION_CONTINUE = 1, ACTION_AGAIN = 2 };
enum page_walk_lock { PGWALK_RDLOCK = 0, PGWALK_WRLOCK = 1, PGWALK_WRLOCK_VERIFY = 2, PGWALK_VMA_RDLOCK_VERIFY = 3 };
struct mm_walk;
struct mm_walk_ops {
	int (*pgd_entry)(pgd_t *pgd, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*p4d_entry)(p4d_t *p4d, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pud_entry)(pud_t *pud, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pmd_entry)(pmd_t *pmd, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pte_entry)(pte_t *pte, unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pte_hole)(unsigned long addr, unsigned long next, int depth, struct mm_walk *walk);
	int (*hugetlb_entry)(pte_t *pte, unsigned long hmask, unsigned long addr, unsigned long next,
			     struct mm_walk *walk);
	int (*test_walk)(unsigned long addr, unsigned long next, struct mm_walk *walk);
	int (*pre_vma)(unsigned long start, unsigned long end, struct mm_walk *walk);
	void (*post_vma)(struct mm_walk *walk);
	int (*install_pte)(unsigned long addr, unsigned long next, pte_t *ptep, struct mm_walk *walk);
	enum page_walk_lock walk_lock;
};
struct mm_walk {
	const struct mm_walk_ops *ops;
	struct mm_struct *mm;
	pgd_t *pgd;
	struct vm_area_struct *vma;
	enum page_walk_action action;
	bool no_vma;
	void *private;
};
int walk_kernel_page_table_range(unsigned long start, unsigned long end, const struct mm_walk_ops *ops, pgd_t *pgd,
				 void *private);
int walk_kernel_page_table_range_lockless(unsigned long start, unsigned long end, const struct mm_walk_ops *ops,
					  pgd_t *pgd, void *private);
int set_memory_ro(unsigned long addr, int numpages);
int set_memory_rw(unsigned long addr, int numpages);
int set_memory_nx(unsigned long addr, int numpages);
int set_memory_x(unsigned long addr, int numpages);
int set_direct_map_invalid_noflush(struct page *page);
int set_direct_map_default_noflush(struct page *page);
bool can_set_direct_map(void);
bool kernel_page_present(struct page *page);
`;
