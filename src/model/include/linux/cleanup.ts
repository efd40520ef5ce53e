// SPDX-License-Identifier: GPL-2.0-only
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
const conditionalGuards = [
  { kind: 'mutex_try', type: 'struct mutex', enter: 'mutex_trylock', leave: 'mutex_unlock' },
  { kind: 'spinlock_try', type: 'spinlock_t', enter: 'spin_trylock', leave: 'spin_unlock' },
  { kind: 'rwsem_read_try', type: 'struct rw_semaphore', enter: 'down_read_trylock', leave: 'up_read' },
];

/** Scopes that undo themselves. They rest on the compiler's cleanup attribute, as the kernel's do. */
export const header = (): string => `
#define __cleanup(function) __attribute__((cleanup(function)))
#define __free(name) __cleanup(__free_##name)
#define no_free_ptr(p) ({ typeof(p) __kept = (p); (p) = NULL; __kept; })
#define retain_and_null_ptr(p) ((void)no_free_ptr(p))
#define return_ptr(p) return no_free_ptr(p)
#define DEFINE_FREE(name, type, release) static inline void __free_##name(void *p) { type _T = *(type *)p; release; }
static inline void __free_kfree(void *p) { kfree(*(void **)p); }
static inline void __free_kvfree(void *p) { kvfree(*(void **)p); }
${guards.map((guard) => unconditional(guard)).join('')}${conditionalGuards.map((guard) => conditional(guard)).join('')}
#define DEFINE_LOCK_GUARD_0(kind, lock, unlock, ...) \\
	typedef int __guard_##kind##_t; \\
	static inline int __guard_##kind##_enter(void) { lock; return 1; } \\
	static inline void __guard_##kind##_leave(int *held) { unlock; }
#define DEFINE_LOCK_GUARD_1(kind, type, lock_it, unlock_it, ...) \\
	typedef struct { type *lock; __VA_ARGS__; } __guard_##kind##_t; \\
	static inline __guard_##kind##_t __guard_##kind##_enter(type *held) \\
	{ __guard_##kind##_t __held = { .lock = held }, *_T = &__held; lock_it; return __held; } \\
	static inline void __guard_##kind##_leave(__guard_##kind##_t *_T) { if (_T->lock) { unlock_it; } }
#define DEFINE_CLASS(kind, type, exit, init, ...) \\
	typedef type __guard_##kind##_t; \\
	static inline void __guard_##kind##_leave(type *held) { type _T = *held; exit; } \\
	static inline type __guard_##kind##_enter(__VA_ARGS__) { type made = init; return made; }
#define DEFINE_GUARD(kind, type, lock, unlock) \\
	DEFINE_CLASS(kind, type, if (_T) { unlock; }, ({ lock; _T; }), type _T)
#define CLASS(kind, name) __guard_named(kind, name)
#define ACQUIRE(kind, name) __guard_named(kind, name)
#define ACQUIRE_ERR(kind, name) (*(name) ? 0 : -EBUSY)
DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())
DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(irq, local_irq_disable(), local_irq_enable())
typedef unsigned long __guard_irqsave_t;
static inline unsigned long __guard_irqsave_enter(void) { unsigned long flags; local_irq_save(flags); return flags; }
static inline void __guard_irqsave_leave(unsigned long *flags) { local_irq_restore(*flags); }
DEFINE_LOCK_GUARD_1(spinlock_irqsave, spinlock_t, spin_lock_irqsave(_T->lock, _T->flags),
	spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
DEFINE_LOCK_GUARD_1(raw_spinlock_irqsave, raw_spinlock_t, raw_spin_lock_irqsave(_T->lock, _T->flags),
	raw_spin_unlock_irqrestore(_T->lock, _T->flags), unsigned long flags)
#define __guard_named(kind, name) __guard_##kind##_t name __cleanup(__guard_##kind##_leave) = __guard_##kind##_enter
#define guard(kind) __guard_named(kind, __UNIQUE_ID(guard))
#define __scoped_guard(kind, name, ...) \\
	for (__guard_##kind##_t name __cleanup(__guard_##kind##_leave) = __guard_##kind##_enter(__VA_ARGS__), \\
	     *__first = &name; __first; __first = NULL)
#define scoped_guard(kind, ...) __scoped_guard(kind, __UNIQUE_ID(scope), __VA_ARGS__)
#define __scoped_cond_guard(kind, name, otherwise, ...) \\
	for (__guard_##kind##_t name __cleanup(__guard_##kind##_leave) = __guard_##kind##_enter(__VA_ARGS__), \\
	     *__first = &name; __first; __first = NULL) \\
		if (!name) { otherwise; } else
#define scoped_cond_guard(kind, otherwise, ...) \\
	__scoped_cond_guard(kind, __UNIQUE_ID(scope), otherwise, __VA_ARGS__)
`;

interface Guard {
  readonly kind: string;
  readonly type: string;
  readonly enter: string;
  readonly leave: string;
}

function unconditional({ kind, type, enter, leave }: Guard): string {
  return `typedef ${type} *__guard_${kind}_t;
static inline ${type} *__guard_${kind}_enter(${type} *lock) { ${enter}(lock); return lock; }
static inline void __guard_${kind}_leave(${type} **held) { ${leave}(*held); }
`;
}

function conditional({ kind, type, enter, leave }: Guard): string {
  return `typedef ${type} *__guard_${kind}_t;
static inline ${type} *__guard_${kind}_enter(${type} *lock) { return ${enter}(lock) ? lock : NULL; }
static inline void __guard_${kind}_leave(${type} **held) { if (*held) ${leave}(*held); }
`;
}
