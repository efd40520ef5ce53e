// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { OutOfFuel } from '../../src/run/runtime.ts';
import { callOf, evaluate, link } from './few-lines.ts';

// What C asks an interrupt to do: irq_work_queue() and its kin.

describe('work for an interrupt', () => {
  const before = `#include <linux/irq_work.h>
static long seen;
static void note(struct irq_work *work)
{
	seen = seen * 10 + 1 + (in_interrupt() ? 2 : 0) + (irq_work_is_pending(work) ? 4 : 0);
}
static DEFINE_IRQ_WORK(soon, note);
static struct irq_work later = IRQ_WORK_INIT_LAZY(note);
`;

  it.each([
    [
      'waits, once',
      'irq_work_queue(&soon); irq_work_queue(&later); return seen * 10 + irq_work_queue(&soon);',
      0,
    ],
    [
      'is done in an interrupt, before the workers',
      'irq_work_queue(&soon); flush_scheduled_work(); return seen * 10 + in_interrupt();',
      30,
    ],
    [
      'can be waited for',
      'irq_work_queue(&soon); irq_work_queue(&later); irq_work_sync(&later); return seen * 10 + irq_work_is_busy(&soon);',
      31,
    ],
    ['is not done where it was not asked for', 'irq_work_sync(&soon); return seen;', 0],
    [
      'may be asked for again',
      'irq_work_queue(&soon); irq_work_sync(&soon); irq_work_queue(&soon); flush_scheduled_work(); return seen;',
      33,
    ],
    [
      'can be made by a call',
      'struct irq_work own; init_irq_work(&own, note); irq_work_queue(&own); irq_work_sync(&own); return seen;',
      3,
    ],
  ])('%s', (_title, body, value) => {
    expect(evaluate(body, before)).toBe(value);
  });

  it('is done on the CPU that is asked for', () => {
    const where = `#include <linux/irq_work.h>
static DEFINE_PER_CPU(int, count);
static void note(struct irq_work *work)
{
	this_cpu_inc(count);
}
static DEFINE_IRQ_WORK(there, note);
`;
    const body =
      'irq_work_queue_on(&there, 1); flush_scheduled_work(); return per_cpu(count, 1) * 10 + per_cpu(count, 0);';
    expect(evaluate(body, where)).toBe(10);
  });

  it('must not sleep', () => {
    const text = `#include <linux/vmalloc.h>
#include <linux/irq_work.h>
static void sleeps(struct irq_work *work)
{
	might_sleep();
}
static DEFINE_IRQ_WORK(soon, sleeps);
long asked(void)
{
	irq_work_queue(&soon);
	flush_scheduled_work();
	might_sleep();
	return 0;
}
`;
    const { events } = callOf(link({ 'mm/vmalloc.c': text }, 'asked'), 'asked');
    const warned = events.flatMap((event) => (event.kind === 'warn' ? [event.condition] : []));
    expect(warned).toEqual(['sleeping function called from invalid context: an interrupt handler']);
  });
});

it('lets work wait for a grace period', () => {
  const before = `static long runs;
static void counts(struct work_struct *work)
{
	runs += 1 + (to_rcu_work(work)->wq == system_unbound_wq);
}
static struct rcu_work after;
`;
  const body = `INIT_RCU_WORK(&after, counts);
queue_rcu_work(system_unbound_wq, &after);
long before_that = runs;
bool again = queue_rcu_work(system_wq, &after);
flush_rcu_work(&after);
return before_that * 100 + again * 10 + runs;`;
  expect(evaluate(body, before)).toBe(2);
});

it('takes back what is not to be done any more', () => {
  const before = `static long runs;
static void counts(struct work_struct *work)
{
	runs++;
}
static DECLARE_WORK(not_done, counts);
static DECLARE_DELAYED_WORK(done, counts);
`;
  const body = `schedule_work(&not_done);
schedule_delayed_work(&done, 1);
long cancelled = cancel_work_sync(&not_done) * 10 + cancel_work(&not_done);
flush_scheduled_work();
return cancelled * 100 + runs * 10 + cancel_delayed_work_sync(&done);`;
  expect(evaluate(body, before)).toBe(1010);
});

describe('what asks for itself again', () => {
  it.each([
    ['work', 'struct work_struct', 'DECLARE_WORK', 'schedule_work(work)'],
    [
      'delayed work, at once',
      'struct work_struct',
      'DECLARE_DELAYED_WORK',
      'schedule_delayed_work(container_of(work, struct delayed_work, work), 0)',
    ],
    ['work for an interrupt', 'struct irq_work', 'DEFINE_IRQ_WORK', 'irq_work_queue(work)'],
  ])('does not go on forever: %s', (_title, type, define, queue) => {
    const before = `#include <linux/irq_work.h>
static void again(${type} *work)
{
	${queue};
}
static ${define}(forever, again);
`;
    const first = define === 'DECLARE_DELAYED_WORK' ? 'again(&forever.work)' : 'again(&forever)';
    expect(() => evaluate(`${first}; flush_scheduled_work(); return 0;`, before)).toThrow(OutOfFuel);
  });

  it('is done once each time that the workers run, where it is delayed', () => {
    const before = `static long runs;
static struct delayed_work every;
static void again(struct work_struct *work)
{
	runs++;
	schedule_delayed_work(&every, HZ);
}
`;
    const body = `INIT_DELAYED_WORK(&every, again);
schedule_delayed_work(&every, HZ);
flush_scheduled_work();
flush_scheduled_work();
return runs * 10 + delayed_work_pending(&every);`;
    expect(evaluate(body, before)).toBe(21);
  });
});
