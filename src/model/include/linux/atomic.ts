// SPDX-License-Identifier: GPL-2.0-only
const widths = [
  { prefix: 'atomic', type: 'atomic_t', value: 'int' },
  { prefix: 'atomic64', type: 'atomic64_t', value: 's64' },
  { prefix: 'atomic_long', type: 'atomic_long_t', value: 'long' },
];

/** Atomic counters: one CPU runs at a time, so plain reads and writes are atomic. */
export const header = (): string => `
#define ATOMIC_INIT(i) { (i) }
#define ATOMIC64_INIT(i) { (i) }
#define ATOMIC_LONG_INIT(i) { (i) }
${widths.map(counter).join('')}
#define xchg(ptr, new) \\
	({ typeof(ptr) __at = (ptr); typeof(*__at) __before = *__at; *__at = (new); __before; })
#define cmpxchg(ptr, old, new) \\
	({ typeof(ptr) __at = (ptr); typeof(*__at) __before = *__at; if (__before == (old)) *__at = (new); __before; })
#define try_cmpxchg(ptr, oldp, new) \\
	({ typeof(ptr) __at = (ptr); typeof(oldp) __expected = (oldp); int __same = *__at == *__expected; \\
	   if (__same) *__at = (new); else *__expected = *__at; __same; })
#define cmpxchg_relaxed(ptr, old, new) cmpxchg(ptr, old, new)
#define xchg_relaxed(ptr, new) xchg(ptr, new)
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
#define ${prefix}_add_return_relaxed(i, v) ${prefix}_add_return(i, v)
#define ${prefix}_sub_return_relaxed(i, v) ${prefix}_sub_return(i, v)
#define ${prefix}_inc_return_relaxed(v) ${prefix}_inc_return(v)
#define ${prefix}_read_acquire(v) ${prefix}_read(v)
#define ${prefix}_set_release(v, i) ${prefix}_set(v, i)
`;
}
