// SPDX-License-Identifier: GPL-2.0-only
/** The XArray, kept in TypeScript: only its head lies in memory. */
export const header = (): string => `
struct xarray { spinlock_t xa_lock; gfp_t xa_flags; void *xa_head; };
typedef unsigned int xa_mark_t;
#define XA_MARK_0 ((xa_mark_t)0U)
#define XA_MARK_1 ((xa_mark_t)1U)
#define XA_MARK_2 ((xa_mark_t)2U)
/* What hands out indices of its own: from 0, or from 1. */
#define XA_FLAGS_ALLOC ((gfp_t)1U)
#define XA_FLAGS_ALLOC1 ((gfp_t)3U)
#define XA_FLAGS_LOCK_IRQ ((gfp_t)0U)
#define XA_FLAGS_LOCK_BH ((gfp_t)0U)
#define XA_FLAGS_ACCOUNT ((gfp_t)0U)
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY_ALLOC(name) DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name) DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)
struct xa_limit { u32 max; u32 min; };
#define XA_LIMIT(low, high) (struct xa_limit) { .min = (low), .max = (high) }
#define xa_limit_32b XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b XA_LIMIT(0, INT_MAX)
#define xa_limit_16b XA_LIMIT(0, 65535)
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
#define xa_lock(xa) spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa) spin_unlock(&(xa)->xa_lock)
#define __xa_insert(...) xa_insert(__VA_ARGS__)
#define __xa_store(...) xa_store(__VA_ARGS__)
#define __xa_erase(...) xa_erase(__VA_ARGS__)
#define __xa_alloc(...) xa_alloc(__VA_ARGS__)
static inline void xa_init_flags(struct xarray *xa, gfp_t flags) { xa_init(xa); xa->xa_flags = flags; }
static inline bool xa_empty(struct xarray *xa)
{
	unsigned long index = 0;

	return !xa_find(xa, &index, ULONG_MAX, XA_PRESENT);
}
/* The first index of the range that is free. */
static inline int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	unsigned long index = limit.min ? limit.min : xa->xa_flags == XA_FLAGS_ALLOC1;
	int error;

	while (index <= limit.max && xa_load(xa, index))
		index++;
	if (index > limit.max)
		return -EBUSY;
	error = xa_insert(xa, index, entry, gfp);
	if (!error)
		*id = index;
	return error;
}
/* The first one from *next on, or else of the range: that is 1. */
static inline int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t gfp)
{
	struct xa_limit rest = { .max = limit.max, .min = *next > limit.min ? *next : limit.min };
	int error = xa_alloc(xa, id, entry, rest, gfp);
	bool again = error == -EBUSY && rest.min > limit.min;

	if (again)
		error = xa_alloc(xa, id, entry, limit, gfp);
	if (error)
		return error;
	*next = *id + 1;
	return again;
}
struct ida { struct xarray xa; };
#define IDA_INIT(name) { .xa = XARRAY_INIT(name, XA_FLAGS_ALLOC) }
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)
static inline void ida_init(struct ida *ida) { xa_init(&ida->xa); }
static inline int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	u32 id = 0;
	int error = xa_alloc(&ida->xa, &id, ida, XA_LIMIT(min, max < INT_MAX ? max : INT_MAX), gfp);

	return error == -EBUSY ? -ENOSPC : error ? error : (int)id;
}
#define ida_alloc(ida, gfp) ida_alloc_range(ida, 0, ~0U, gfp)
#define ida_alloc_min(ida, min, gfp) ida_alloc_range(ida, min, ~0U, gfp)
#define ida_alloc_max(ida, max, gfp) ida_alloc_range(ida, 0, max, gfp)
static inline void ida_free(struct ida *ida, unsigned int id) { xa_erase(&ida->xa, id); }
static inline bool ida_is_empty(struct ida *ida) { return xa_empty(&ida->xa); }
#define xa_is_err(entry) 0
#define xa_err(entry) 0
#define xa_for_each(xa, index, entry) \\
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, XA_PRESENT); entry; \\
	     entry = xa_find_after(xa, &index, ULONG_MAX, XA_PRESENT))
`;
