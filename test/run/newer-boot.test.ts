// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { Stage } from '../../src/run/stage.ts';
import { arm64, callOf, evaluate, link } from './few-lines.ts';
import { runText } from './run-text.ts';

// What files of newer kernels ask of the rest of it when it boots.

describe('counters that CPUs keep apart', () => {
  it.each([
    [
      'percpu_counter_add(&c, 7); percpu_counter_sub(&c, 2); percpu_counter_inc(&c); return percpu_counter_sum(&c);',
      11,
    ],
    ['percpu_counter_sub(&c, 9); return percpu_counter_sum_positive(&c) - percpu_counter_read(&c);', 4],
    ['percpu_counter_add_batch(&c, 1L << 40, 64); return percpu_counter_compare(&c, 1L << 40);', 1],
    [
      'return percpu_counter_limited_add(&c, 6, 2) * 10 + percpu_counter_limited_add(&c, 7, 2) + percpu_counter_read(&c) * 100;',
      701,
    ],
    ['percpu_counter_set(&c, -1); percpu_counter_destroy(&c); return percpu_counter_read_positive(&c);', 0],
  ])('%s', (body, value) => {
    const before = 'static struct percpu_counter c;';
    expect(evaluate(`if (percpu_counter_init(&c, 5, GFP_KERNEL)) return -1; ${body}`, before)).toBe(value);
  });
});

describe('who asks to hear of CPUs', () => {
  const before = `static unsigned long seen;
static int up(unsigned int cpu) { seen |= 1UL << cpu; return cpu == 2 && seen > 64 ? -EINVAL : 0; }
static int down(unsigned int cpu) { return 0; }`;

  it('hears of all of them, unless nothing is to be called yet', () => {
    const all = 2 ** Number(arm64.config['CONFIG_NR_CPUS']) - 1;
    const body = (call: string): string => `long state = ${call}(CPUHP_AP_ONLINE_DYN, "mm:online", up, down);
      return state <= 0 ? state : seen;`;
    expect(evaluate(body('cpuhp_setup_state'), before)).toBe(all);
    expect(evaluate(body('cpuhp_setup_state_nocalls'), before)).toBe(0);
    expect(evaluate(`seen = 128; ${body('cpuhp_setup_state')}`, before)).toBe(-22);
  });

  it('may ask for suspends too, of which there are none', () => {
    const notifier = `static int told(struct notifier_block *nb, unsigned long action, void *data) { seen++; return 1; }
      static struct notifier_block block = { .notifier_call = told };`;
    expect(evaluate('return register_pm_notifier(&block) + seen;', `${before}\n${notifier}`)).toBe(0);
  });
});

describe('indices', () => {
  it.each([
    ['DEFINE_XARRAY_ALLOC(ids);', 'a * 100 + b * 10 + c', 1],
    ['DEFINE_XARRAY_ALLOC1(ids);', 'a * 100 + b * 10 + c', 112],
  ])('are handed out in %s', (before, sum, value) => {
    const body = `u32 a, b, c = 9; int thing;
      if (xa_alloc(&ids, &a, &thing, xa_limit_31b, GFP_KERNEL) || xa_alloc(&ids, &b, &thing, xa_limit_32b, GFP_KERNEL))
        return -1;
      c = b; xa_erase(&ids, a); if (xa_alloc(&ids, &b, &thing, XA_LIMIT(0, 1), GFP_KERNEL)) return -2;
      if (xa_alloc(&ids, &a, &thing, XA_LIMIT(1, 1), GFP_KERNEL) != (b ? -EBUSY : -EBUSY)) return -3;
      return ${sum};`;
    expect(evaluate(body, before)).toBe(value);
  });

  it('go round, and are numbers of an ida', () => {
    const body = `u32 id, next = 2; int thing, round;
      if (xa_alloc_cyclic(&ids, &id, &thing, XA_LIMIT(0, 2), &next, GFP_KERNEL) || id != 2 || next != 3) return -1;
      round = xa_alloc_cyclic(&ids, &id, &thing, XA_LIMIT(0, 2), &next, GFP_KERNEL);
      if (round != 1 || id != 0) return -2;
      if (ida_alloc(&numbers, GFP_KERNEL) != 0 || ida_alloc_min(&numbers, 5, GFP_KERNEL) != 5) return -3;
      ida_free(&numbers, 0);
      return ida_alloc(&numbers, GFP_KERNEL) + ida_alloc_max(&numbers, 0, GFP_KERNEL);`;
    expect(evaluate(body, 'static DEFINE_XARRAY_ALLOC(ids); static DEFINE_IDA(numbers);')).toBe(-28);
  });
});

describe('texts', () => {
  it.each([
    ['"%d-%u-%x", -3, 4000000000U, 255', '-3-4000000000-ff'],
    [
      '"%ld %lu %#lx %llX", -1L, ~0UL, 1UL << 60, 0xabcdefULL',
      '-1 18446744073709551615 0x1000000000000000 ABCDEF',
    ],
    ['"%04x|%-4d|%4s|%.2s|%c%%", 10, 7, "ab", "xyz", 65', '000a|7   |  ab|xy|A%'],
    ['"%*d|%05d|%+d|%zu", 4, 3, -12, 5, sizeof(long)', '   3|-0012|+5|8'],
    ['"%s", "…"', '…'],
  ])('are made of %s', (args, text) => {
    const expected = JSON.stringify(text);
    const body = `char text[80]; int n = snprintf(text, sizeof(text), ${args});
      return memcmp(text, ${expected}, sizeof(${expected})) ? -1 : n - (int)sizeof(${expected}) + 1;`;
    expect(evaluate(body)).toBe(0);
  });

  it('are cut where there is no more room', () => {
    const cut = (call: string): number =>
      evaluate(`char text[4] = "...", *p = kasprintf(GFP_KERNEL, "%d", 12345); int n = ${call}(text, sizeof(text), p);
        return strlen(text) * 100 + n * 10 + strlen(p);`);
    expect([cut('snprintf'), cut('scnprintf')]).toEqual([355, 335]);
  });
});

describe('calls on other CPUs', () => {
  const before = `static int calls; static struct cpumask some;
static void call(void *info) { calls += *(int *)info; }
static bool odd(int cpu, void *info) { return cpu & 1; }
static bool none(int cpu, void *info) { return false; }`;

  it('are one where all are called', () => {
    const body =
      'int n = 3; on_each_cpu_mask(cpu_online_mask, call, &n, true); on_each_cpu_cond(none, call, &n, true);';
    expect(evaluate(`${body} on_each_cpu_mask(&some, call, &n, true); return calls;`, before)).toBe(3);
  });

  it('are not modelled where some are', () => {
    const text = `#include <linux/vmalloc.h>\n${before}\nlong asked(void)\n{\nint n = 1; on_each_cpu_cond(odd, call, &n, true); return calls;\n}\n`;
    expect(() => callOf(link({ 'mm/vmalloc.c': text }, 'asked'), 'asked')).toThrow(
      /some CPUs and not on others/,
    );
  });
});

it('tells an index that nobody may speculate on', () => {
  expect(evaluate('unsigned long n = 3; barrier_nospec(); return array_index_nospec(n, 8);')).toBe(3);
});

it('may have a limit of a sysctl in a table', () => {
  const before =
    'static struct { void *extra1, *extra2; } table[] = { { SYSCTL_ZERO, .extra2 = SYSCTL_INT_MAX } };';
  expect(evaluate('return ARRAY_SIZE(table) + (table[0].extra1 != NULL);', before)).toBe(1);
});

describe('a kernel that does not come up', () => {
  const initCode = (body: string): Stage =>
    new Stage(
      link({ 'mm/vmalloc.c': `#include <linux/vmalloc.h>\nvoid vmalloc_init(void)\n{\n${body}\n}\n` }),
    );

  it.each([
    [
      'long *p = kmalloc(8, GFP_KERNEL); p[1] = 0;',
      /does not come up: out-of-bounds write.* in vmalloc_init\(\), mm\/vmalloc\.c:4/,
    ],
    ['BUG();', /does not come up/],
  ])('is not taken for one in which all is well: %s', (body, reason) => {
    const { end, events } = runText(initCode(body), 'vmalloc 4K');
    expect(events).toEqual([]);
    expect(end).toEqual({ kind: 'not-modelled', reason: expect.stringMatching(reason) as string });
  });
});

it('tries a lock of readers and a writer, and wakes nobody', () => {
  const before = 'static DEFINE_RWLOCK(l); static struct done { int n; } d;';
  const body = `long got = write_trylock(&l); got = got * 10 + write_trylock(&l); write_unlock(&l);
    got = got * 10 + read_trylock(&l); read_unlock(&l); wake_up(&d); complete_all(&d); return got;`;
  expect(evaluate(body, before)).toBe(101);
});

it('counts time in ticks, to the preprocessor too', () => {
  const before = `#if HZ <= MSEC_PER_SEC && !(MSEC_PER_SEC % HZ)
#define EACH (MSEC_PER_SEC / HZ)
#else
#define EACH 0
#endif`;
  expect(evaluate('return msecs_to_jiffies(1000) / HZ * 10 + (jiffies_to_msecs(1) == EACH);', before)).toBe(
    11,
  );
});
