// SPDX-License-Identifier: GPL-2.0-only
/** struct page, struct mm_struct and their kin. struct page has the size that the vmemmap is laid out for. */
export const header = (): string => `
typedef __descriptor pte_t;
typedef __descriptor pmd_t;
typedef __descriptor pud_t;
typedef __descriptor p4d_t;
typedef __descriptor pgd_t;
typedef __descriptor pgprot_t;
typedef u64 pteval_t;
typedef u64 pmdval_t;
typedef u64 pudval_t;
typedef u64 p4dval_t;
typedef u64 pgdval_t;
typedef u64 pgprotval_t;
typedef u64 ptval_t;
typedef u64 ptdesc_t;
typedef struct page *pgtable_t;
struct address_space;
struct page {
	unsigned long flags;
	union {
		struct {
			struct list_head lru;
			struct address_space *mapping;
			union { unsigned long index; unsigned long share; };
			unsigned long private;
		};
		struct { unsigned long compound_head; };
		struct rcu_head rcu_head;
	};
	union { atomic_t _mapcount; unsigned int page_type; };
	atomic_t _refcount;
	unsigned long memcg_data;
};
struct folio { struct page page; };
struct ptdesc {
	union {
		struct page page;
		struct {
			unsigned long __page_flags;
			union { struct rcu_head pt_rcu_head; struct list_head pt_list; };
		};
	};
};
typedef struct { unsigned long id; } mm_context_t;
struct mm_struct {
	pgd_t *pgd;
	spinlock_t page_table_lock;
	struct rw_semaphore mmap_lock;
	atomic_long_t pgtables_bytes;
	mm_context_t context;
};
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	vm_flags_t vm_flags;
	unsigned long vm_pgoff;
	struct file *vm_file;
	void *vm_private_data;
};
struct vm_fault;
extern struct mm_struct init_mm;
`;
