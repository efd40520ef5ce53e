// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../trace/machine.ts';
import * as vmFlags from '../../mm/vm-flags.ts';
import { publicPrototypes } from '../../mm/vmalloc-prototypes.ts';

const flags = Object.entries(vmFlags)
  .filter(([name]) => name.startsWith('VM_'))
  .map(([name, value]) => `#define ${name} 0x${value.toString(16)}`)
  .join('\n');

/** What find_vm_area() gives out; the order decides offsets, which C code of trees without the header shares. */
const areaFields = [
  ['struct vm_struct *', 'next'],
  ['void *', 'addr'],
  ['unsigned long ', 'size', 'flags'],
  ['struct page **', 'pages'],
  ['unsigned int ', 'page_order', 'nr_pages'],
  ['phys_addr_t ', 'phys_addr'],
  ['const void *', 'caller'],
  ['unsigned long ', 'requested_size'],
] as const;

/** A range of addresses: free, busy, or waiting for its purge. */
const addressFields = [
  ['unsigned long ', 'va_start', 'va_end'],
  ['struct rb_node ', 'rb_node'],
  ['struct list_head ', 'list'],
  ['union { unsigned long subtree_max_size; struct vm_struct *vm; }', ''],
  ['unsigned long ', 'flags'],
] as const;

function struct(tag: string, fields: readonly (readonly [string, ...string[]])[]): string {
  const lines = fields.flatMap(([type, ...names]) => names.map((name) => `\t${type}${name};`));
  return `struct ${tag} {\n${lines.join('\n')}\n};`;
}

/**
 * The C face of include/linux/vmalloc.h, for trees that do not bring their own. The order of fields is the kernel's.
 * asm/vmalloc.h comes before it: what an architecture decides there, it says by a macro of the function's name.
 */
export const header = (_machine: Machine): string => `
struct notifier_block;
struct iov_iter;

${flags}

#ifndef IOREMAP_MAX_ORDER
#define IOREMAP_MAX_ORDER (PAGE_SHIFT + 7)
#endif

${struct('vm_struct', areaFields)}
${struct('vmap_area', addressFields)}
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
