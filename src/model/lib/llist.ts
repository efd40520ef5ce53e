// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

// lib/llist.c: a head and nodes of one pointer each.

/** @kernel include/linux/llist.h init_llist_head @fidelity dup */
export function init_llist_head(k: Kernel, list: Ptr): void {
  k.mem.st64(list, 0);
}

/** @kernel include/linux/llist.h llist_empty @fidelity dup */
export function llist_empty(k: Kernel, head: Ptr): number {
  return k.mem.ld64(head) === 0 ? 1 : 0;
}

/** @kernel lib/llist.c llist_add_batch @fidelity dup @returns whether the list was empty */
export function llist_add_batch(k: Kernel, first: Ptr, last: Ptr, head: Ptr): number {
  const before = k.mem.ld64(head);
  k.mem.st64(last, before);
  k.mem.st64(head, first);
  return before === 0 ? 1 : 0;
}

/** @kernel include/linux/llist.h llist_add @fidelity dup @returns whether the list was empty */
export function llist_add(k: Kernel, node: Ptr, head: Ptr): number {
  return k.llist_add_batch(node, node, head);
}

/** @kernel include/linux/llist.h llist_del_all @fidelity dup */
export function llist_del_all(k: Kernel, head: Ptr): Ptr {
  const first = Number(k.mem.ld64(head));
  k.mem.st64(head, 0);
  return first;
}

/** @kernel lib/llist.c llist_del_first @fidelity dup */
export function llist_del_first(k: Kernel, head: Ptr): Ptr {
  const first = Number(k.mem.ld64(head));
  if (first !== 0) k.mem.st64(head, k.mem.ld64(first));
  return first;
}

/** @kernel lib/llist.c llist_reverse_order @fidelity dup */
export function llist_reverse_order(k: Kernel, head: Ptr): Ptr {
  let reversed = 0;
  for (let node = head; node !== 0;) {
    const following = Number(k.mem.ld64(node));
    k.mem.st64(node, reversed);
    reversed = node;
    node = following;
  }
  return reversed;
}
