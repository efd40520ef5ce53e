// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../../../trace/machine.ts';
import { levelsOf } from '../../../../hardware/levels.ts';
import { earlyTables } from './pgalloc.header.ts';

/** arm64's descriptors: hardware bits (Arm ARM D8.3), protections, contiguous sizes and accessors. */
export const header = (machine: Machine): string => `
#define VA_BITS ${machine.config['CONFIG_ARM64_VA_BITS']}
#define VMALLOC_START ${cAddress(machine.addresses.vmallocStart)}
#define VMALLOC_END ${cAddress(machine.addresses.vmallocEnd)}
#define IOREMAP_MAX_ORDER ${levelsOf(machine)[levelsOf(machine).pud.level?.leaf ? 'pud' : 'pmd'].shift}
#define MODULES_VADDR (-(1UL << (VA_BITS - 1)))
#define MODULES_END VMALLOC_START
#define PTE_VALID (1ULL << 0)
#define PTE_TYPE_MASK (3ULL << 0)
#define PTE_TYPE_PAGE (3ULL << 0)
#define PTE_TABLE_BIT (1ULL << 1)
#define PTE_ATTRINDX(index) ((u64)(index) << 2)
#define PTE_ATTRINDX_MASK (7ULL << 2)
#define PTE_USER (1ULL << 6)
#define PTE_RDONLY (1ULL << 7)
#define PTE_SHARED (3ULL << 8)
#define PTE_AF (1ULL << 10)
#define PTE_NG (1ULL << 11)
#define PTE_GP (1ULL << 50)
#define PTE_DBM (1ULL << 51)
#define PTE_WRITE PTE_DBM
#define PTE_CONT (1ULL << 52)
#define PTE_PXN (1ULL << 53)
#define PTE_UXN (1ULL << 54)
#define PTE_DIRTY (1ULL << 55)
#define PTE_SPECIAL (1ULL << 56)
#define PTE_SWBITS_MASK ((1ULL << 63) | (15ULL << 55))
#define PTE_PRESENT_INVALID PTE_NG
#define PTE_PRESENT_VALID_KERNEL (PTE_VALID | PTE_MAYBE_NG)
#define PTE_MAYBE_NG 0ULL
#define PTE_MAYBE_SHARED PTE_SHARED
#define PTE_MAYBE_GP 0ULL
#define PMD_TYPE_MASK PTE_TYPE_MASK
#define PMD_TYPE_TABLE (3ULL << 0)
#define PMD_TYPE_SECT (1ULL << 0)
#define PMD_TABLE_BIT PTE_TABLE_BIT
#define PMD_SECT_VALID PTE_VALID
#define PMD_SECT_CONT PTE_CONT
#define PMD_SECT_RDONLY PTE_RDONLY
#define PMD_SECT_AF PTE_AF
#define PMD_SECT_S PTE_SHARED
#define PMD_SECT_PXN PTE_PXN
#define PMD_SECT_UXN PTE_UXN
#define PMD_ATTRINDX(index) PTE_ATTRINDX(index)
#define PUD_TYPE_MASK PTE_TYPE_MASK
#define PUD_TYPE_TABLE PMD_TYPE_TABLE
#define PUD_TYPE_SECT PMD_TYPE_SECT
#define PUD_TABLE_BIT PTE_TABLE_BIT
#define PUD_SECT_RDONLY PTE_RDONLY
#define P4D_TYPE_TABLE PMD_TYPE_TABLE
#define PGD_TYPE_TABLE PMD_TYPE_TABLE
#define MT_NORMAL 0
#define MT_NORMAL_TAGGED 1
#define MT_NORMAL_NC 2
#define MT_DEVICE_nGnRnE 3
#define MT_DEVICE_nGnRE 4
#define PROT_DEFAULT (PTE_TYPE_PAGE | PTE_MAYBE_NG | PTE_MAYBE_SHARED | PTE_AF)
#define PROT_SECT_DEFAULT (PMD_TYPE_SECT | PTE_MAYBE_NG | PTE_MAYBE_SHARED | PMD_SECT_AF)
#define __PROT_KERNEL_DATA(type) (PROT_DEFAULT | PTE_PXN | PTE_UXN | PTE_WRITE | PTE_ATTRINDX(type))
#define PROT_DEVICE_nGnRnE __PROT_KERNEL_DATA(MT_DEVICE_nGnRnE)
#define PROT_DEVICE_nGnRE __PROT_KERNEL_DATA(MT_DEVICE_nGnRE)
#define PROT_NORMAL_NC __PROT_KERNEL_DATA(MT_NORMAL_NC)
#define PROT_NORMAL __PROT_KERNEL_DATA(MT_NORMAL)
#define PROT_NORMAL_TAGGED __PROT_KERNEL_DATA(MT_NORMAL_TAGGED)
#define PROT_SECT_NORMAL (PROT_SECT_DEFAULT | PMD_SECT_PXN | PMD_SECT_UXN | PTE_WRITE | PMD_ATTRINDX(MT_NORMAL))
#define PROT_SECT_DEVICE_nGnRE (PROT_SECT_DEFAULT | PMD_SECT_PXN | PMD_SECT_UXN | PMD_ATTRINDX(MT_DEVICE_nGnRE))
#define _PAGE_KERNEL (PROT_NORMAL | PTE_DIRTY)
#define _PAGE_KERNEL_RO ((PROT_NORMAL & ~PTE_WRITE) | PTE_RDONLY | PTE_DIRTY)
#define _PAGE_KERNEL_ROX ((PROT_NORMAL & ~(PTE_WRITE | PTE_PXN)) | PTE_RDONLY | PTE_DIRTY)
#define _PAGE_KERNEL_EXEC ((PROT_NORMAL & ~PTE_PXN) | PTE_DIRTY)
#define PAGE_KERNEL __pgprot(_PAGE_KERNEL)
#define PAGE_KERNEL_RO __pgprot(_PAGE_KERNEL_RO)
#define PAGE_KERNEL_ROX __pgprot(_PAGE_KERNEL_ROX)
#define PAGE_KERNEL_EXEC __pgprot(_PAGE_KERNEL_EXEC)
#define PAGE_KERNEL_TAGGED PAGE_KERNEL
#define PTE_ADDR_LOW (((1ULL << (50 - PAGE_SHIFT)) - 1) << PAGE_SHIFT)
#define CONT_PTE_SHIFT ${contiguousShift(machine, 'pte')}
#define CONT_PTES (1 << (CONT_PTE_SHIFT - PAGE_SHIFT))
#define CONT_PTE_SIZE (CONT_PTES * PAGE_SIZE)
#define CONT_PTE_MASK (~(CONT_PTE_SIZE - 1))
#define CONT_PMD_SHIFT ${contiguousShift(machine, 'pmd')}
#define CONT_PMDS (1 << (CONT_PMD_SHIFT - PMD_SHIFT))
#define CONT_PMD_SIZE (CONT_PMDS * PMD_SIZE)
#define CONT_PMD_MASK (~(CONT_PMD_SIZE - 1))
bool pgattr_change_is_safe(pteval_t old, pteval_t new);
bool pud_sect_supported(void);
int system_supports_bbml2_noabort(void);
int pte_valid(pte_t pte);
int pte_cont(pte_t pte);
int pte_rdonly(pte_t pte);
int pte_user(pte_t pte);
int pte_user_exec(pte_t pte);
int pte_hw_dirty(pte_t pte);
int pte_sw_dirty(pte_t pte);
int pte_valid_not_user(pte_t pte);
int pte_valid_cont(pte_t pte);
pte_t pte_mkcont(pte_t pte);
pte_t pte_mknoncont(pte_t pte);
pte_t pte_mkinvalid(pte_t pte);
pte_t pte_mkvalid_k(pte_t pte);
int pte_present_invalid(pte_t pte);
pmd_t pmd_mkinvalid(pmd_t pmd);
pmd_t pmd_mkcont(pmd_t pmd);
pmd_t pmd_mknoncont(pmd_t pmd);
bool pmd_sect(pmd_t pmd);
bool pmd_table(pmd_t pmd);
bool pmd_cont(pmd_t pmd);
bool pmd_valid(pmd_t pmd);
bool pud_sect(pud_t pud);
bool pud_table(pud_t pud);
bool pud_valid(pud_t pud);
pte_t clear_pte_bit(pte_t pte, pgprot_t prot);
pte_t set_pte_bit(pte_t pte, pgprot_t prot);
pmd_t clear_pmd_bit(pmd_t pmd, pgprot_t prot);
pmd_t set_pmd_bit(pmd_t pmd, pgprot_t prot);
pgprot_t mk_pmd_sect_prot(pgprot_t prot);
pgprot_t mk_pud_sect_prot(pgprot_t prot);
pgprot_t pgprot_tagged(pgprot_t prot);
pgprot_t pgprot_mhp(pgprot_t prot);
phys_addr_t __pte_to_phys(pte_t pte);
pteval_t __phys_to_pte_val(phys_addr_t phys);
phys_addr_t __pmd_to_phys(pmd_t pmd);
phys_addr_t __pud_to_phys(pud_t pud);
void __set_pte(pte_t *ptep, pte_t pte);
void __set_pte_nosync(pte_t *ptep, pte_t pte);
void __set_pte_complete(pte_t pte);
void __set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte, unsigned int nr);
void __set_ptes(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte, unsigned int nr);
void __set_ptes_anysz(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte, unsigned int nr,
		      unsigned long pgsize);
pte_t __ptep_get(pte_t *ptep);
pte_t __ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
pte_t __ptep_get_and_clear_anysz(struct mm_struct *mm, unsigned long addr, pte_t *ptep, unsigned long pgsize);
void __pte_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
void __ptep_set_wrprotect(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
int __ptep_set_access_flags(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, pte_t entry, int dirty);
int __ptep_set_access_flags_anysz(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep, pte_t entry, int dirty,
				  unsigned long pgsize);
#define __p4d_to_phys(p4d) ((phys_addr_t)(p4d_val(p4d) & PTE_ADDR_LOW))
#define TLB_FLUSH_VMA(mm, flags) { .vm_mm = (mm), .vm_flags = (flags) }
enum tlbi_flags { TLBF_NONE = 0, TLBF_NOWALKCACHE = 1, TLBF_NOSYNC = 2, TLBF_NONOTIFY = 4, TLBF_NOBROADCAST = 8 };
void __flush_tlb_range(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long stride,
		       bool last_level, int tlb_level);
#define __flush_hugetlb_tlb_range(vma, start, end, stride, ...) __flush_tlb_range(vma, start, end, stride, 0, 0)
void __flush_tlb_kernel_pgtable(unsigned long kaddr);
void __tlb_invalidate(const char *operation, unsigned long operand);
#define ARM64_ASM_PREAMBLE
int set_memory_valid(unsigned long addr, int numpages, int enable);
int split_kernel_leaf_mapping(unsigned long start, unsigned long end);
#define alternative_has_cap_unlikely(capability) 0
#define ARM64_WORKAROUND_2645198 0
#define cpus_have_final_cap(capability) 0
#define system_supports_mte() 0
#define system_supports_bti_kernel() 0
#define arm64_kfence_can_set_direct_map() 0
#define is_kfence_address(addr) 0
#define system_capabilities_finalized() 1
#define cpu_supports_bbml2_noabort() system_supports_bbml2_noabort()
#define debug_pagealloc_enabled() 0
#define rodata_enabled 1
extern bool rodata_full;
bool arch_parse_debug_rodata(char *arg);
void update_mapping_prot(phys_addr_t phys, unsigned long virt, phys_addr_t size, pgprot_t prot);
#define is_realm_world() 0
#define PROT_NS_SHARED 0ULL
#define __is_lm_address(addr) ((u64)(addr) - PAGE_OFFSET < -(u64)(1UL << (VA_BITS - 1)) - PAGE_OFFSET)
#define __virt_to_phys(addr) virt_to_phys((const void *)(unsigned long)(addr))
#define __phys_to_virt(phys) ((unsigned long)phys_to_virt(phys))
struct arm64_mem_crypt_ops {
	int (*encrypt)(unsigned long addr, int numpages);
	int (*decrypt)(unsigned long addr, int numpages);
};
__unmodelled int arm64_mem_crypt_ops_register(const struct arm64_mem_crypt_ops *ops);
__unmodelled int rsi_set_memory_range_protected(phys_addr_t start, phys_addr_t end);
__unmodelled int rsi_set_memory_range_shared(phys_addr_t start, phys_addr_t end);
#define TIF_LAZY_MMU 31
#define TIF_LAZY_MMU_PENDING 32
unsigned long read_thread_flags(void);
int test_thread_flag(int flag);
void set_thread_flag(int flag);
void clear_thread_flag(int flag);
int test_and_set_thread_flag(int flag);
int test_and_clear_thread_flag(int flag);
void emit_pte_barriers(void);
void queue_pte_barriers(void);
${earlyTables}`;

/** log2 of the bytes of a contiguous run at a level. */
function contiguousShift(machine: Machine, name: 'pte' | 'pmd'): number {
  const { level, shift } = levelsOf(machine)[name];
  return shift + Math.log2(level?.contiguousEntries ?? 1);
}

function cAddress(addr: number): string {
  return `0x${BigInt.asUintN(64, BigInt(addr)).toString(16)}UL`;
}
