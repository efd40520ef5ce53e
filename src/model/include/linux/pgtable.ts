// SPDX-License-Identifier: GPL-2.0-only
import type { LevelName, Machine } from '../../../trace/machine.ts';
import { levelNames } from '../../../trace/level-names.ts';
import { levelsOf } from '../../hardware/levels.ts';

const upperLevels = ['pgd', 'p4d', 'pud', 'pmd'] as const;

/**
 * Page tables at every level, the generic side. A level that the machine folds has one entry and no
 * storage.
 */
export const header = (machine: Machine): string => `
#define PAGE_SHIFT ${machine.pageShift}
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(addr) ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr) ALIGN_DOWN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr) IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)
#define PFN_ALIGN(x) (((unsigned long)(x) + (PAGE_SIZE - 1)) & PAGE_MASK)
#define PFN_UP(x) (((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x) ((x) >> PAGE_SHIFT)
#define PFN_PHYS(x) ((phys_addr_t)(x) << PAGE_SHIFT)
#define PHYS_PFN(x) ((unsigned long)((x) >> PAGE_SHIFT))
#define __pfn_to_phys(pfn) PFN_PHYS(pfn)
#define __phys_to_pfn(phys) PHYS_PFN(phys)
#define CONFIG_PAGE_OFFSET ${cAddress(machine.addresses.pageOffset)}
#define PAGE_OFFSET ${cAddress(machine.addresses.pageOffset)}
#define VMEMMAP_START ${cAddress(machine.addresses.vmemmapStart)}
#define vmemmap ((struct page *)VMEMMAP_START)
#define FIXADDR_TOP ${cAddress(machine.addresses.fixaddrTop)}
#define USER_PTRS_PER_PGD 256
#define FIRST_USER_ADDRESS 0UL
${levelNames.map((name) => levelGeometry(machine, name)).join('')}
#define PGDIR_SHIFT PGD_SHIFT
#define PGDIR_SIZE (1UL << PGDIR_SHIFT)
#define PGDIR_MASK (~(PGDIR_SIZE - 1))
#define HPAGE_PMD_SHIFT PMD_SHIFT
#define HPAGE_PMD_ORDER (PMD_SHIFT - PAGE_SHIFT)
#define HPAGE_PMD_SIZE PMD_SIZE
#define HPAGE_PUD_SIZE PUD_SIZE
#define PMD_ORDER (PMD_SHIFT - PAGE_SHIFT)
#define PUD_ORDER (PUD_SHIFT - PAGE_SHIFT)
#define PTE_SHIFT PAGE_SHIFT
enum pgtable_level { PGTABLE_LEVEL_PTE = 0, PGTABLE_LEVEL_PMD, PGTABLE_LEVEL_PUD, PGTABLE_LEVEL_P4D, PGTABLE_LEVEL_PGD };
#define PGTBL_PGD_MODIFIED (1 << 0)
#define PGTBL_P4D_MODIFIED (1 << 1)
#define PGTBL_PUD_MODIFIED (1 << 2)
#define PGTBL_PMD_MODIFIED (1 << 3)
#define PGTBL_PTE_MODIFIED (1 << 4)
#define ARCH_PAGE_TABLE_SYNC_MASK ${machine.syncMask}
void arch_sync_kernel_mappings(unsigned long start, unsigned long end);
${upperLevels.map(upperLevel).join('')}
pgd_t *pgd_offset(struct mm_struct *mm, unsigned long addr);
pgd_t *pgd_offset_k(unsigned long addr);
pgd_t *pgd_offset_pgd(pgd_t *pgd, unsigned long addr);
p4d_t *p4d_offset(pgd_t *pgd, unsigned long addr);
pud_t *pud_offset(p4d_t *p4d, unsigned long addr);
pmd_t *pmd_offset(pud_t *pud, unsigned long addr);
pte_t *pte_offset_kernel(pmd_t *pmd, unsigned long addr);
pmd_t *pmd_off_k(unsigned long addr);
pte_t *virt_to_kpte(unsigned long addr);
#define pte_offset_huge(pmd, addr) pte_offset_kernel(pmd, addr)
#define pte_offset_map(pmd, addr) pte_offset_kernel(pmd, addr)
#define pte_unmap(pte) do { } while (0)
unsigned long pgd_index(unsigned long addr);
unsigned long p4d_index(unsigned long addr);
unsigned long pud_index(unsigned long addr);
unsigned long pmd_index(unsigned long addr);
unsigned long pte_index(unsigned long addr);
p4d_t *p4d_alloc(struct mm_struct *mm, pgd_t *pgd, unsigned long addr);
pud_t *pud_alloc(struct mm_struct *mm, p4d_t *p4d, unsigned long addr);
pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long addr);
pte_t *pte_alloc_kernel(pmd_t *pmd, unsigned long addr);
#define pte_alloc_huge(mm, pmd, addr) pte_alloc_kernel(pmd, addr)
p4d_t *p4d_alloc_track(struct mm_struct *mm, pgd_t *pgd, unsigned long addr, pgtbl_mod_mask *mod_mask);
pud_t *pud_alloc_track(struct mm_struct *mm, p4d_t *p4d, unsigned long addr, pgtbl_mod_mask *mod_mask);
pmd_t *pmd_alloc_track(struct mm_struct *mm, pud_t *pud, unsigned long addr, pgtbl_mod_mask *mod_mask);
pte_t *pte_alloc_kernel_track(pmd_t *pmd, unsigned long addr, pgtbl_mod_mask *mask);
int __p4d_alloc(struct mm_struct *mm, pgd_t *pgd, unsigned long addr);
int __pud_alloc(struct mm_struct *mm, p4d_t *p4d, unsigned long addr);
int __pmd_alloc(struct mm_struct *mm, pud_t *pud, unsigned long addr);
int __pte_alloc_kernel(pmd_t *pmd);
p4d_t *p4d_alloc_one(struct mm_struct *mm, unsigned long addr);
pud_t *pud_alloc_one(struct mm_struct *mm, unsigned long addr);
pmd_t *pmd_alloc_one(struct mm_struct *mm, unsigned long addr);
pte_t *pte_alloc_one_kernel(struct mm_struct *mm);
void p4d_free(struct mm_struct *mm, p4d_t *p4d);
void pud_free(struct mm_struct *mm, pud_t *pud);
void pmd_free(struct mm_struct *mm, pmd_t *pmd);
void pte_free_kernel(struct mm_struct *mm, pte_t *pte);
void pgd_populate(struct mm_struct *mm, pgd_t *pgd, p4d_t *p4d);
void p4d_populate(struct mm_struct *mm, p4d_t *p4d, pud_t *pud);
void pud_populate(struct mm_struct *mm, pud_t *pud, pmd_t *pmd);
void pmd_populate_kernel(struct mm_struct *mm, pmd_t *pmd, pte_t *pte);
#define pgd_populate_kernel(addr, pgd, p4d) pgd_populate(&init_mm, pgd, p4d)
#define p4d_populate_kernel(addr, p4d, pud) p4d_populate(&init_mm, p4d, pud)
p4d_t *pgd_pgtable(pgd_t pgd);
pud_t *p4d_pgtable(p4d_t p4d);
pmd_t *pud_pgtable(pud_t pud);
unsigned long pmd_page_vaddr(pmd_t pmd);
unsigned long pgd_page_vaddr(pgd_t pgd);
struct page *p4d_page(p4d_t p4d);
struct page *pud_page(pud_t pud);
struct page *pmd_page(pmd_t pmd);
unsigned long pud_pfn(pud_t pud);
unsigned long pmd_pfn(pmd_t pmd);
pud_t pfn_pud(unsigned long pfn, pgprot_t prot);
pmd_t pfn_pmd(unsigned long pfn, pgprot_t prot);
pte_t pfn_pte(unsigned long pfn, pgprot_t prot);
pte_t mk_pte(struct page *page, pgprot_t prot);
pte_t __pte(pteval_t val);
pteval_t pte_val(pte_t pte);
pgprot_t __pgprot(pgprotval_t val);
pgprotval_t pgprot_val(pgprot_t prot);
int pte_none(pte_t pte);
int pte_present(pte_t pte);
int pte_same(pte_t a, pte_t b);
int pte_write(pte_t pte);
int pte_dirty(pte_t pte);
int pte_young(pte_t pte);
int pte_special(pte_t pte);
int pte_huge(pte_t pte);
unsigned long pte_pfn(pte_t pte);
struct page *pte_page(pte_t pte);
pgprot_t pte_pgprot(pte_t pte);
pgprot_t pmd_pgprot(pmd_t pmd);
pgprot_t pud_pgprot(pud_t pud);
pte_t pte_mkwrite_novma(pte_t pte);
pte_t pte_wrprotect(pte_t pte);
pte_t pte_mkdirty(pte_t pte);
pte_t pte_mkclean(pte_t pte);
pte_t pte_mkyoung(pte_t pte);
pte_t pte_mkold(pte_t pte);
pte_t pte_mkspecial(pte_t pte);
pte_t pte_mkhuge(pte_t pte);
pte_t pte_advance_pfn(pte_t pte, unsigned long nr);
#define pte_next_pfn(pte) pte_advance_pfn(pte, 1)
pmd_t pmd_mkhuge(pmd_t pmd);
pud_t pud_mkhuge(pud_t pud);
pte_t pmd_pte(pmd_t pmd);
pmd_t pte_pmd(pte_t pte);
pte_t pud_pte(pud_t pud);
pud_t pte_pud(pte_t pte);
pgprot_t pgprot_nx(pgprot_t prot);
pgprot_t pgprot_noncached(pgprot_t prot);
pgprot_t pgprot_writecombine(pgprot_t prot);
pgprot_t pgprot_device(pgprot_t prot);
#define pgprot_decrypted(prot) (prot)
#define pgprot_encrypted(prot) (prot)
#define pgprot_dmacoherent(prot) pgprot_noncached(prot)
void set_pte(pte_t *ptep, pte_t pte);
void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte);
void set_ptes(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte, unsigned int nr);
void pte_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
pte_t ptep_get(pte_t *ptep);
pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
void ptep_set_wrprotect(struct mm_struct *mm, unsigned long addr, pte_t *ptep);
#define ptep_get_lockless(ptep) ptep_get(ptep)
#define ptep_clear(mm, addr, ptep) pte_clear(mm, addr, ptep)
#define pgdp_get(p) (*(p))
#define p4dp_get(p) (*(p))
#define pudp_get(p) (*(p))
#define pmdp_get(p) (*(p))
#define pmdp_get_lockless(p) (*(p))
pmd_t pmdp_huge_get_and_clear(struct mm_struct *mm, unsigned long addr, pmd_t *pmdp);
pud_t pudp_huge_get_and_clear(struct mm_struct *mm, unsigned long addr, pud_t *pudp);
void set_pmd_at(struct mm_struct *mm, unsigned long addr, pmd_t *pmdp, pmd_t pmd);
void set_pud_at(struct mm_struct *mm, unsigned long addr, pud_t *pudp, pud_t pud);
int p4d_set_huge(p4d_t *p4d, phys_addr_t addr, pgprot_t prot);
int pud_set_huge(pud_t *pud, phys_addr_t addr, pgprot_t prot);
int pmd_set_huge(pmd_t *pmd, phys_addr_t addr, pgprot_t prot);
int p4d_clear_huge(p4d_t *p4d);
int pud_clear_huge(pud_t *pud);
int pmd_clear_huge(pmd_t *pmd);
int p4d_free_pud_page(p4d_t *p4d, unsigned long addr);
int pud_free_pmd_page(pud_t *pud, unsigned long addr);
int pmd_free_pte_page(pmd_t *pmd, unsigned long addr);
void arch_enter_lazy_mmu_mode(void);
void arch_leave_lazy_mmu_mode(void);
void arch_flush_lazy_mmu_mode(void);
void lazy_mmu_mode_enable(void);
void lazy_mmu_mode_disable(void);
void lazy_mmu_mode_pause(void);
void lazy_mmu_mode_resume(void);
bool is_lazy_mmu_mode_active(void);
void flush_tlb_all(void);
void flush_tlb_kernel_range(unsigned long start, unsigned long end);
void flush_tlb_range(struct vm_area_struct *vma, unsigned long start, unsigned long end);
void flush_tlb_page(struct vm_area_struct *vma, unsigned long addr);
void local_flush_tlb_all(void);
void flush_cache_vmap(unsigned long start, unsigned long end);
void flush_cache_vunmap(unsigned long start, unsigned long end);
void flush_cache_all(void);
#define flush_cache_vmap_early(start, end) do { } while (0)
#define flush_icache_range(start, end) do { } while (0)
#define flush_dcache_page(page) do { } while (0)
#define flush_dcache_folio(folio) do { } while (0)
#define ARCH_HAS_PTE_SPECIAL 1
`;

function levelGeometry(machine: Machine, name: LevelName): string {
  const { level, shift } = levelsOf(machine)[name];
  const upper = name.toUpperCase();
  const entries = level?.entries ?? 1;
  const size =
    name === 'pte'
      ? ''
      : `#define ${upper}_SHIFT ${shift}
#define ${upper}_SIZE (1UL << ${upper}_SHIFT)
#define ${upper}_MASK (~(${upper}_SIZE - 1))
`;
  // What is folded at boot is there when the kernel is built, and headers of a tree hold the number of levels against this.
  const atBoot = Number(machine.config['CONFIG_PGTABLE_LEVELS']) > machine.levels.length;
  const folded = level || atBoot ? '' : `#define __PAGETABLE_${upper}_FOLDED 1\n`;
  return `${size}${folded}#define PTRS_PER_${upper} ${entries}\n#define MAX_PTRS_PER_${upper} ${entries}\n`;
}

function upperLevel(name: string): string {
  return `
int ${name}_none(${name}_t ${name});
int ${name}_bad(${name}_t ${name});
int ${name}_present(${name}_t ${name});
bool ${name}_leaf(${name}_t ${name});
int ${name}_none_or_clear_bad(${name}_t *${name});
void ${name}_clear(${name}_t *${name}p);
void ${name}_clear_bad(${name}_t *${name});
void set_${name}(${name}_t *${name}p, ${name}_t ${name});
${name}val_t ${name}_val(${name}_t ${name});
${name}_t __${name}(${name}val_t val);
unsigned long ${name}_addr_end(unsigned long addr, unsigned long end);
`;
}

function cAddress(addr: number): string {
  return `0x${BigInt.asUintN(64, BigInt(addr)).toString(16)}UL`;
}
