// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../../../trace/machine.ts';
import { levelsOf } from '../../../../hardware/levels.ts';
import { cpaHeader } from './cpa.header.ts';

/** x86_64's entries: hardware bits (SDM volume 3, 4.5), protections and accessors. */
export const header = (machine: Machine): string => `
#define VMALLOC_START ${cAddress(machine.addresses.vmallocStart)}
#define VMALLOC_END (${cAddress(machine.addresses.vmallocEnd)} - 1)
#define VMEMORY_END VMALLOC_END
#define IOREMAP_MAX_ORDER ${levelsOf(machine)[levelsOf(machine).pud.level?.leaf ? 'pud' : 'pmd'].shift}
#define MODULES_VADDR 0xffffffffc0000000UL
#define MODULES_END 0xffffffffff000000UL
#define _PAGE_PRESENT (1ULL << 0)
#define _PAGE_RW (1ULL << 1)
#define _PAGE_USER (1ULL << 2)
#define _PAGE_PWT (1ULL << 3)
#define _PAGE_PCD (1ULL << 4)
#define _PAGE_ACCESSED (1ULL << 5)
#define _PAGE_DIRTY (1ULL << 6)
#define _PAGE_PSE (1ULL << 7)
#define _PAGE_PAT (1ULL << 7)
#define _PAGE_GLOBAL (1ULL << 8)
#define _PAGE_SPECIAL (1ULL << 9)
#define _PAGE_PAT_LARGE (1ULL << 12)
#define _PAGE_NX (1ULL << 63)
#define _PAGE_PROTNONE _PAGE_GLOBAL
#define __PAGE_KERNEL \\
	(_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_GLOBAL | _PAGE_NX)
#define __PAGE_KERNEL_RO (_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_GLOBAL | _PAGE_NX)
#define __PAGE_KERNEL_ROX (_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_GLOBAL)
#define __PAGE_KERNEL_EXEC (__PAGE_KERNEL & ~_PAGE_NX)
#define __PAGE_KERNEL_NOCACHE (__PAGE_KERNEL | _PAGE_PCD | _PAGE_PWT)
#define __PAGE_KERNEL_LARGE (__PAGE_KERNEL | _PAGE_PSE)
#define __PAGE_KERNEL_IO __PAGE_KERNEL
#define _KERNPG_TABLE (_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)
#define PAGE_KERNEL __pgprot(__PAGE_KERNEL)
#define PAGE_KERNEL_RO __pgprot(__PAGE_KERNEL_RO)
#define PAGE_KERNEL_ROX __pgprot(__PAGE_KERNEL_ROX)
#define PAGE_KERNEL_EXEC __pgprot(__PAGE_KERNEL_EXEC)
#define PAGE_KERNEL_NOCACHE __pgprot(__PAGE_KERNEL_NOCACHE)
#define PAGE_KERNEL_LARGE __pgprot(__PAGE_KERNEL_LARGE)
#define PAGE_KERNEL_IO __pgprot(__PAGE_KERNEL_IO)
#define X86_FEATURE_PSE 3
#define X86_FEATURE_GBPAGES 58
bool boot_cpu_has(int feature);
int set_memory_rox(unsigned long addr, int numpages);
int set_memory_uc(unsigned long addr, int numpages);
int set_memory_wc(unsigned long addr, int numpages);
int set_memory_wb(unsigned long addr, int numpages);
int set_memory_np(unsigned long addr, int numpages);
int set_memory_p(unsigned long addr, int numpages);
int arch_ioremap_p4d_supported(void);
int arch_ioremap_pud_supported(void);
int arch_ioremap_pmd_supported(void);
${cpaHeader(machine)}`;

function cAddress(addr: number): string {
  return `0x${BigInt.asUintN(64, BigInt(addr)).toString(16)}UL`;
}
