// SPDX-License-Identifier: GPL-2.0-only

/** A call that has no meaning for what the model shows: it is evaluated for its arguments and yields 0. */
export interface IgnoredCall {
  /** The C prototype, from which the header is made. */
  readonly prototype: string;
  /** Why leaving it out cannot hide a fault. */
  readonly reason: string;
}

/** Also of what no list names (run/program.ts). */
export const tracing = 'a tracepoint: it reads its arguments and nothing waits for it';
const kasan = 'KASAN is not built in; the model has its own shadow memory';
const kmsan = 'KMSAN is not built in; the model knows which bytes were written';
const kmemleak = 'kmemleak keeps records of its own; leaks are found from the trace';
const statistics = 'a counter that is only read by statistics';
const debugObjects = 'debugobjects keeps records of its own';
const pageTableAccounting = 'accounting of page-table pages, read by statistics only';
const pageTableCheck = 'page_table_check is not built in';
const ownership = 'page_owner and memory allocation profiling keep records of their own';
const text = 'a message for people';

/** Every ignored function by name. */
export const ignored: Readonly<Record<string, IgnoredCall>> = {
  _printk: { prototype: 'int _printk(const char *format, ...)', reason: text },
  seq_printf: {
    prototype: 'void seq_printf(struct seq_file *m, const char *format, ...)',
    reason: text,
  },
  seq_puts: { prototype: 'void seq_puts(struct seq_file *m, const char *s)', reason: text },
  seq_putc: { prototype: 'void seq_putc(struct seq_file *m, char c)', reason: text },
  dump_stack: { prototype: 'void dump_stack(void)', reason: text },
  dump_page: { prototype: 'void dump_page(const struct page *page, const char *reason)', reason: text },
  warn_alloc: {
    prototype: 'void warn_alloc(gfp_t gfp_mask, void *nodemask, const char *format, ...)',
    reason: text,
  },
  pgd_ERROR: { prototype: 'void pgd_ERROR(pgd_t e)', reason: text },
  p4d_ERROR: { prototype: 'void p4d_ERROR(p4d_t e)', reason: text },
  pud_ERROR: { prototype: 'void pud_ERROR(pud_t e)', reason: text },
  pmd_ERROR: { prototype: 'void pmd_ERROR(pmd_t e)', reason: text },
  trace_alloc_vmap_area: {
    prototype:
      'void trace_alloc_vmap_area(unsigned long addr, unsigned long size, unsigned long align, unsigned long vstart, unsigned long vend, int failed)',
    reason: tracing,
  },
  trace_purge_vmap_area_lazy: {
    prototype:
      'void trace_purge_vmap_area_lazy(unsigned long start, unsigned long end, unsigned int npurged)',
    reason: tracing,
  },
  trace_free_vmap_area_noflush: {
    prototype:
      'void trace_free_vmap_area_noflush(unsigned long va_start, unsigned long nr_lazy, unsigned long nr_lazy_max)',
    reason: tracing,
  },
  trace_vmalloc_enabled: { prototype: 'bool trace_vmalloc_enabled(void)', reason: tracing },
  kasan_populate_vmalloc: {
    prototype: 'int kasan_populate_vmalloc(unsigned long addr, unsigned long size, ...)',
    reason: kasan,
  },
  kasan_release_vmalloc: {
    prototype:
      'void kasan_release_vmalloc(unsigned long start, unsigned long end, unsigned long free_start, unsigned long free_end, ...)',
    reason: kasan,
  },
  kasan_poison_vmalloc: {
    prototype: 'void kasan_poison_vmalloc(const void *start, unsigned long size)',
    reason: kasan,
  },
  kmsan_vunmap_range_noflush: {
    prototype: 'void kmsan_vunmap_range_noflush(unsigned long start, unsigned long end)',
    reason: kmsan,
  },
  kmsan_ioremap_page_range: {
    prototype:
      'int kmsan_ioremap_page_range(unsigned long addr, unsigned long end, phys_addr_t phys_addr, pgprot_t prot, unsigned int page_shift)',
    reason: kmsan,
  },
  kmsan_vmap_pages_range_noflush: {
    prototype:
      'int kmsan_vmap_pages_range_noflush(unsigned long addr, unsigned long end, pgprot_t prot, struct page **pages, unsigned int page_shift, ...)',
    reason: kmsan,
  },
  kmemleak_vmalloc: {
    prototype: 'void kmemleak_vmalloc(const struct vm_struct *area, size_t size, gfp_t gfp)',
    reason: kmemleak,
  },
  kmemleak_free: { prototype: 'void kmemleak_free(const void *ptr)', reason: kmemleak },
  kmemleak_alloc: {
    prototype: 'void kmemleak_alloc(const void *ptr, size_t size, int min_count, gfp_t gfp)',
    reason: kmemleak,
  },
  kmemleak_not_leak: { prototype: 'void kmemleak_not_leak(const void *ptr)', reason: kmemleak },
  kmemleak_ignore: { prototype: 'void kmemleak_ignore(const void *ptr)', reason: kmemleak },
  kmemleak_no_scan: { prototype: 'void kmemleak_no_scan(const void *ptr)', reason: kmemleak },
  kmemleak_scan_area: {
    prototype: 'void kmemleak_scan_area(const void *ptr, size_t size, gfp_t gfp)',
    reason: kmemleak,
  },
  count_vm_event: { prototype: 'void count_vm_event(int item)', reason: statistics },
  debug_check_no_locks_freed: {
    prototype: 'void debug_check_no_locks_freed(const void *from, unsigned long len)',
    reason: debugObjects,
  },
  debug_check_no_obj_freed: {
    prototype: 'void debug_check_no_obj_freed(const void *address, unsigned long size)',
    reason: debugObjects,
  },
  mm_inc_nr_ptes: { prototype: 'void mm_inc_nr_ptes(struct mm_struct *mm)', reason: pageTableAccounting },
  mm_dec_nr_ptes: { prototype: 'void mm_dec_nr_ptes(struct mm_struct *mm)', reason: pageTableAccounting },
  mm_inc_nr_pmds: { prototype: 'void mm_inc_nr_pmds(struct mm_struct *mm)', reason: pageTableAccounting },
  mm_dec_nr_pmds: { prototype: 'void mm_dec_nr_pmds(struct mm_struct *mm)', reason: pageTableAccounting },
  mm_inc_nr_puds: { prototype: 'void mm_inc_nr_puds(struct mm_struct *mm)', reason: pageTableAccounting },
  mm_dec_nr_puds: { prototype: 'void mm_dec_nr_puds(struct mm_struct *mm)', reason: pageTableAccounting },
  page_table_check_ptes_set: {
    prototype:
      'void page_table_check_ptes_set(struct mm_struct *mm, pte_t *ptep, pte_t pte, unsigned int nr)',
    reason: pageTableCheck,
  },
  page_table_check_pte_clear: {
    prototype: 'void page_table_check_pte_clear(struct mm_struct *mm, pte_t pte)',
    reason: pageTableCheck,
  },
  page_table_check_pmd_set: {
    prototype: 'void page_table_check_pmd_set(struct mm_struct *mm, pmd_t *pmdp, pmd_t pmd)',
    reason: pageTableCheck,
  },
  page_table_check_pud_set: {
    prototype: 'void page_table_check_pud_set(struct mm_struct *mm, pud_t *pudp, pud_t pud)',
    reason: pageTableCheck,
  },
  set_page_owner: {
    prototype: 'void set_page_owner(struct page *page, unsigned short order, gfp_t gfp_mask)',
    reason: ownership,
  },
  split_page_owner: {
    prototype: 'void split_page_owner(struct page *page, int old_order, int new_order)',
    reason: ownership,
  },
  pgalloc_tag_split: {
    prototype: 'void pgalloc_tag_split(struct folio *folio, int old_order, int new_order)',
    reason: ownership,
  },
};
