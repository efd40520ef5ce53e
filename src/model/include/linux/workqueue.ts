// SPDX-License-Identifier: GPL-2.0-only
/** Deferred work: it is queued and runs when the scenario drains it, never by itself. */
export const header = (): string => `
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);
struct work_struct { unsigned long pending; struct list_head entry; work_func_t func; };
struct delayed_work { struct work_struct work; };
struct workqueue_struct { int unused; };
extern struct workqueue_struct *system_wq;
extern struct workqueue_struct *system_unbound_wq;
extern struct workqueue_struct *system_highpri_wq;
#define INIT_WORK(work, function) __init_work(work, function)
#define DECLARE_WORK(name, function) struct work_struct name = { .func = (function) }
#define INIT_DELAYED_WORK(work_, function) __init_work(&(work_)->work, function)
void __init_work(struct work_struct *work, work_func_t func);
bool schedule_work(struct work_struct *work);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
#define schedule_work_on(cpu, work) queue_work_on(cpu, system_wq, work)
void flush_scheduled_work(void);
bool flush_work(struct work_struct *work);
bool work_pending(struct work_struct *work);
`;
