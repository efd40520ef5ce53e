// SPDX-License-Identifier: GPL-2.0-only
/**
 * Memory that comes and goes while the kernel runs. All that there can be has its struct pages from the start, so that
 * those who add memory only ask for a little, as for what describes a section: that may be refused. Memory that is there
 * from boot on is never asked to go.
 */
export const header = (): string => `
struct range { u64 start; u64 end; };
struct dev_pagemap;
struct mhp_params { struct vmem_altmap *altmap; pgprot_t pgprot; struct dev_pagemap *pgmap; };
static inline int __add_pages(int nid, unsigned long start_pfn, unsigned long nr_pages, struct mhp_params *params)
{
	void *section = kmalloc(64, GFP_KERNEL);

	if (!section)
		return -ENOMEM;
	kfree(section);
	return 0;
}
#define __remove_pages(...) do { } while (0)
#define mhp_range_allowed(...) 1
#define vmem_altmap_free(...) do { } while (0)
static unsigned long max_pfn, max_low_pfn;
struct mem_section;
#define PA_SECTION_SHIFT SECTION_SIZE_BITS
#define __pfn_to_section(pfn) ((struct mem_section *)NULL)
#define early_section(section) 1
#define online_section(section) 1
#define register_memory_notifier(nb) ((void)(nb), 0)
`;
