// SPDX-License-Identifier: GPL-2.0-only

// include/linux/sched.h: what a task forbids its allocations, as bits of task_struct.flags.

/** Frees memory for others: no waiting for memory. */
export const PF_MEMALLOC = 0x800;
export const PF_MEMALLOC_NOFS = 0x40000;
export const PF_MEMALLOC_NOIO = 0x80000;
