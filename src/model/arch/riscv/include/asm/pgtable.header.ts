// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../../../trace/machine.ts';

/** riscv64's entries: hardware bits (privileged specification, Sv48, Svnapot, Svpbmt), protections and accessors. */
export const header = (machine: Machine): string => `
extern bool pgtable_l4_enabled;
extern bool pgtable_l5_enabled;
#define VMALLOC_START ${cAddress(machine.addresses.vmallocStart)}
#define VMALLOC_END ${cAddress(machine.addresses.vmallocEnd)}
#define IOREMAP_MAX_ORDER (PUD_SHIFT)
#define MODULES_VADDR 0xffffffff00000000UL
#define MODULES_END 0xffffffff80000000UL
#define _PAGE_PRESENT (1 << 0)
#define _PAGE_READ (1 << 1)
#define _PAGE_WRITE (1 << 2)
#define _PAGE_EXEC (1 << 3)
#define _PAGE_USER (1 << 4)
#define _PAGE_GLOBAL (1 << 5)
#define _PAGE_ACCESSED (1 << 6)
#define _PAGE_DIRTY (1 << 7)
#define _PAGE_SPECIAL (1 << 8)
#define _PAGE_TABLE _PAGE_PRESENT
#define _PAGE_PROT_NONE _PAGE_GLOBAL
#define _PAGE_LEAF (_PAGE_READ | _PAGE_WRITE | _PAGE_EXEC)
#define _PAGE_PFN_SHIFT 10
#define _PAGE_PFN_MASK (((1UL << 44) - 1) << _PAGE_PFN_SHIFT)
#define _PAGE_NOCACHE (1UL << 61)
#define _PAGE_IO (1UL << 62)
#define _PAGE_MTMASK (_PAGE_NOCACHE | _PAGE_IO)
#define _PAGE_NAPOT (1UL << 63)
#define _PAGE_KERNEL \\
	(_PAGE_PRESENT | _PAGE_READ | _PAGE_WRITE | _PAGE_GLOBAL | _PAGE_ACCESSED | _PAGE_DIRTY)
#define _PAGE_KERNEL_RO (_PAGE_KERNEL & ~_PAGE_WRITE)
#define _PAGE_KERNEL_EXEC (_PAGE_KERNEL | _PAGE_EXEC)
#define _PAGE_KERNEL_ROX (_PAGE_KERNEL_RO | _PAGE_EXEC)
#define PAGE_KERNEL __pgprot(_PAGE_KERNEL)
#define PAGE_KERNEL_RO PAGE_KERNEL_READ
#define PAGE_KERNEL_ROX PAGE_KERNEL_READ_EXEC
#define PAGE_KERNEL_READ __pgprot(_PAGE_KERNEL_RO)
#define PAGE_KERNEL_EXEC __pgprot(_PAGE_KERNEL_EXEC)
#define PAGE_KERNEL_READ_EXEC __pgprot(_PAGE_KERNEL_ROX)
#define PAGE_KERNEL_IO __pgprot(_PAGE_KERNEL | _PAGE_IO)
#define NAPOT_CONT_ORDER_BASE 4
enum napot_cont_order { NAPOT_CONT64KB_ORDER = NAPOT_CONT_ORDER_BASE, NAPOT_ORDER_MAX };
#define for_each_napot_order(order) for (order = NAPOT_CONT_ORDER_BASE; order < NAPOT_ORDER_MAX; order++)
#define for_each_napot_order_rev(order) for (order = NAPOT_ORDER_MAX - 1; order >= NAPOT_CONT_ORDER_BASE; order--)
#define napot_cont_order(entry) (__ffs(pte_val(entry) >> _PAGE_PFN_SHIFT) + 1)
#define napot_cont_shift(order) ((order) + PAGE_SHIFT)
#define napot_cont_size(order) (1UL << napot_cont_shift(order))
#define napot_cont_mask(order) (~(napot_cont_size(order) - 1))
#define napot_pte_num(order) (1UL << (order))
bool has_svnapot(void);
unsigned long pte_napot(pte_t pte);
pte_t pte_mknapot(pte_t pte, unsigned int order);
#define TLB_FLUSH_VMA(mm, flags) { .vm_mm = (mm), .vm_flags = (flags) }
`;

function cAddress(addr: number): string {
  return `0x${BigInt.asUintN(64, BigInt(addr)).toString(16)}UL`;
}
