// SPDX-License-Identifier: GPL-2.0-only

/** Locks of one address: taken by one function of it, given back by another. */
const guards = [
  { kind: 'mutex', type: 'struct mutex', enter: 'mutex_lock', leave: 'mutex_unlock' },
  { kind: 'spinlock', type: 'spinlock_t', enter: 'spin_lock', leave: 'spin_unlock' },
  { kind: 'spinlock_irq', type: 'spinlock_t', enter: 'spin_lock_irq', leave: 'spin_unlock_irq' },
  { kind: 'spinlock_bh', type: 'spinlock_t', enter: 'spin_lock_bh', leave: 'spin_unlock_bh' },
  { kind: 'raw_spinlock', type: 'raw_spinlock_t', enter: 'raw_spin_lock', leave: 'raw_spin_unlock' },
  {
    kind: 'raw_spinlock_irq',
    type: 'raw_spinlock_t',
    enter: 'raw_spin_lock_irq',
    leave: 'raw_spin_unlock_irq',
  },
  { kind: 'rwsem_read', type: 'struct rw_semaphore', enter: 'down_read', leave: 'up_read' },
  { kind: 'rwsem_write', type: 'struct rw_semaphore', enter: 'down_write', leave: 'up_write' },
];

/** Ways to take some of them that may fail: `result` is what they yield where they did not, by default anything but 0. */
const attempts = [
  { kind: 'mutex', way: '_try', enter: 'mutex_trylock' },
  { kind: 'mutex', way: '_intr', enter: 'mutex_lock_interruptible', result: '_RET == 0' },
  { kind: 'mutex', way: '_kill', enter: 'mutex_lock_killable', result: '_RET == 0' },
  { kind: 'spinlock', way: '_try', enter: 'spin_trylock' },
  { kind: 'rwsem_read', way: '_try', enter: 'down_read_trylock' },
  { kind: 'rwsem_write', way: '_try', enter: 'down_write_trylock' },
];

/**
 * Scopes that undo themselves. They rest on the compiler's cleanup attribute, and their parts have the names of the
 * kernel's, so that a tree can make kinds of its own of them. A lock that was not taken is NULL or the error in its place.
 */
export const header = (): string => `
#define __cleanup(function) __attribute__((cleanup(function)))
#define __free(name) __cleanup(__free_##name)
#define no_free_ptr(p) ({ typeof(p) __kept = (p); (p) = NULL; __kept; })
#define retain_and_null_ptr(p) ((void)no_free_ptr(p))
#define return_ptr(p) return no_free_ptr(p)
#define DEFINE_FREE(name, type, release) static inline void __free_##name(void *p) { type _T = *(type *)p; release; }
static inline void __free_kfree(void *p) { kfree(*(void **)p); }
static inline void __free_kvfree(void *p) { kvfree(*(void **)p); }

#define DEFINE_CLASS(kind, type, exit, init, ...) \\
	typedef type class_##kind##_t; \\
	static inline void class_##kind##_destructor(type *held) { type _T = *held; exit; } \\
	static inline type class_##kind##_constructor(__VA_ARGS__) { type made = init; return made; }
#define EXTEND_CLASS(kind, way, init, ...) \\
	typedef class_##kind##_t class_##kind##way##_t; \\
	static inline void class_##kind##way##_destructor(class_##kind##_t *held) { class_##kind##_destructor(held); } \\
	static inline class_##kind##_t class_##kind##way##_constructor(__VA_ARGS__) \\
	{ class_##kind##_t made = init; return made; }
#define CLASS(kind, name) \\
	class_##kind##_t name __cleanup(class_##kind##_destructor) = class_##kind##_constructor
#define scoped_class(kind, name, ...) \\
	for (class_##kind##_t name __cleanup(class_##kind##_destructor) = class_##kind##_constructor(__VA_ARGS__), \\
	     *__first = &name; __first; __first = NULL)

static inline void *__guard_taken(void *lock) { return IS_ERR(lock) ? NULL : lock; }
static inline int __guard_error(void *lock) { return !lock ? -EBUSY : IS_ERR(lock) ? (int)PTR_ERR(lock) : 0; }
#define __DEFINE_GUARD_LOCK(kind, lock_of_it) \\
	static inline void *class_##kind##_lock_ptr(class_##kind##_t *_T) { return __guard_taken((void *)(lock_of_it)); } \\
	static inline int class_##kind##_lock_err(class_##kind##_t *_T) { return __guard_error((void *)(lock_of_it)); }
#define __guard_result(...) __second(, ##__VA_ARGS__, _RET)
#define DEFINE_GUARD(kind, type, lock, unlock) \\
	DEFINE_CLASS(kind, type, if (__guard_taken((void *)_T)) { unlock; }, ({ lock; _T; }), type _T) \\
	__DEFINE_GUARD_LOCK(kind, *_T)
#define DEFINE_GUARD_COND(kind, way, lock, ...) \\
	EXTEND_CLASS(kind, way, \\
		({ long _RET = (lock); if (!(__guard_result(__VA_ARGS__))) _T = (class_##kind##_t)ERR_PTR(_RET); _T; }), \\
		class_##kind##_t _T) \\
	__DEFINE_GUARD_LOCK(kind##way, *_T)
#define DEFINE_LOCK_GUARD_0(kind, lock_it, unlock_it, ...) \\
	typedef struct { void *lock; __VA_ARGS__; } class_##kind##_t; \\
	static inline class_##kind##_t class_##kind##_constructor(void) \\
	{ class_##kind##_t made = { .lock = (void *)1 }, *_T = &made; lock_it; return made; } \\
	static inline void class_##kind##_destructor(class_##kind##_t *_T) { unlock_it; } \\
	__DEFINE_GUARD_LOCK(kind, _T->lock)
#define DEFINE_LOCK_GUARD_1(kind, type, lock_it, unlock_it, ...) \\
	typedef struct { type *lock; __VA_ARGS__; } class_##kind##_t; \\
	static inline class_##kind##_t class_##kind##_constructor(type *held) \\
	{ class_##kind##_t made = { .lock = held }, *_T = &made; lock_it; return made; } \\
	static inline void class_##kind##_destructor(class_##kind##_t *_T) \\
	{ if (__guard_taken(_T->lock)) { unlock_it; } } \\
	__DEFINE_GUARD_LOCK(kind, _T->lock)
#define DEFINE_LOCK_GUARD_1_COND(kind, way, lock_it, ...) \\
	EXTEND_CLASS(kind, way, \\
		({ class_##kind##_t __made = { .lock = held }, *_T = &__made; long _RET = (lock_it); \\
		   if (!(__guard_result(__VA_ARGS__))) _T->lock = ERR_PTR(_RET); __made; }), \\
		typeof(((class_##kind##_t *)0)->lock) held) \\
	__DEFINE_GUARD_LOCK(kind##way, _T->lock)
#define DECLARE_LOCK_GUARD_0_ATTRS(...)
#define DECLARE_LOCK_GUARD_1_ATTRS(...)

${guards.map(({ kind, type, enter, leave }) => `DEFINE_GUARD(${kind}, ${type} *, ${enter}(_T), ${leave}(_T))\n`).join('')}
${attempts.map(({ kind, way, enter, result = '_RET' }) => `DEFINE_GUARD_COND(${kind}, ${way}, ${enter}(_T), ${result})\n`).join('')}
DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())
DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(migrate, migrate_disable(), migrate_enable())
DEFINE_LOCK_GUARD_0(irq, local_irq_disable(), local_irq_enable())
DEFINE_LOCK_GUARD_0(irqsave, local_irq_save(_T->flags), local_irq_restore(_T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
	spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(raw_spinlock_irqsave, raw_spinlock_t, raw_spin_lock_irqsave(_T->lock, _T->flags),
	raw_spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
#define guard(kind) CLASS(kind, __UNIQUE_ID(guard))
#define ACQUIRE(kind, name) CLASS(kind, name)
#define ACQUIRE_ERR(kind, name) class_##kind##_lock_err(name)
#define __scoped_guard(kind, name, ...) \\
	for (class_##kind##_t name __cleanup(class_##kind##_destructor) = class_##kind##_constructor(__VA_ARGS__), \\
	     *__first = &name; __first && class_##kind##_lock_ptr(&name); __first = NULL)
#define scoped_guard(kind, ...) __scoped_guard(kind, __UNIQUE_ID(scope), __VA_ARGS__)
#define __scoped_cond_guard(kind, name, otherwise, ...) \\
	for (class_##kind##_t name __cleanup(class_##kind##_destructor) = class_##kind##_constructor(__VA_ARGS__), \\
	     *__first = &name; __first; __first = NULL) \\
		if (!class_##kind##_lock_ptr(&name)) { otherwise; } else
#define scoped_cond_guard(kind, otherwise, ...) \\
	__scoped_cond_guard(kind, __UNIQUE_ID(scope), otherwise, __VA_ARGS__)
`;
