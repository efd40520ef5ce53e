// SPDX-License-Identifier: GPL-2.0-only
/** Where a sysctl's limits point to. Nobody reads them here. */
const SYSCTL_LIMITS = [
  ...['NEG_ONE', 'ZERO', 'ONE', 'TWO', 'THREE', 'FOUR', 'ONE_HUNDRED', 'TWO_HUNDRED', 'ONE_THOUSAND'],
  ...['THREE_THOUSAND', 'INT_MAX', 'MAXOLDUID', 'LONG_ZERO', 'LONG_ONE', 'LONG_MAX'],
];

/**
 * Interfaces to user space and to notified subsystems. They are declared so that files parse; none is
 * modelled.
 */
export const header = (): string => `
${SYSCTL_LIMITS.map((name) => `#define SYSCTL_${name} ((void *)0)\n`).join('')}struct seq_file { void *private; };
struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};
__unmodelled struct list_head *seq_list_start(struct list_head *head, loff_t pos);
__unmodelled struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *pos);
__unmodelled void *proc_create_seq_private(const char *name, umode_t mode, void *parent,
					   const struct seq_operations *ops, unsigned int size, void *data);
#define proc_create_seq(name, mode, parent, ops) proc_create_seq_private(name, mode, parent, ops, 0, NULL)
__unmodelled void *proc_create_single(const char *name, umode_t mode, void *parent,
				      int (*show)(struct seq_file *, void *));
struct iov_iter { size_t count; };
__unmodelled size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
__unmodelled size_t copy_to_iter_nofault(const void *addr, size_t bytes, struct iov_iter *i);
size_t copy_page_to_iter_nofault(struct page *page, size_t offset, size_t bytes, struct iov_iter *i);
__unmodelled size_t zero_iov_iter(size_t bytes, struct iov_iter *i);
#define iov_iter_zero(bytes, i) zero_iov_iter(bytes, i)
#define iov_iter_count(i) ((i)->count)
struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long action, void *data);
	struct notifier_block *next;
	int priority;
};
struct blocking_notifier_head { struct rw_semaphore rwsem; struct notifier_block *head; };
#define BLOCKING_NOTIFIER_HEAD(name) struct blocking_notifier_head name
int blocking_notifier_call_chain(struct blocking_notifier_head *nh, unsigned long val, void *v);
int blocking_notifier_chain_register(struct blocking_notifier_head *nh, struct notifier_block *nb);
__unmodelled int blocking_notifier_chain_unregister(struct blocking_notifier_head *nh, struct notifier_block *nb);
struct shrink_control { gfp_t gfp_mask; int nid; unsigned long nr_to_scan; unsigned long nr_scanned; };
struct shrinker {
	unsigned long (*count_objects)(struct shrinker *, struct shrink_control *sc);
	unsigned long (*scan_objects)(struct shrinker *, struct shrink_control *sc);
	long batch;
	int seeks;
	unsigned int flags;
	void *private_data;
};
#define SHRINK_STOP (~0UL)
#define SHRINK_EMPTY (~0UL - 1)
#define DEFAULT_SEEKS 2
struct shrinker *shrinker_alloc(unsigned int flags, const char *format, ...);
void shrinker_register(struct shrinker *shrinker);
`;
