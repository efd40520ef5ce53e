// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the walkers of mm/vmalloc.c call, for the host: arm64's entries with 4K pages in memory of malloc(). The model's
 * headers come first; what they declare is defined here, and nothing that the measured paths do not reach.
 *
 * A physical address is the host's own address here, so a table is found without a linear map.
 */
#define ADDRESS_BITS (((1ULL << 50) - 1) & PAGE_MASK)
#define ENTRIES 512

#ifdef NOTED
/* A call is a call, as where a patch may replace any of them. */
#define inline __attribute__((noinline))
#endif

void *host_table(void);
extern unsigned long warnings, flushes, barriers;

pgd_t root_table[ENTRIES] __attribute__((aligned(4096)));
struct mm_struct init_mm = { .pgd = root_table };

/* ── events ─────────────────────────────────────────────────────────────── */

inline int __warn_on(int condition, const char *text)
{
	if (condition)
		warnings++;
	return condition;
}

inline void __bug_on(int condition, const char *text)
{
	if (condition)
		__builtin_trap();
}

inline void might_sleep(void) { }
inline int cond_resched(void) { return 0; }
inline void arch_enter_lazy_mmu_mode(void) { }
inline void arch_leave_lazy_mmu_mode(void) { barriers++; }
inline void flush_cache_vmap(unsigned long start, unsigned long end) { flushes++; }
inline void flush_cache_vunmap(unsigned long start, unsigned long end) { flushes++; }
inline void flush_tlb_kernel_range(unsigned long start, unsigned long end) { flushes++; }

inline void flush_tlb_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	flushes++;
}

inline int kmsan_vmap_pages_range_noflush(unsigned long start, unsigned long end, pgprot_t prot,
					  struct page **pages, unsigned int page_shift, ...)
{
	return 0;
}

inline void kmsan_vunmap_range_noflush(unsigned long start, unsigned long end) { }

inline int _printk(const char *format, ...)
{
	warnings++;
	return 0;
}

/* ── entries as values ──────────────────────────────────────────────────── */

#define ENTRY(value) ((__descriptor){ value })

inline pgprot_t __pgprot(pgprotval_t bits) { return ENTRY(bits); }
inline int pte_none(pte_t pte) { return !pte.bits; }
inline int pte_valid(pte_t pte) { return !!(pte.bits & PTE_VALID); }
inline int pte_present(pte_t pte) { return !!(pte.bits & (PTE_VALID | PTE_PRESENT_INVALID)); }
inline int pte_cont(pte_t pte) { return !!(pte.bits & PTE_CONT); }
inline int pte_valid_cont(pte_t pte) { return pte_valid(pte) && pte_cont(pte); }
inline int pte_young(pte_t pte) { return !!(pte.bits & PTE_AF); }
inline int pte_dirty(pte_t pte) { return !!(pte.bits & PTE_DIRTY); }
inline pte_t pte_mkyoung(pte_t pte) { return ENTRY(pte.bits | PTE_AF); }
inline pte_t pte_mkdirty(pte_t pte) { return ENTRY(pte.bits | PTE_DIRTY); }
inline pte_t pte_mkcont(pte_t pte) { return ENTRY(pte.bits | PTE_CONT); }
inline pte_t pte_mkhuge(pte_t pte) { return ENTRY(pte.bits & ~PTE_TABLE_BIT); }
inline pmd_t pmd_mkcont(pmd_t pmd) { return ENTRY(pmd.bits | PMD_SECT_CONT); }
inline pmd_t pte_pmd(pte_t pte) { return pte; }
inline pte_t pmd_pte(pmd_t pmd) { return pmd; }
inline unsigned long pte_pfn(pte_t pte) { return (pte.bits & ADDRESS_BITS) >> PAGE_SHIFT; }
inline pgprot_t pte_pgprot(pte_t pte) { return ENTRY(pte.bits & ~ADDRESS_BITS); }
inline pte_t pfn_pte(unsigned long pfn, pgprot_t prot) { return ENTRY((u64)pfn << PAGE_SHIFT | prot.bits); }

inline unsigned long page_to_pfn(const struct page *page)
{
	return ((unsigned long)page - VMEMMAP_START) / sizeof(*page);
}

inline struct page *pfn_to_page(unsigned long pfn)
{
	return (struct page *)(VMEMMAP_START + pfn * sizeof(struct page));
}

inline phys_addr_t page_to_phys(const struct page *page) { return (u64)page_to_pfn(page) << PAGE_SHIFT; }
inline int pfn_valid(unsigned long pfn) { return pfn < 1UL << 36; }
inline pte_t mk_pte(struct page *page, pgprot_t prot) { return pfn_pte(page_to_pfn(page), prot); }
inline struct page *pte_page(pte_t pte) { return pfn_to_page(pte_pfn(pte)); }

/* ── entries in memory ──────────────────────────────────────────────────── */

#ifdef NOTED
/* Every store is noted, as a trace of the translation holds it; the oldest notes are overwritten. */
#define NOTES 8192
static struct { void *entry; unsigned long long before, after; } notes[NOTES];
static unsigned int noted;

static void note(__descriptor *entry, unsigned long long before, unsigned long long after)
{
	unsigned int at = noted++ % NOTES;

	notes[at].entry = entry;
	notes[at].before = before;
	notes[at].after = after;
}
#endif

static inline __descriptor load(__descriptor *entry)
{
	return ENTRY(*(volatile unsigned long long *)&entry->bits);
}

static inline void store(__descriptor *entry, __descriptor value)
{
#ifdef NOTED
	note(entry, entry->bits, value.bits);
#endif
	*(volatile unsigned long long *)&entry->bits = value.bits;
}

static inline __descriptor exchange(__descriptor *entry)
{
	__descriptor before = ENTRY(__atomic_exchange_n(&entry->bits, 0, __ATOMIC_RELAXED));

#ifdef NOTED
	note(entry, before.bits, 0);
#endif
	return before;
}

inline pte_t __ptep_get(pte_t *ptep) { return load(ptep); }
inline pte_t ptep_get(pte_t *ptep) { return load(ptep); }

inline void __set_ptes(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte, unsigned int nr)
{
	for (;; ptep++, pte.bits += PAGE_SIZE) {
		store(ptep, pte);
		if (--nr == 0)
			break;
	}
}

inline void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte)
{
	store(ptep, pte);
}

inline pte_t __ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	return exchange(ptep);
}

inline pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	return exchange(ptep);
}

/* ── levels: pgd, pud, pmd, pte; the p4d is folded ──────────────────────── */

static inline int is_table(__descriptor entry) { return (entry.bits & PMD_TYPE_MASK) == PMD_TYPE_TABLE; }

static inline __descriptor *table_below(__descriptor *entry)
{
	return (__descriptor *)(unsigned long)(load(entry).bits & ADDRESS_BITS);
}

static inline __descriptor *step_down(__descriptor *above, unsigned long addr, unsigned int shift)
{
	return table_below(above) + (addr >> shift & (ENTRIES - 1));
}

static inline __descriptor *allocate_below(__descriptor *above, unsigned long addr, unsigned int shift)
{
	if (!load(above).bits)
		store(above, ENTRY((unsigned long)host_table() | PMD_TYPE_TABLE | PTE_AF));
	return step_down(above, addr, shift);
}

inline pgd_t *pgd_offset_k(unsigned long addr) { return init_mm.pgd + (addr >> PGD_SHIFT & (ENTRIES - 1)); }
inline pgd_t *pgd_offset(struct mm_struct *mm, unsigned long addr) { return pgd_offset_k(addr); }
inline p4d_t *p4d_offset(pgd_t *pgd, unsigned long addr) { return pgd; }
inline pud_t *pud_offset(p4d_t *p4d, unsigned long addr) { return step_down(p4d, addr, PUD_SHIFT); }
inline pmd_t *pmd_offset(pud_t *pud, unsigned long addr) { return step_down(pud, addr, PMD_SHIFT); }
inline pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr) { return step_down(pmd, addr, PAGE_SHIFT); }

inline p4d_t *p4d_alloc_track(struct mm_struct *mm, pgd_t *pgd, unsigned long addr, pgtbl_mod_mask *mask)
{
	return pgd;
}

inline pud_t *pud_alloc_track(struct mm_struct *mm, p4d_t *p4d, unsigned long addr, pgtbl_mod_mask *mask)
{
	return allocate_below(p4d, addr, PUD_SHIFT);
}

inline pmd_t *pmd_alloc_track(struct mm_struct *mm, pud_t *pud, unsigned long addr, pgtbl_mod_mask *mask)
{
	return allocate_below(pud, addr, PMD_SHIFT);
}

inline pte_t *pte_alloc_kernel_track(pmd_t *pmd, unsigned long addr, pgtbl_mod_mask *mask)
{
	return allocate_below(pmd, addr, PAGE_SHIFT);
}

#define LEVEL(name, shift) \
	inline int name##_none(name##_t entry) { return !entry.bits; } \
	inline int name##_bad(name##_t entry) { return !is_table(entry); } \
	inline int name##_present(name##_t entry) { return !!(entry.bits & PTE_VALID); } \
	inline bool name##_leaf(name##_t entry) { return name##_present(entry) && !is_table(entry); } \
	inline int name##_none_or_clear_bad(name##_t *entry) { return name##_none(load(entry)); } \
	inline unsigned long name##_addr_end(unsigned long addr, unsigned long end) \
	{ \
		unsigned long next = (addr + (1UL << (shift))) & ~((1UL << (shift)) - 1); \
		return next - 1 < end - 1 ? next : end; \
	}
LEVEL(pgd, PGD_SHIFT)
LEVEL(p4d, P4D_SHIFT)
LEVEL(pud, PUD_SHIFT)
LEVEL(pmd, PMD_SHIFT)

static inline int set_block(__descriptor *entry, phys_addr_t phys, pgprot_t prot)
{
	store(entry, ENTRY(phys | (prot.bits & ~PTE_TABLE_BIT)));
	return 1;
}

static inline int clear_block(__descriptor *entry)
{
	if (!load(entry).bits || is_table(load(entry)))
		return 0;
	store(entry, ENTRY(0));
	return 1;
}

inline bool pud_sect_supported(void) { return true; }
inline int pud_set_huge(pud_t *pud, phys_addr_t phys, pgprot_t prot) { return set_block(pud, phys, prot); }
inline int pmd_set_huge(pmd_t *pmd, phys_addr_t phys, pgprot_t prot) { return set_block(pmd, phys, prot); }
inline int p4d_clear_huge(p4d_t *p4d) { return 0; }
inline int pud_clear_huge(pud_t *pud) { return clear_block(pud); }
inline int pmd_clear_huge(pmd_t *pmd) { return clear_block(pmd); }

/* Tables of an earlier mapping in the way of a block: no measured run has them. */
inline int pmd_free_pte_page(pmd_t *pmd, unsigned long addr) { __builtin_trap(); }
inline int pud_free_pmd_page(pud_t *pud, unsigned long addr) { __builtin_trap(); }
inline struct page *p4d_page(p4d_t p4d) { __builtin_trap(); }
inline struct page *pud_page(pud_t pud) { return pte_page(pud); }
inline struct page *pmd_page(pmd_t pmd) { return pte_page(pmd); }

#ifdef NOTED
#undef inline
#endif
