// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../trace/machine.ts';
import { publicPrototypes } from '../../mm/vmalloc-prototypes.ts';

/**
 * The C face of include/linux/vmalloc.h, for trees that do not bring their own. The order of fields is the kernel's.
 * asm/vmalloc.h comes before it: what an architecture decides there, it says by a macro of the function's name.
 */
export const header = (_machine: Machine): string => `
struct notifier_block;
struct iov_iter;

#define VM_IOREMAP 0x1
#define VM_ALLOC 0x2
#define VM_MAP 0x4
#define VM_USERMAP 0x8
#define VM_DMA_COHERENT 0x10
#define VM_UNINITIALIZED 0x20
#define VM_NO_GUARD 0x40
#define VM_KASAN 0x80
#define VM_FLUSH_RESET_PERMS 0x100
#define VM_MAP_PUT_PAGES 0x200
#define VM_ALLOW_HUGE_VMAP 0x400
#define VM_DEFER_KMEMLEAK 0
#define VM_SPARSE 0x1000

#ifndef IOREMAP_MAX_ORDER
#define IOREMAP_MAX_ORDER (PAGE_SHIFT + 7)
#endif

struct vm_struct {
	struct vm_struct *next;
	void *addr;
	unsigned long size;
	unsigned long flags;
	struct page **pages;
#ifdef CONFIG_HAVE_ARCH_HUGE_VMALLOC
	unsigned int page_order;
#endif
	unsigned int nr_pages;
	phys_addr_t phys_addr;
	const void *caller;
	unsigned long requested_size;
};

struct vmap_area {
	unsigned long va_start;
	unsigned long va_end;
	struct rb_node rb_node;
	struct list_head list;
	union {
		unsigned long subtree_max_size;
		struct vm_struct *vm;
	};
	unsigned long flags;
};

#ifndef arch_vmap_p4d_supported
bool arch_vmap_p4d_supported(pgprot_t prot);
#endif
#ifndef arch_vmap_pud_supported
bool arch_vmap_pud_supported(pgprot_t prot);
#endif
#ifndef arch_vmap_pmd_supported
bool arch_vmap_pmd_supported(pgprot_t prot);
#endif
#ifndef arch_vmap_pte_range_map_size
unsigned long arch_vmap_pte_range_map_size(unsigned long addr, unsigned long end, u64 pfn,
	unsigned int max_page_shift);
#endif
#ifndef arch_vmap_pte_range_unmap_size
unsigned long arch_vmap_pte_range_unmap_size(unsigned long addr, pte_t *ptep);
#endif
#ifndef arch_vmap_pte_supported_shift
int arch_vmap_pte_supported_shift(unsigned long size);
#endif
#ifndef arch_vmap_pgprot_tagged
pgprot_t arch_vmap_pgprot_tagged(pgprot_t prot);
#endif

size_t get_vm_area_size(const struct vm_struct *area);
bool is_vm_area_hugepages(const void *addr);
void set_vm_flush_reset_perms(void *addr);
${publicPrototypes}`;
