// SPDX-License-Identifier: GPL-2.0-only
/** Calls that an interrupt makes soon: `pending` from when they are asked for until they are made. */
export const header = (): string => `
struct irq_work { unsigned int pending; void (*func)(struct irq_work *work); };
#define IRQ_WORK_INIT(function) ((struct irq_work) { .func = (function) })
#define IRQ_WORK_INIT_LAZY(function) IRQ_WORK_INIT(function)
#define IRQ_WORK_INIT_HARD(function) IRQ_WORK_INIT(function)
#define DEFINE_IRQ_WORK(name, function) struct irq_work name = { .func = (function) }
static inline void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *work))
{
	*work = IRQ_WORK_INIT(func);
}
bool irq_work_queue(struct irq_work *work);
bool irq_work_queue_on(struct irq_work *work, int cpu);
void irq_work_sync(struct irq_work *work);
#define irq_work_is_pending(work) ((work)->pending != 0)
#define irq_work_is_busy(work) irq_work_is_pending(work)
`;
