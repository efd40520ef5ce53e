// SPDX-License-Identifier: GPL-2.0-only

/** What changes a counter, by the sign of the amount. */
const changes = [
  ['add', '+='],
  ['sub', '-='],
] as const;

/** Counters that CPUs keep apart: here they always say the exact sum, which the kernel's may be off by a batch for each CPU. */
export const header = (): string => `
struct percpu_counter { raw_spinlock_t lock; s64 count; struct list_head list; s32 *counters; };
#define percpu_counter_batch 32
#define percpu_counter_init(counter, amount, gfp) percpu_counter_init_many(counter, amount, gfp, 1)
static inline int percpu_counter_init_many(struct percpu_counter *counter, s64 amount, gfp_t gfp, u32 nr)
{
	for (u32 i = 0; i < nr; i++)
		counter[i].count = amount;
	return 0;
}
#define percpu_counter_destroy(counter) ((void)(counter))
#define percpu_counter_destroy_many(counter, nr) ((void)(counter), (void)(nr))
#define percpu_counter_initialized(counter) ((void)(counter), true)
#define percpu_counter_sync(counter) ((void)(counter))
static inline void percpu_counter_set(struct percpu_counter *counter, s64 amount) { counter->count = amount; }
${changes
  .map(
    ([
      name,
      operator,
    ]) => `static inline void percpu_counter_${name}(struct percpu_counter *counter, s64 amount) { counter->count ${operator} amount; }
#define percpu_counter_${name}_local(counter, amount) percpu_counter_${name}(counter, amount)
`,
  )
  .join(
    '',
  )}#define percpu_counter_add_batch(counter, amount, batch) ((void)(batch), percpu_counter_add(counter, amount))
#define percpu_counter_inc(counter) percpu_counter_add(counter, 1)
#define percpu_counter_dec(counter) percpu_counter_sub(counter, 1)
static inline s64 percpu_counter_sum(struct percpu_counter *counter) { return counter->count; }
static inline s64 percpu_counter_sum_positive(struct percpu_counter *counter)
{ return counter->count < 0 ? 0 : counter->count; }
#define percpu_counter_read(counter) percpu_counter_sum(counter)
#define percpu_counter_read_positive(counter) percpu_counter_sum_positive(counter)
static inline int percpu_counter_compare(struct percpu_counter *counter, s64 than)
{ return counter->count > than ? 1 : counter->count < than ? -1 : 0; }
#define __percpu_counter_compare(counter, than, batch) ((void)(batch), percpu_counter_compare(counter, than))
static inline bool percpu_counter_limited_add(struct percpu_counter *counter, s64 limit, s64 amount)
{
	if (amount > 0 ? counter->count + amount > limit : counter->count + amount < limit)
		return false;
	counter->count += amount;
	return true;
}
`;
