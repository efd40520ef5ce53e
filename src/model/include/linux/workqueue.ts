// SPDX-License-Identifier: GPL-2.0-only
/** The queues that every kernel has: `system_wq` is `system_percpu_wq` since 6.18, `system_unbound_wq` is `system_dfl_wq`. */
const QUEUES = [
  '',
  'unbound_',
  'highpri_',
  'percpu_',
  'dfl_',
  'long_',
  'freezable_',
  'power_efficient_',
  'bh_',
];

/** Deferred work: it is queued and runs when the scenario drains it, never by itself. */
export const header = (): string => `
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);
struct work_struct { unsigned long pending; struct list_head entry; work_func_t func; };
struct delayed_work { struct work_struct work; };
struct workqueue_struct { int unused; };
${QUEUES.map((name) => `extern struct workqueue_struct *system_${name}wq;\n`).join('')}#define INIT_WORK(work, function) __init_work(work, function)
#define DECLARE_WORK(name, function) struct work_struct name = { .func = (function) }
#define INIT_DELAYED_WORK(work_, function) __init_work(&(work_)->work, function)
void __init_work(struct work_struct *work, work_func_t func);
bool schedule_work(struct work_struct *work);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
#define schedule_work_on(cpu, work) queue_work_on(cpu, system_wq, work)
void flush_scheduled_work(void);
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...);
void destroy_workqueue(struct workqueue_struct *wq);
#define alloc_ordered_workqueue(fmt, flags, args...) alloc_workqueue(fmt, flags, 1, ##args)
#define DECLARE_DELAYED_WORK(name, function) struct delayed_work name = { .work = { .func = (function) } }
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);
#define mod_delayed_work(wq, dwork, delay) queue_delayed_work(wq, dwork, delay)
#define schedule_delayed_work(dwork, delay) queue_delayed_work(system_wq, dwork, delay)
#define delayed_work_pending(dwork) work_pending(&(dwork)->work)
#define flush_delayed_work(dwork) flush_work(&(dwork)->work)
bool work_pending(struct work_struct *work);
bool flush_work(struct work_struct *work);
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
#define cancel_delayed_work(dwork) cancel_work(&(dwork)->work)
#define cancel_delayed_work_sync(dwork) cancel_work_sync(&(dwork)->work)
struct rcu_work { struct work_struct work; struct rcu_head rcu; struct workqueue_struct *wq; int cpu; };
#define INIT_RCU_WORK(work_, function) __init_work(&(work_)->work, function)
#define flush_rcu_work(rwork) flush_work(&(rwork)->work)
static inline struct rcu_work *to_rcu_work(struct work_struct *work)
{
	return container_of(work, struct rcu_work, work);
}
/* Workers run when nothing reads any more: a grace period is over by then. */
static inline bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork)
{
	if (work_pending(&rwork->work))
		return false;
	rwork->wq = wq;
	return queue_work(wq, &rwork->work);
}
`;
