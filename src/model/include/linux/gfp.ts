// SPDX-License-Identifier: GPL-2.0-only
const zoneBits = ['DMA', 'HIGHMEM', 'DMA32', 'MOVABLE', 'RECLAIMABLE', 'HIGH', 'IO', 'FS', 'ZERO'];
const otherBits = [
  ...[
    'DIRECT_RECLAIM',
    'KSWAPD_RECLAIM',
    'WRITE',
    'NOWARN',
    'RETRY_MAYFAIL',
    'NOFAIL',
    'NORETRY',
    'MEMALLOC',
  ],
  ...[
    'COMP',
    'NOMEMALLOC',
    'HARDWALL',
    'THISNODE',
    'ACCOUNT',
    'ZEROTAGS',
    'SKIP_ZERO',
    'SKIP_KASAN',
    'NOLOCKDEP',
  ],
  ...['NO_OBJ_EXT'],
];

/** Flags of an allocation, and pages from the page allocator. */
export const header = (): string => `
${[...zoneBits, ...otherBits].map((name, bit) => `#define __GFP_${name} ((gfp_t)0x${(1 << bit).toString(16)}U)`).join('\n')}
#define __GFP_RECLAIM (__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define __GFP_BITS_SHIFT ${zoneBits.length + otherBits.length}
#define __GFP_BITS_MASK ((gfp_t)((1 << __GFP_BITS_SHIFT) - 1))
#define __GFP_SKIP_KASAN_UNPOISON __GFP_SKIP_KASAN
#define want_init_on_alloc(flags) (((flags) & __GFP_ZERO) != 0)
#define want_init_on_free() 0
#define debug_pagealloc_enabled_static() 0
#define GFP_ATOMIC (__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM | __GFP_NOWARN)
#define GFP_NOIO (__GFP_RECLAIM)
#define GFP_NOFS (__GFP_RECLAIM | __GFP_IO)
#define GFP_USER (__GFP_RECLAIM | __GFP_IO | __GFP_FS | __GFP_HARDWALL)
#define GFP_DMA __GFP_DMA
#define GFP_DMA32 __GFP_DMA32
#define GFP_HIGHUSER (GFP_USER | __GFP_HIGHMEM)
#define GFP_PGTABLE_KERNEL (GFP_KERNEL | __GFP_ZERO)
#define GFP_RECLAIM_MASK (__GFP_RECLAIM | __GFP_HIGH | __GFP_IO | __GFP_FS | __GFP_NOWARN | __GFP_RETRY_MAYFAIL | \\
			  __GFP_NOFAIL | __GFP_NORETRY | __GFP_MEMALLOC | __GFP_NOMEMALLOC | __GFP_NOLOCKDEP)
#define GFP_ZONEMASK (__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE)
#define NUMA_NO_NODE (-1)
#define MAX_NUMNODES 1
#define MAX_PAGE_ORDER 10
#define MAX_ORDER MAX_PAGE_ORDER
#define NR_PAGE_ORDERS (MAX_PAGE_ORDER + 1)
#define MAX_ORDER_NR_PAGES (1 << MAX_PAGE_ORDER)
#define PAGE_ALLOC_COSTLY_ORDER 3
#define numa_node_id() 0
#define numa_mem_id() 0
#define nr_online_nodes 1
#define nr_node_ids 1
#define cpu_to_node(cpu) 0
#define page_to_nid(page) 0
#define node_state(node, state) 1
enum node_states { N_POSSIBLE, N_ONLINE, N_NORMAL_MEMORY, N_HIGH_MEMORY = N_NORMAL_MEMORY, N_MEMORY, N_CPU };
#define num_online_nodes() 1
#define for_each_online_node(node) for ((node) = 0; (node) < 1; (node)++)
#define for_each_node_state(node, state) for_each_online_node(node)
#define gfpflags_allow_blocking(flags) (((flags) & __GFP_DIRECT_RECLAIM) != 0)
struct page *alloc_pages(gfp_t gfp, unsigned int order);
struct page *alloc_pages_node(int nid, gfp_t gfp_mask, unsigned int order);
#define alloc_pages_noprof(gfp, order) alloc_pages(gfp, order)
#define alloc_pages_node_noprof(nid, gfp, order) alloc_pages_node(nid, gfp, order)
#define alloc_frozen_pages_noprof(gfp, order) alloc_pages(gfp, order)
#define alloc_page(gfp) alloc_pages(gfp, 0)
#define alloc_page_noprof(gfp) alloc_pages(gfp, 0)
unsigned long alloc_pages_bulk_array_node(gfp_t gfp, int nid, unsigned long nr_pages, struct page **page_array);
#define alloc_pages_bulk_array(gfp, nr, array) alloc_pages_bulk_array_node(gfp, NUMA_NO_NODE, nr, array)
#define alloc_pages_bulk(gfp, nr, array) alloc_pages_bulk_array_node(gfp, NUMA_NO_NODE, nr, array)
#define alloc_pages_bulk_node(gfp, nid, nr, array) alloc_pages_bulk_array_node(gfp, nid, nr, array)
#define alloc_pages_bulk_array_mempolicy(gfp, nr, array) alloc_pages_bulk_array_node(gfp, NUMA_NO_NODE, nr, array)
#define alloc_pages_bulk_array_node_noprof(gfp, nid, nr, array) alloc_pages_bulk_array_node(gfp, nid, nr, array)
#define alloc_pages_bulk_array_mempolicy_noprof(gfp, nr, array) alloc_pages_bulk_array_mempolicy(gfp, nr, array)
#define alloc_pages_bulk_node_noprof(gfp, nid, nr, array) alloc_pages_bulk_array_node(gfp, nid, nr, array)
#define alloc_pages_bulk_mempolicy_noprof(gfp, nr, array) alloc_pages_bulk_array_mempolicy(gfp, nr, array)
void __free_pages(struct page *page, unsigned int order);
#define __free_page(page) __free_pages(page, 0)
void free_pages(unsigned long addr, unsigned int order);
#define free_page(addr) free_pages(addr, 0)
unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order);
unsigned long get_zeroed_page(gfp_t gfp_mask);
#define __get_free_page(gfp) __get_free_pages(gfp, 0)
void split_page(struct page *page, unsigned int order);
void free_contig_range(unsigned long pfn, unsigned long nr_pages);
void free_pages_bulk(struct page **page_array, unsigned long nr_pages);
gfp_t current_gfp_context(gfp_t flags);
void might_alloc(gfp_t gfp_mask);
unsigned int memalloc_nofs_save(void);
void memalloc_nofs_restore(unsigned int flags);
unsigned int memalloc_noio_save(void);
void memalloc_noio_restore(unsigned int flags);
unsigned int memalloc_noreclaim_save(void);
void memalloc_noreclaim_restore(unsigned int flags);
unsigned int memalloc_flags_save(unsigned int flags);
void memalloc_flags_restore(unsigned int flags);
unsigned int memalloc_apply_gfp_scope(gfp_t gfp_mask);
void memalloc_restore_scope(unsigned int flags);
void clear_page(void *page);
void copy_page(void *to, void *from);
void clear_highpage(struct page *page);
`;
