// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import type { TraceEvent } from '../../src/trace/events.ts';

// C that newer kernels are written in, where it leads to the model's headers or to those of the tree.

const machine = machineNamed('arm64-4k')!;

/** `body` as that of a function of mm/vmalloc.c: its value, and the warnings on the way. */
function run(
  body: string,
  before = '',
  headers: Readonly<Record<string, string>> = {},
): { value: number; warnings: string[] } {
  const text = `#include <linux/mm.h>\n${before}\nlong asked(void)\n{\n${body}\n}\n`;
  const source = { 'include/linux/mm.h': '', ...headers, 'mm/vmalloc.c': text };
  const linked = linkTree({ machine, source, mode: 'from-tree', alsoCalled: ['asked'] });
  expect([...linked.untranslated]).toEqual([]);
  const events: TraceEvent[] = [];
  linked.boot(events);
  const value = Number(linked.call('asked', []));
  return { value, warnings: events.flatMap((event) => (event.kind === 'warn' ? [event.condition] : [])) };
}

it('takes what a header has that is not to be read alone', () => {
  const headers = {
    'include/linux/mm.h': `#ifndef INCLUDED_BY_ANOTHER
#error "do not include this file directly"
#endif
static inline long beyond(void) { return 5; }
`,
  };
  expect(run('return beyond();', '', headers).value).toBe(5);
});

it.each([
  ['arm64-4k', '__aarch64__', '__x86_64__'],
  ['x86_64-4level', '__x86_64__', '__riscv'],
  ['riscv64-sv48', '__riscv', '__aarch64__'],
])('has what a compiler for %s defines', (name, defined, other) => {
  const text = `#if !defined(${defined}) || defined(${other}) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || __LITTLE_ENDIAN != 1234
#error "for another"
#endif
long asked(void) { return __SIZEOF_LONG__ * __CHAR_BIT__; }
`;
  const source = { 'mm/vmalloc.c': text };
  const linked = linkTree({
    machine: machineNamed(name)!,
    source,
    mode: 'from-tree',
    alsoCalled: ['asked'],
  });
  linked.boot([]);
  expect(Number(linked.call('asked', []))).toBe(64);
});

describe('macros that only a header of the tree has', () => {
  const headers = {
    'include/linux/mm.h': `
#ifdef __KERNEL__
#define __frobbed
#define __frobs(x) __attribute__((frob(x)))
#define DECLARE_PAIR(name, a, b) _Static_assert(a < b, "order"); int name[2] = { a, b }
#define for_each_of(p, array) for (p = array; p < array + 2; p++)
static inline __frobbed long frobbed(void) { return 4; }
#endif
`,
  };

  it('may be attributes, with a meaning or without', () => {
    const before = 'static __frobbed void *made(int *p) __frobs(p);\nstatic void *made(int *p) { return p; }';
    expect(run('int x = 3, *p = made(&x); return *p + frobbed();', before, headers).value).toBe(7);
  });

  it('may be several declarations, or the head of a loop', () => {
    const body = 'DECLARE_PAIR(pair, 2, 5); int *p, sum = 0; for_each_of(p, pair) sum += *p; return sum;';
    expect(run(body, '', headers).value).toBe(7);
  });
});

describe('macros of headers that nothing else leads to', () => {
  it('may stand for whole items of a file, one or several', () => {
    const headers = {
      'include/linux/mm.h': `
#define DEFINE_GETTER(name, value) static int name##_of; static long get_##name(void) { return name##_of + value; }
#define DEFINE_TABLE(name) static long *name##_table[] = { &name##_value, 0 }
#define NOTHING_AT_ALL(name)
`,
    };
    const before =
      'DEFINE_GETTER(lazy, 5)\nNOTHING_AT_ALL(lazy);\nstatic long lazy_value = 3;\nDEFINE_TABLE(lazy);\nNOTHING_AT_ALL(lazy)\nstatic long last;';
    expect(run('return get_lazy() + *lazy_table[0] + last;', before, headers).value).toBe(8);
  });

  it('may make a name of what another one counts', () => {
    const headers = {
      'include/linux/mm.h': `
#define PASTE_OF(a, b) a##b
#define PASTED(a, b) PASTE_OF(a, b)
#define SECOND_OF(a, b, ...) b
#define COUNT_OF(...) SECOND_OF(0, ##__VA_ARGS__, 7)
#define copied(to, ...) PASTED(__copied, COUNT_OF(__VA_ARGS__))(to)
static inline long __copied3(long to) { return to + 1; }
`,
    };
    expect(run('return copied(4, 3);', '', headers).value).toBe(5);
  });

  it('may stand in the header that a tree has of its own', () => {
    const headers = {
      'include/linux/mm.h': '#include <linux/counts.h>\n',
      'include/linux/counts.h': 'typedef struct { int n; } count_t;\n#define __marked\n',
      'include/linux/vmalloc.h': `#include <linux/counts.h>
        struct vm_struct { void *addr; count_t count; char name[4] __marked; };`,
    };
    const text =
      '#include <linux/vmalloc.h>\n#include <linux/mm.h>\nlong asked(void) { return sizeof(struct vm_struct); }';
    const linked = linkTree({
      machine,
      source: { ...headers, 'mm/vmalloc.c': text },
      mode: 'from-tree',
      alsoCalled: ['asked'],
    });
    expect(linked.program.diagnostics).toEqual([]);
    expect(linked.call('asked', [])).toBe(16);
  });
});

describe('tracepoints that no list names', () => {
  it('evaluate their arguments and are off', () => {
    const body =
      'long n = 1; trace_vmalloc_of_ages(n++, &n); return trace_vmalloc_of_ages_enabled() ? 9 : n;';
    expect(run(body).value).toBe(2);
  });

  it('are not functions that something declares', () => {
    expect(() => run('return trace_of(3);', 'long trace_of(long n);')).toThrow(/`trace_of\(\)` is neither/);
  });
});

describe('counts of references', () => {
  const headers = {
    'include/linux/mm.h': '#include <linux/refcount.h>\n',
    'include/linux/refcount.h': `
typedef struct refcount_struct { atomic_t refs; } refcount_t;
#define REFCOUNT_INIT(n) { .refs = ATOMIC_INIT(n) }
enum refcount_saturation_type { OVERFLOW_OF_SOME, OVERFLOW_OF_ALL, USED_AFTER_FREE };
void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t);
static inline void refcount_inc(refcount_t *r)
{
	if (atomic_fetch_add_relaxed(1, &r->refs) == 0)
		refcount_warn_saturate(r, USED_AFTER_FREE);
}
static inline bool refcount_dec_and_test(refcount_t *r)
{
	int old = atomic_read(&r->refs);
	do { } while (!atomic_try_cmpxchg_release(&r->refs, &old, old - 1));
	smp_acquire__after_ctrl_dep();
	return old == 1;
}
`,
  };
  const before = 'static refcount_t count = REFCOUNT_INIT(1);';

  it('are as the tree defines them', () => {
    const body =
      'refcount_inc(&count); return refcount_dec_and_test(&count) * 10 + refcount_dec_and_test(&count);';
    expect(run(body, before, headers)).toEqual({ value: 1, warnings: [] });
  });

  it('warn of an object that was freed', () => {
    const body = 'refcount_dec_and_test(&count); refcount_inc(&count); return atomic_read(&count.refs) < 0;';
    const { value, warnings } = run(body, before, headers);
    expect(value).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('use after free')]);
  });
});

it('takes the size of a struct with an array at its end for a constant where the count is one', () => {
  const before = 'struct s { unsigned int nr; unsigned long v[]; };';
  const body = `struct s *p = NULL; unsigned char room[struct_size(p, v, 3)]; int n = 2;
    return sizeof(room) * 100 + struct_size(p, v, n);`;
  expect(run(body, before).value).toBe(3224);
});

it('copies what kmemdup() is given', () => {
  const body = 'int a = 6, *p = kmemdup(&a, sizeof(a), GFP_KERNEL); long got = *p; kfree(p); return got;';
  expect(run(body).value).toBe(6);
});
