// SPDX-License-Identifier: GPL-2.0-only
const barriers = [
  ...['mb', 'rmb', 'wmb', 'smp_mb', 'smp_rmb', 'smp_wmb', 'dma_rmb', 'dma_wmb', 'isb'],
  ...[
    'smp_mb__before_atomic',
    'smp_mb__after_atomic',
    'smp_mb__after_spinlock',
    'smp_mb__after_unlock_lock',
    'smp_acquire__after_ctrl_dep',
  ],
];

/** Memory barriers; each is an event by its own name. */
export const header = (): string => `
void __barrier(const char *name);
${barriers.map((name) => `#define ${name}() __barrier("${name}")`).join('\n')}
#define dsb(domain) __barrier("dsb " #domain)
#define dmb(domain) __barrier("dmb " #domain)
/* Nothing speculates here. */
#define barrier_nospec() do { } while (0)
#define array_index_nospec(index, size) ((void)(size), (index))
`;
