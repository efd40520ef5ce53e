// SPDX-License-Identifier: GPL-2.0-only
/** Memory before there is a page allocator. */
export const header = (): string => `
#define MEMBLOCK_ALLOC_ANYWHERE (~(phys_addr_t)0)
#define MEMBLOCK_ALLOC_ACCESSIBLE 0
#define MEMBLOCK_ALLOC_NOLEAKTRACE 1
enum memblock_flags { MEMBLOCK_NONE = 0, MEMBLOCK_HOTPLUG = 1, MEMBLOCK_MIRROR = 2, MEMBLOCK_NOMAP = 4,
		      MEMBLOCK_DRIVER_MANAGED = 8 };
struct memblock_type;
phys_addr_t memblock_phys_alloc_range(phys_addr_t size, phys_addr_t align, phys_addr_t start, phys_addr_t end);
#define memblock_phys_alloc(size, align) memblock_phys_alloc_range(size, align, 0, MEMBLOCK_ALLOC_ACCESSIBLE)
void memblock_allow_resize(void);
int memblock_mark_nomap(phys_addr_t base, phys_addr_t size);
int memblock_clear_nomap(phys_addr_t base, phys_addr_t size);
void __next_mem_range(u64 *idx, int nid, enum memblock_flags flags, struct memblock_type *type_a,
		      struct memblock_type *type_b, phys_addr_t *out_start, phys_addr_t *out_end, int *out_nid);
#define for_each_mem_range(i, p_start, p_end) \\
	for ((i) = 0, __next_mem_range(&(i), -1, MEMBLOCK_NONE, NULL, NULL, (p_start), (p_end), NULL); \\
	     (i) != ULLONG_MAX; \\
	     __next_mem_range(&(i), -1, MEMBLOCK_NONE, NULL, NULL, (p_start), (p_end), NULL))
`;
