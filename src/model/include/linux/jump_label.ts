// SPDX-License-Identifier: GPL-2.0-only

/**
 * Static keys (Documentation/staging/static-keys.rst): a branch that the kernel patches in its own code does what a plain test of
 * the key's count does. A key that is defined in a file that is not run has the value of its definition until somebody
 * changes it: it is a variable of the C that declares it.
 */
export const header = (): string => `
struct static_key { int enabled; };
struct static_key_true { struct static_key key; };
struct static_key_false { struct static_key key; };
#define STATIC_KEY_INIT_TRUE { 1 }
#define STATIC_KEY_INIT_FALSE { 0 }
#define STATIC_KEY_INIT STATIC_KEY_INIT_FALSE
${['TRUE', 'FALSE'].map(definitions).join('')}
#define DEFINE_STATIC_KEY_MAYBE(config, name) DEFINE_STATIC_KEY_FALSE(name)
#define DECLARE_STATIC_KEY_MAYBE(config, name) DECLARE_STATIC_KEY_FALSE(name)
#define static_key_count(at) (*(int *)(at))
#define static_key_enabled(at) (static_key_count(at) > 0)
#define static_key_false(at) static_key_enabled(at)
#define static_key_true(at) static_key_enabled(at)
#define static_branch_likely(at) static_key_enabled(at)
#define static_branch_unlikely(at) static_key_enabled(at)
#define static_branch_maybe(config, at) static_key_enabled(at)
#define static_key_enable(at) ((void)(static_key_count(at) = 1))
#define static_key_disable(at) ((void)(static_key_count(at) = 0))
#define static_key_slow_inc(at) ((void)static_key_count(at)++)
#define static_key_slow_dec(at) ((void)static_key_count(at)--)
#define static_branch_enable(at) static_key_enable(at)
#define static_branch_disable(at) static_key_disable(at)
#define static_branch_inc(at) static_key_slow_inc(at)
#define static_branch_dec(at) static_key_slow_dec(at)
/* Calls that the kernel patches likewise do what calls through a pointer do. */
static inline long __static_call_return0(void) { return 0; }
#define DECLARE_STATIC_CALL(name, function) extern typeof(function) *__static_call_##name
#define DEFINE_STATIC_CALL(name, function) typeof(function) *__static_call_##name = (function)
#define DEFINE_STATIC_CALL_RET0(name, function) \\
	typeof(function) *__static_call_##name = (typeof(function) *)__static_call_return0
#define static_call(name) (*__static_call_##name)
#define static_call_update(name, function) ((void)(__static_call_##name = (function)))
`;

function definitions(value: string): string {
  const type = `struct static_key_${value.toLowerCase()}`;
  return `
#define DEFINE_STATIC_KEY_${value}(name) ${type} name = { STATIC_KEY_INIT_${value} }
#define DEFINE_STATIC_KEY_${value}_RO(name) DEFINE_STATIC_KEY_${value}(name)
#define DECLARE_STATIC_KEY_${value}(name) extern ${type} name`;
}
