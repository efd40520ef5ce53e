// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree's own C, with a way in for the host. TREE_VMALLOC and TREE_HUGETLBPAGE are its files; the model's headers
 * are included before this one (-include).
 */
#include "accessors.h"
#include TREE_VMALLOC
#include TREE_HUGETLBPAGE

int map_pages(unsigned long addr, unsigned long end, void **pages, unsigned int page_shift)
{
	return vmap_pages_range(addr, end, PAGE_KERNEL, (struct page **)pages, page_shift);
}

void unmap_pages(unsigned long addr, unsigned long end)
{
	vunmap_range(addr, end);
}

unsigned long mapped_frame(unsigned long addr)
{
	struct page *page = vmalloc_to_page((void *)addr);

	return page ? page_to_pfn(page) : 0;
}

void *page_of_frame(unsigned long pfn)
{
	return pfn_to_page(pfn);
}
