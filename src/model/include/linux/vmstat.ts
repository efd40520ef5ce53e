// SPDX-License-Identifier: GPL-2.0-only
/** Counters of pages. Their numbers are the model's own: a tree's header that compares items compares its own with its own. */
export const header = (): string => `
enum { NR_PAGETABLE = 1000, NR_VMALLOC, NR_SLAB_UNRECLAIMABLE_B };
void mod_node_page_state(void *pgdat, int item, long delta);
void mod_lruvec_page_state(struct page *page, int idx, int val);
void inc_lruvec_page_state(struct page *page, int idx);
unsigned long global_node_page_state(int item);
#define inc_node_page_state(page, item) mod_node_page_state(page_pgdat(page), item, 1)
#define dec_node_page_state(page, item) mod_node_page_state(page_pgdat(page), item, -1)
#define global_node_page_state_pages(item) global_node_page_state(item)
`;
