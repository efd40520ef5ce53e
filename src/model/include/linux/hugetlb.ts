// SPDX-License-Identifier: GPL-2.0-only
/** Huge entries. The sizes are the architecture's (asm/hugetlb). No two users of memory share a table. */
export const header = (): string => `
struct hstate { unsigned int order; unsigned long mask; };
#define HPAGE_SHIFT PMD_SHIFT
#define HPAGE_SIZE (1UL << HPAGE_SHIFT)
#define HPAGE_MASK (~(HPAGE_SIZE - 1))
#define HUGETLB_PAGE_ORDER (HPAGE_SHIFT - PAGE_SHIFT)
#define HUGE_MAX_HSTATE 4
pte_t arch_make_huge_pte(pte_t entry, unsigned int shift, vm_flags_t flags);
void set_huge_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte, unsigned long sz);
pte_t huge_ptep_get(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
pte_t huge_ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep, unsigned long sz);
void huge_pte_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep, unsigned long sz);
#define huge_page_size(h) (PAGE_SIZE << (h)->order)
#define huge_page_shift(h) ((h)->order + PAGE_SHIFT)
#define huge_pte_none(pte) pte_none(pte)
#define want_pmd_share(vma, addr) 0
#define huge_pmd_share(mm, vma, addr, pud) ((pte_t *)NULL)
#define pte_alloc_map(mm, pmd, addr) pte_alloc_huge(mm, pmd, addr)
int ptep_set_access_flags(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, pte_t entry, int dirty);
pte_t ptep_clear_flush(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep);
#define hstate_vma(vma) ((struct hstate *)(vma)->vm_private_data)
__unmodelled void hugetlb_add_hstate(unsigned int order);
`;
