// SPDX-License-Identifier: GPL-2.0-only
import { ignored } from '../../ignored.ts';

/** Prototypes of the calls that the model ignores, and KASAN's functions that hand their argument on. */
export const header = (): string => `
struct vm_struct;
${Object.values(ignored)
  .map(({ prototype }) => `${prototype};`)
  .join('\n')}
typedef unsigned int kasan_vmalloc_flags_t;
#define KASAN_VMALLOC_NONE 0U
#define KASAN_VMALLOC_INIT 1U
#define KASAN_VMALLOC_VM_ALLOC 2U
#define KASAN_VMALLOC_PROT_NORMAL 4U
#define KASAN_VMALLOC_KEEP_TAG 8U
#define KASAN_VMALLOC_PAGE_RANGE 1UL
#define KASAN_VMALLOC_TLB_FLUSH 2UL
#define kasan_reset_tag(pointer) ((void *)(pointer))
#define kasan_unpoison_vmalloc(start, size, flags) ((void *)(start))
#define kasan_unpoison_vmap_areas(vms, nr_vms, flags) do { } while (0)
#define kasan_vrealloc(pointer, old, new) do { } while (0)
#define kasan_free_module_shadow(vm) do { } while (0)
#define kasan_free_shadow(vm) do { } while (0)
#define kasan_populate_early_vm_area_shadow(start, size) do { } while (0)
#define kasan_hw_tags_enabled() 0
#define arch_kasan_set_tag(addr, tag) (addr)
#define trace_alloc_vmap_area_enabled() 0
#define MEMCG_VMALLOC 0
#define page_pgdat(page) ((void *)0)
#define NODE_DATA(nid) ((void *)0)
#define PGALLOC_NORMAL 0
#define CREATE_TRACE_POINTS
#define TAINT_MACHINE_CHECK 4
#define LOCKDEP_STILL_OK 1
#define shmem_mapping(mapping) 0
`;
