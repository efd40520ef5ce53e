// SPDX-License-Identifier: GPL-2.0-only
const COUNTERS = [
  { prefix: 'atomic', type: 'atomic_t', value: 'int' },
  { prefix: 'atomic64', type: 'atomic64_t', value: 's64' },
  { prefix: 'atomic_long', type: 'atomic_long_t', value: 'long' },
];

/** What returns a value may be asked for with less order than all. */
const ORDERED = [
  ...[
    'add_return',
    'sub_return',
    'inc_return',
    'dec_return',
    'fetch_add',
    'fetch_sub',
    'fetch_inc',
    'fetch_dec',
  ],
  ...['xchg', 'cmpxchg', 'try_cmpxchg', 'fetch_and', 'fetch_or', 'fetch_xor', 'fetch_andnot'],
];
const ORDERS = ['relaxed', 'acquire', 'release'];

/** Atomic counters: one CPU runs at a time, so plain reads and writes are atomic. */
export const header = (): string => `
#define ATOMIC_INIT(i) { (i) }
#define ATOMIC64_INIT(i) { (i) }
#define ATOMIC_LONG_INIT(i) { (i) }
${COUNTERS.map(counter).join('')}
#define xchg(ptr, new) \\
	({ typeof(ptr) __at = (ptr); typeof(*__at) __before = *__at; *__at = (new); __before; })
#define cmpxchg(ptr, old, new) \\
	({ typeof(ptr) __at = (ptr); typeof(*__at) __before = *__at; if (__before == (old)) *__at = (new); __before; })
#define try_cmpxchg(ptr, oldp, new) \\
	({ typeof(ptr) __at = (ptr); typeof(oldp) __expected = (oldp); int __same = *__at == *__expected; \\
	   if (__same) *__at = (new); else *__expected = *__at; __same; })
#define cmpxchg_relaxed(ptr, old, new) cmpxchg(ptr, old, new)
#define xchg_relaxed(ptr, new) xchg(ptr, new)
#define xchg_acquire(ptr, new) xchg(ptr, new)
#define xchg_release(ptr, new) xchg(ptr, new)
#define cmpxchg_acquire(ptr, old, new) cmpxchg(ptr, old, new)
#define cmpxchg_release(ptr, old, new) cmpxchg(ptr, old, new)
#define try_cmpxchg_relaxed(ptr, oldp, new) try_cmpxchg(ptr, oldp, new)
#define try_cmpxchg_acquire(ptr, oldp, new) try_cmpxchg(ptr, oldp, new)
#define try_cmpxchg_release(ptr, oldp, new) try_cmpxchg(ptr, oldp, new)
`;

function counter({ prefix, type, value }: { prefix: string; type: string; value: string }): string {
  return `
${value} ${prefix}_read(const ${type} *v);
void ${prefix}_set(${type} *v, ${value} i);
void ${prefix}_add(${value} i, ${type} *v);
void ${prefix}_sub(${value} i, ${type} *v);
void ${prefix}_inc(${type} *v);
void ${prefix}_dec(${type} *v);
${value} ${prefix}_add_return(${value} i, ${type} *v);
${value} ${prefix}_sub_return(${value} i, ${type} *v);
${value} ${prefix}_inc_return(${type} *v);
${value} ${prefix}_dec_return(${type} *v);
bool ${prefix}_dec_and_test(${type} *v);
bool ${prefix}_inc_not_zero(${type} *v);
bool ${prefix}_sub_and_test(${value} i, ${type} *v);
${value} ${prefix}_xchg(${type} *v, ${value} i);
${value} ${prefix}_cmpxchg(${type} *v, ${value} old, ${value} new);
static inline ${value} ${prefix}_fetch_add(${value} i, ${type} *v) { return ${prefix}_add_return(i, v) - i; }
static inline ${value} ${prefix}_fetch_sub(${value} i, ${type} *v) { return ${prefix}_sub_return(i, v) + i; }
static inline bool ${prefix}_try_cmpxchg(${type} *v, ${value} *old, ${value} new)
{ ${value} __before = ${prefix}_cmpxchg(v, *old, new); bool __same = __before == *old; *old = __before; return __same; }
${[
  ['and', '&'],
  ['or', '|'],
  ['xor', '^'],
  ['andnot', '& ~'],
]
  .map(
    ([name, operator]) => `static inline ${value} ${prefix}_fetch_${name}(${value} i, ${type} *v)
{ ${value} __before = ${prefix}_read(v); ${prefix}_set(v, __before ${operator}i); return __before; }
#define ${prefix}_${name}(i, v) ((void)${prefix}_fetch_${name}(i, v))
`,
  )
  .join('')}static inline ${value} ${prefix}_fetch_add_unless(${type} *v, ${value} i, ${value} unless)
{ ${value} __before = ${prefix}_read(v); if (__before != unless) ${prefix}_add(i, v); return __before; }
static inline bool ${prefix}_inc_unless_negative(${type} *v)
{ bool __may = ${prefix}_read(v) >= 0; if (__may) ${prefix}_inc(v); return __may; }
static inline bool ${prefix}_dec_unless_positive(${type} *v)
{ bool __may = ${prefix}_read(v) <= 0; if (__may) ${prefix}_dec(v); return __may; }
static inline ${value} ${prefix}_dec_if_positive(${type} *v)
{ ${value} __after = ${prefix}_read(v) - 1; if (__after >= 0) ${prefix}_set(v, __after); return __after; }
#define ${prefix}_add_unless(v, i, unless) ({ typeof(${prefix}_read(v)) __unless = (unless); \\
	${prefix}_fetch_add_unless(v, i, __unless) != __unless; })
#define ${prefix}_add_negative(i, v) (${prefix}_add_return(i, v) < 0)
#define ${prefix}_inc_and_test(v) (${prefix}_inc_return(v) == 0)
#define ${prefix}_fetch_inc(v) ${prefix}_fetch_add(1, v)
#define ${prefix}_fetch_dec(v) ${prefix}_fetch_sub(1, v)
${ORDERED.flatMap((name) => ORDERS.map((order) => `#define ${prefix}_${name}_${order}(...) ${prefix}_${name}(__VA_ARGS__)\n`)).join('')}#define ${prefix}_read_acquire(v) ${prefix}_read(v)
#define ${prefix}_set_release(v, i) ${prefix}_set(v, i)
`;
}
