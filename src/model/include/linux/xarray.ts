// SPDX-License-Identifier: GPL-2.0-only
/** The XArray, kept in TypeScript: only its head lies in memory. */
export const header = (): string => `
struct xarray { spinlock_t xa_lock; gfp_t xa_flags; void *xa_head; };
#define XARRAY_INIT(name, flags) { { 0 }, flags, NULL }
#define DEFINE_XARRAY(name) struct xarray name = XARRAY_INIT(name, 0)
void xa_init(struct xarray *xa);
void *xa_load(struct xarray *xa, unsigned long index);
int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *xa_find(struct xarray *xa, unsigned long *index, unsigned long max, unsigned int filter);
void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max, unsigned int filter);
#define XA_PRESENT 8U
#define xa_is_err(entry) 0
#define xa_err(entry) 0
#define xa_for_each(xa, index, entry) \\
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, XA_PRESENT); entry; \\
	     entry = xa_find_after(xa, &index, ULONG_MAX, XA_PRESENT))
`;
