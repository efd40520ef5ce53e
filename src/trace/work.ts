// SPDX-License-Identifier: GPL-2.0-only

/**
 * What an operation executed between its events. Events say what the code did to tables, TLBs and locks; a loop that
 * only looks at things leaves none, and still takes time.
 */
export interface Work {
  /** The number of the event that it came before: a lock, a flush, or the return. */
  readonly event: number;
  readonly cpu: number;
  /** Iterations of C loops. */
  readonly iterations: number;
  /** Calls of kernel functions that the tree's C does not define itself, by name. */
  readonly calls: Readonly<Record<string, number>>;
}
