// SPDX-License-Identifier: GPL-2.0-only
/** RCU: readers are a scope; nothing runs beside the caller, so a grace period is over at once. */
export const header = (): string => `
void rcu_read_lock(void);
void rcu_read_unlock(void);
#define rcu_read_lock_sched() rcu_read_lock()
#define rcu_read_unlock_sched() rcu_read_unlock()
void call_rcu(struct rcu_head *head, rcu_callback_t func);
#define rcu_dereference(p) (p)
#define rcu_dereference_check(p, condition) (p)
#define rcu_dereference_protected(p, condition) (p)
#define rcu_dereference_raw(p) (p)
#define rcu_access_pointer(p) (p)
#define rcu_assign_pointer(p, value) ((p) = (value))
#define RCU_INIT_POINTER(p, value) ((p) = (value))
#define synchronize_rcu() do { } while (0)
#define synchronize_rcu_expedited() do { } while (0)
#define synchronize_sched() do { } while (0)
#define rcu_barrier() do { } while (0)
#define rcu_head_init(head) do { } while (0)
#define kfree_rcu(pointer, ...) kfree(pointer)
#define kfree_rcu_mightsleep(pointer) kfree(pointer)
void kvfree_call_rcu(struct rcu_head *head, void *ptr);
#define kvfree_rcu_mightsleep(pointer) kvfree_call_rcu(NULL, pointer)
#define __kvfree_rcu_by_head(pointer, member) kvfree_call_rcu(&(pointer)->member, pointer)
#define __kvfree_rcu_form(first, second, form, ...) form
#define kvfree_rcu(...) \\
	__kvfree_rcu_form(__VA_ARGS__, __kvfree_rcu_by_head, kvfree_rcu_mightsleep, 0)(__VA_ARGS__)
`;
