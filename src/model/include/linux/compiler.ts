// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../../trace/machine.ts';

const attributes = [
  ...['noinstr'],
  ...['__init', '__exit', '__initdata', '__initconst', '__meminit', '__ref', '__refdata', '__weak', '__used'],
  ...[
    '__maybe_unused',
    '__always_unused',
    '__always_inline',
    '__must_check',
    '__ro_after_init',
    '__read_mostly',
  ],
  ...[
    'asmlinkage',
    'noinline',
    'noinline_for_stack',
    'notrace',
    '__user',
    '__iomem',
    '__percpu',
    '__rcu',
    '__force',
  ],
  ...[
    '__kernel',
    '__cold',
    '__hot',
    '__malloc',
    '__pure',
    '__attribute_const__',
    '__noreturn',
    '__packed',
    '__sched',
  ],
  ...[
    '__cacheline_aligned',
    '__cacheline_aligned_in_smp',
    '____cacheline_aligned',
    '____cacheline_aligned_in_smp',
  ],
  ...[
    '__visible',
    '__latent_entropy',
    '__no_sanitize_address',
    '__no_kcsan',
    '__no_kasan_or_inline',
    '__bitwise',
  ],
  ...[
    '__nonstring',
    '__private',
    '__nocast',
    '__deprecated',
    '__flatten',
    '__randomize_layout',
    '__init_or_module',
    'fallthrough',
  ],
  // Those of linux/compiler_types.h that only the kernel itself sees.
  ...['__signed_wrap', '__no_sanitize_or_inline', '__no_kcsan_or_inline', '__no_stack_protector', '__nocfi'],
  ...['__acquires_ret', '__acquires_shared_ret', '__noscs', '__preserve_most', '__designated_init'],
  ...['__no_context_analysis', '__no_kmsan_checks', '__no_sanitize_memory'],
];
const attributesWithArguments = [
  ...[
    '__aligned',
    '__printf',
    '__scanf',
    '__alloc_size',
    '__realloc_size',
    '__acquires',
    '__releases',
    '__must_hold',
  ],
  ...[
    '__section',
    '__counted_by',
    '__nonstring_array',
    '__assume_aligned',
    '__alias',
    '__diag_push',
    '__cond_acquires',
  ],
  ...[
    'EXPORT_SYMBOL',
    'EXPORT_SYMBOL_GPL',
    'EXPORT_SYMBOL_NS_GPL',
    'EXPORT_SYMBOL_FOR_MODULES',
    'EXPORT_SYMBOL_FOR_KVM',
    'EXPORT_PER_CPU_SYMBOL',
  ],
  ...['module_init', 'module_exit', 'early_param', '__setup', 'core_initcall', 'postcore_initcall'],
  ...['arch_initcall', 'subsys_initcall', 'fs_initcall', 'device_initcall', 'late_initcall', 'pure_initcall'],
  ...[
    'module_param',
    'MODULE_PARM_DESC',
    'MODULE_LICENSE',
    'MODULE_AUTHOR',
    'MODULE_DESCRIPTION',
    'ALLOW_ERROR_INJECTION',
  ],
  ...[
    '__counted_by_ptr',
    '__counted_by_le',
    '__counted_by_be',
    '__guarded_by',
    '__pt_guarded_by',
    '__must_not_hold',
  ],
  ...[
    '__must_hold_shared',
    '__acquires_shared',
    '__releases_shared',
    '__cond_acquires_shared',
    '__cond_releases',
  ],
  ...['__context_unsafe', 'disable_context_analysis', 'enable_context_analysis'],
  ...['static_assert', 'NOKPROBE_SYMBOL', 'BTF_ID', '__ADDRESSABLE'],
];

/** What the compiler defines for an architecture. */
const PREDEFINED: Readonly<Record<Machine['arch'], string>> = {
  arm64: '#define __aarch64__ 1\n#define __AARCH64EL__ 1',
  x86: '#define __x86_64__ 1\n#define __amd64__ 1',
  riscv: '#define __riscv 1\n#define __riscv_xlen 64',
};

/** The compiler's own words: attributes that mean nothing to an interpreter of C, and annotated accesses. */
export const header = (machine: Machine): string => `
${attributes.map((name) => `#define ${name}`).join('\n')}
${attributesWithArguments.map((name) => `#define ${name}(...)`).join('\n')}
/* What boot calls before there are other CPUs: the type's name tells it. */
#define early_initcall(function) typedef int __early_initcall_##function
/* A prototype that the model does not implement: reaching it is "not modelled". */
#define __unmodelled
#define __page_aligned_bss __attribute__((aligned(PAGE_SIZE)))
#define __page_aligned_data __page_aligned_bss
#define __aligned_u64 unsigned long
#define NULL ((void *)0)
#define likely(x) (x)
#define unlikely(x) (x)
#define likely_notrace(x) (x)
#define unlikely_notrace(x) (x)
#define READ_ONCE(x) (x)
#define WRITE_ONCE(x, value) ((x) = (value))
#define data_race(expression) (expression)
#define ACCESS_PRIVATE(object, member) ((object)->member)
#define smp_cond_load_acquire(address, condition) \\
	({ typeof(*(address)) VAL; do VAL = *(address); while (!(condition)); VAL; })
#define smp_cond_load_relaxed(address, condition) smp_cond_load_acquire(address, condition)
#define smp_load_acquire(address) (*(address))
#define smp_store_release(address, value) (*(address) = (value))
#define smp_store_mb(place, value) ((place) = (value))
#define barrier() do { } while (0)
#define barrier_data(pointer) ((void)(pointer))
#define OPTIMIZER_HIDE_VAR(variable) do { } while (0)
void might_sleep(void);
#define might_sleep_if(condition) do { if (condition) might_sleep(); } while (0)
#define might_fault() do { } while (0)
int cond_resched(void);
#define cond_resched_lock(lock) 0
#define cond_resched_rcu_qs() cond_resched()
#define cpu_relax() do { } while (0)
#define BUILD_BUG_ON(condition) do { } while (0)
#define BUILD_BUG_ON_MSG(condition, text) do { } while (0)
#define BUILD_BUG_ON_ZERO(condition) 0
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) do { } while (0)
#define BUILD_BUG() do { } while (0)
#define compiletime_assert(condition, text) do { } while (0)
#define uninitialized_var(x) x
#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))
#define __KERNEL__ 1
#define __GNUC__ 14
#define __STDC__ 1
#define __STDC_VERSION__ 201112L
#define __LP64__ 1
#define __CHAR_BIT__ 8
#define __SIZEOF_INT__ 4
#define __SIZEOF_LONG__ 8
#define __SIZEOF_POINTER__ 8
#define __SIZEOF_INT128__ 16
#define __ORDER_LITTLE_ENDIAN__ 1234
#define __ORDER_BIG_ENDIAN__ 4321
#define __BYTE_ORDER__ __ORDER_LITTLE_ENDIAN__
#define __LITTLE_ENDIAN 1234
#define __LITTLE_ENDIAN_BITFIELD 1
${PREDEFINED[machine.arch]}
typedef __builtin_va_list va_list;
#define va_start(list, ...) __builtin_va_start(list)
#define va_arg(list, type) __builtin_va_arg(list, type)
#define va_copy(to, from) __builtin_va_copy(to, from)
#define va_end(list) __builtin_va_end(list)
#define TYPEOF_UNQUAL(x) typeof_unqual(x)
#define __is_constexpr(x) __builtin_constant_p(x)
#define __must_be_array(a) 0
#define __stringify_1(...) #__VA_ARGS__
#define __stringify(...) __stringify_1(__VA_ARGS__)
#define ___PASTE(a, b) a##b
#define __PASTE(a, b) ___PASTE(a, b)
#define __second(first, second, ...) second
#define __UNIQUE_ID(prefix) __PASTE(prefix, __COUNTER__)
#define _RET_IP_ 0UL
#define _THIS_IP_ 0UL
#define __builtin_return_address(level) ((void *)0)
#define RELOC_HIDE(pointer, offset) ((typeof(pointer))((unsigned long)(pointer) + (offset)))
#define THIS_MODULE ((struct module *)0)
#define alloc_hooks(call) (call)
#define context_unsafe(...) ({ __VA_ARGS__; })
`;
