// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, type Descriptor } from '../../../../../base/descriptor.ts';
import type { PageCount, Pfn, Ptr, VirtAddr } from '../../../../../base/units.ts';
import { hasAttribute, withAttributes, withoutAttributes } from '../../../../hardware/entry.ts';
import { onEveryCpu } from '../../../../kernel/cross-call.ts';
import type { Kernel } from '../../../../kernel.ts';
import { WARN_ON } from '../../../../mm/bug.ts';
import { GFP_KERNEL } from '../../../../mm/gfp.ts';
import { levelSizes } from '../../../../mm/level-sizes.ts';
import {
  _KERNPG_TABLE,
  _PAGE_GLOBAL,
  _PAGE_NX,
  _PAGE_PRESENT,
  _PAGE_PSE,
  _PAGE_RW,
} from '../../include/asm/pgtable-bits.ts';
import { lookUpEntry, type FoundEntry } from './lookup.ts';

// arch/x86/mm/pat/set_memory.c, change_page_attr_set_clr() and what it is made of. A large page that is only partly meant
// is split. No rights are forbidden: nothing maps the kernel's image.

const EFAULT = 14;
const ENOMEM = 12;
/** Above so many pages everything is flushed at once (tlb_single_page_flush_ceiling). */
const FLUSH_CEILING = 33;

/** Attributes to set in every entry of a range and to clear, as entries of single pages have them. */
export interface Change {
  readonly set: number;
  readonly clear: number;
}

/** What is left to do, and what was done: struct cpa_data. */
interface Progress extends Change {
  readonly start: VirtAddr;
  readonly checkAlias: boolean;
  /** Pages from the start on. */
  at: PageCount;
  /** How many the present step is for. */
  pages: PageCount;
  pfn: Pfn;
  changed: boolean;
  flushAll: boolean;
}

/**
 * What the set_memory_*() do.
 * @returns 0, -EFAULT or -ENOMEM. Emits `walk`, `table-write`, `tlb-flush`, `page`, `warn`.
 */
export function changeAttributes(k: Kernel, from: VirtAddr, pages: PageCount, change: Change): number {
  if (change.set === 0 && change.clear === 0) return 0;
  const start = Math.floor(from / k.pageSize) * k.pageSize;
  WARN_ON(k, start !== from, '*addr & ~PAGE_MASK');
  k.vm_unmap_aliases();
  const progress = begin(start, pages, change, true);
  const err = changePages(k, progress, true);
  if (!progress.changed) return err;
  const cache = k.pgprot2cachemode(change.set) !== 0;
  if (err !== 0) onEveryCpu(k, () => k.__flush_tlb_all());
  else flush(k, progress, pages, cache);
  return err;
}

/** The same for a page's linear address alone, without a flush. */
export function changeLinear(k: Kernel, page: Ptr, change: Change): number {
  return changePages(k, begin(k.page_address(page), 1, change, false), true);
}

function begin(start: VirtAddr, pages: PageCount, { set, clear }: Change, checkAlias: boolean): Progress {
  return { start, set, clear, checkAlias, at: 0, pages, pfn: 0, changed: false, flushAll: false };
}

/** @kernel arch/x86/mm/pat/set_memory.c cpa_flush */
function flush(k: Kernel, { start, flushAll }: Progress, pages: PageCount, cache: boolean): void {
  const addresses = Array.from({ length: pages }, (_, i) => start + i * k.pageSize);
  if (flushAll || pages > FLUSH_CEILING) k.flush_tlb_all();
  else onEveryCpu(k, () => addresses.forEach((addr) => k.flush_tlb_one_kernel(addr)));
  if (cache) for (const addr of addresses) lookUpEntry(k, addr);
}

/** @kernel arch/x86/mm/pat/set_memory.c __change_page_attr_set_clr */
function changePages(k: Kernel, progress: Progress, primary: boolean): number {
  if (progress.set === 0 && progress.clear === 0) return 0;
  for (let left = progress.pages; left > 0;) {
    progress.pages = left;
    const err =
      changeOne(k, progress, primary) || (primary && progress.checkAlias ? changeAlias(k, progress) : 0);
    if (err !== 0) return err;
    left -= progress.pages;
    progress.at += progress.pages;
  }
  return 0;
}

/** The linear map's view of the same frames: not executable anyway. */
function changeAlias(k: Kernel, progress: Progress): number {
  const { pfn, pages, set, clear } = progress;
  if (k.pfn_range_is_mapped(pfn, pfn + 1) === 0) return 0;
  if (inLinearMap(k, progress.start + progress.at * k.pageSize)) return 0;
  progress.flushAll = true;
  const start = k.phys_to_virt(pfn * k.pageSize);
  const alias = begin(start, pages, { set: set & ~_PAGE_NX, clear: clear & ~_PAGE_NX }, false);
  return changePages(k, alias, false);
}

function inLinearMap({ machine, pageSize }: Kernel, addr: VirtAddr): boolean {
  const { pageOffset, ramStart, ramPages } = machine.addresses;
  return addr >= pageOffset && addr < pageOffset + (ramStart + ramPages) * pageSize;
}

/** Up to `pages` pages, as many as one entry is for. @kernel arch/x86/mm/pat/set_memory.c __change_page_attr */
function changeOne(k: Kernel, progress: Progress, primary: boolean): number {
  const addr = progress.start + progress.at * k.pageSize;
  for (;;) {
    const found = lookUpEntry(k, addr);
    if (found === undefined || k.pte_none(k.mem.ldDescriptor(found.at)) !== 0)
      return changeNothing(k, progress, addr, primary);
    if (found.level === 'pte') {
      changePage(k, progress, found);
      return 0;
    }
    if (!mustSplit(k, progress, found, addr)) return 0;
    const err = splitLarge(k, found.at, addr);
    if (err !== 0) return err;
  }
}

/** The linear map may have holes, and aliases of it too. @kernel arch/x86/mm/pat/set_memory.c __cpa_process_fault */
function changeNothing(k: Kernel, progress: Progress, addr: VirtAddr, primary: boolean): number {
  if (primary && !inLinearMap(k, addr)) {
    WARN_ON(k, true, 'CPA: called for zero pte');
    return -EFAULT;
  }
  if (primary) progress.pfn = k.virt_to_phys(addr) / k.pageSize;
  progress.pages = 1;
  return 0;
}

function changePage(k: Kernel, progress: Progress, found: FoundEntry): void {
  const entry = k.mem.ldDescriptor(found.at);
  const old = k.pte_pgprot(entry);
  const wanted = withChange(old, progress);
  warnOfWritableCode(k, old, wanted, found);
  progress.pfn = k.pte_pfn(entry);
  progress.pages = 1;
  const changed = k.pfn_pte(progress.pfn, withoutProtnone(wanted));
  if (changed === entry) return;
  k.set_pte(found.at, changed);
  progress.changed = true;
}

function withChange(prot: Descriptor, { set, clear }: Change): Descriptor {
  return withAttributes(withoutAttributes(prot, clear), set);
}

/** In an entry that is not present the global bit means something else. */
function withoutProtnone(prot: Descriptor): Descriptor {
  return hasAttribute(prot, _PAGE_PRESENT) ? prot : withoutAttributes(prot, _PAGE_GLOBAL);
}

/** @kernel arch/x86/mm/pat/set_memory.c verify_rwx */
function warnOfWritableCode(k: Kernel, old: Descriptor, wanted: Descriptor, found: FoundEntry): void {
  const rights = (prot: Descriptor): number => attributesOf(prot) & (_PAGE_RW | _PAGE_NX);
  if (rights(old) === rights(wanted) || rights(wanted) !== _PAGE_RW) return;
  WARN_ON(k, found.aboveWritable && found.aboveExecutable, 'CPA detected W^X violation');
}

/**
 * A large page that is meant as a whole is changed, one that has the attributes already is left alone; any other is to
 * be split. @kernel arch/x86/mm/pat/set_memory.c __should_split_large_page
 */
function mustSplit(k: Kernel, progress: Progress, { at }: FoundEntry, addr: VirtAddr): boolean {
  // Under the lock, it is looked up once more.
  const found = lookUpEntry(k, addr);
  if (found?.at !== at) return true;
  const isPud = found.level === 'pud';
  const size = isPud ? levelSizes(k.machine).pudSize : levelSizes(k.machine).pmdSize;
  const entry = k.mem.ldDescriptor(at);
  const old = isPud ? k.pud_pgprot(entry) : k.pmd_pgprot(entry);
  const pfn = isPud ? k.pud_pfn(entry) : k.pmd_pfn(entry);
  const start = Math.floor(addr / size) * size;
  progress.pages = Math.min(progress.pages, (start + size - addr) / k.pageSize);
  progress.pfn = pfn + (addr - start) / k.pageSize;
  const wanted = withoutProtnone(k.pgprot_4k_2_large(withChange(k.pgprot_large_2_4k(old), progress)));
  const large = hasAttribute(wanted, _PAGE_PRESENT) ? withAttributes(wanted, _PAGE_PSE) : wanted;
  if (large === old) return false;
  if (addr !== start || progress.pages !== size / k.pageSize) return true;
  warnOfWritableCode(k, old, large, found);
  k.set_pte(at, k.pfn_pte(pfn, large));
  progress.changed = true;
  return false;
}

/** A table of the next smaller leaves in the place of a large one. @kernel arch/x86/mm/pat/set_memory.c split_large_page */
function splitLarge(k: Kernel, at: Ptr, addr: VirtAddr): number {
  const base = k.alloc_pages(GFP_KERNEL, 0);
  if (base === 0) return -ENOMEM;
  // The entry is still there: nobody else splits.
  const isPud = lookUpEntry(k, addr)?.level === 'pud';
  const { pageSize, pmdSize } = levelSizes(k.machine);
  const entry = k.mem.ldDescriptor(at);
  const old = isPud ? k.pud_pgprot(entry) : k.pgprot_large_2_4k(k.pmd_pgprot(entry));
  const isPresent = hasAttribute(old, _PAGE_PRESENT);
  const prot = withoutProtnone(isPud && !isPresent ? withoutAttributes(old, _PAGE_PSE) : old);
  const pfn = isPud ? k.pud_pfn(entry) : k.pmd_pfn(entry);
  const step = (isPud ? pmdSize : pageSize) / pageSize;
  const table = k.page_address(base);
  for (let i = 0; i < pageSize / 8; i++) k.set_pte(table + i * 8, k.pfn_pte(pfn + i * step, prot));
  k.set_pte(at, k.mk_pte(base, _KERNPG_TABLE));
  k.flush_tlb_all();
  return 0;
}
