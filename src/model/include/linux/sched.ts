// SPDX-License-Identifier: GPL-2.0-only
/** The running task, as far as memory management asks for it. */
export const header = (): string => `
struct task_struct { unsigned int flags; int pid; unsigned int __state; char comm[16]; struct mm_struct *mm, *active_mm; };
extern struct task_struct init_task;
#define current (&init_task)
#define TASK_COMM_LEN 16
#define TASK_RUNNING 0
#define TASK_UNINTERRUPTIBLE 2
#define PF_MEMALLOC 0x800
#define PF_MEMALLOC_NOFS 0x40000
#define PF_MEMALLOC_NOIO 0x80000
#define PF_KTHREAD 0x200000
#define PF_EXITING 0x4
int fatal_signal_pending(struct task_struct *task);
#define signal_pending(task) 0
#define task_pid_nr(task) ((task)->pid)
long schedule_timeout_uninterruptible(long timeout);
#define set_current_state(state) do { } while (0)
#define need_resched() 0
#define jiffies 0UL
#define MSEC_PER_SEC 1000L
#define USEC_PER_MSEC 1000L
#define USEC_PER_SEC 1000000L
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_SEC 1000000000L
#define msecs_to_jiffies(ms) ((unsigned long)(ms) * HZ / MSEC_PER_SEC)
#define usecs_to_jiffies(us) ((unsigned long)(us) * HZ / USEC_PER_SEC)
#define secs_to_jiffies(s) ((unsigned long)(s) * HZ)
#define jiffies_to_msecs(j) ((unsigned int)((j) * MSEC_PER_SEC / HZ))
#define jiffies_to_usecs(j) ((unsigned int)((j) * USEC_PER_SEC / HZ))
/* Time stands still: nothing that is run waits for it. */
typedef s64 ktime_t;
#define ktime_get() ((ktime_t)0)
#define ktime_get_raw() ktime_get()
#define ktime_get_coarse() ktime_get()
#define ktime_get_boottime() ktime_get()
#define ktime_get_ns() 0ULL
#define ktime_get_mono_fast_ns() 0ULL
#define local_clock() 0ULL
#define sched_clock() 0ULL
/* Nobody waits. */
#define wake_up(queue) ((void)(queue))
#define wake_up_all(queue) wake_up(queue)
#define wake_up_interruptible(queue) wake_up(queue)
#define wake_up_interruptible_all(queue) wake_up(queue)
#define complete(completion) ((void)(completion))
#define complete_all(completion) ((void)(completion))
void on_each_cpu(void (*func)(void *info), void *info, int wait);
#define on_each_cpu_mask(mask, func, info, wait) on_each_cpu_cond_mask(NULL, func, info, wait, mask)
#define on_each_cpu_cond(condition, func, info, wait) on_each_cpu_cond_mask(condition, func, info, wait, cpu_online_mask)
void on_each_cpu_cond_mask(bool (*condition)(int cpu, void *info), void (*func)(void *info), void *info, bool wait,
			   const struct cpumask *mask);
`;
