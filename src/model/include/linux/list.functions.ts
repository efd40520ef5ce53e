// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../../base/units.ts';
import type { Kernel } from '../../kernel.ts';

// include/linux/list.h: struct list_head is { next, prev }.

const PREV = 8;
const LIST_POISON1 = 0x100;
const LIST_POISON2 = 0x122;

function next(k: Kernel, entry: Ptr): Ptr {
  return Number(k.mem.ld64(entry));
}

function prev(k: Kernel, entry: Ptr): Ptr {
  return Number(k.mem.ld64(entry + PREV));
}

function connect(k: Kernel, before: Ptr, after: Ptr): void {
  k.mem.st64(before, after);
  k.mem.st64(after + PREV, before);
}

function insert(k: Kernel, entry: Ptr, before: Ptr, after: Ptr): void {
  connect(k, before, entry);
  connect(k, entry, after);
}

function splice(k: Kernel, list: Ptr, before: Ptr, after: Ptr): void {
  if (next(k, list) === list) return;
  const first = next(k, list);
  const last = prev(k, list);
  connect(k, before, first);
  connect(k, last, after);
}

/** @kernel include/linux/list.h INIT_LIST_HEAD @fidelity dup */
export function INIT_LIST_HEAD(k: Kernel, list: Ptr): void {
  connect(k, list, list);
}

/** @kernel include/linux/list.h list_add @fidelity dup */
export function list_add(k: Kernel, entry: Ptr, head: Ptr): void {
  insert(k, entry, head, next(k, head));
}

/** @kernel include/linux/list.h list_add_tail @fidelity dup */
export function list_add_tail(k: Kernel, entry: Ptr, head: Ptr): void {
  insert(k, entry, prev(k, head), head);
}

/** @kernel include/linux/list.h list_del @fidelity dup */
export function list_del(k: Kernel, entry: Ptr): void {
  connect(k, prev(k, entry), next(k, entry));
  k.mem.st64(entry, LIST_POISON1);
  k.mem.st64(entry + PREV, LIST_POISON2);
}

/** @kernel include/linux/list.h list_del_init @fidelity dup */
export function list_del_init(k: Kernel, entry: Ptr): void {
  connect(k, prev(k, entry), next(k, entry));
  connect(k, entry, entry);
}

/** @kernel include/linux/list.h list_move @fidelity dup */
export function list_move(k: Kernel, list: Ptr, head: Ptr): void {
  connect(k, prev(k, list), next(k, list));
  insert(k, list, head, next(k, head));
}

/** @kernel include/linux/list.h list_move_tail @fidelity dup */
export function list_move_tail(k: Kernel, list: Ptr, head: Ptr): void {
  connect(k, prev(k, list), next(k, list));
  insert(k, list, prev(k, head), head);
}

/** @kernel include/linux/list.h list_replace @fidelity dup */
export function list_replace(k: Kernel, old: Ptr, entry: Ptr): void {
  connect(k, entry, next(k, old));
  connect(k, prev(k, old), entry);
}

/** @kernel include/linux/list.h list_replace_init @fidelity dup */
export function list_replace_init(k: Kernel, old: Ptr, entry: Ptr): void {
  list_replace(k, old, entry);
  connect(k, old, old);
}

/** @kernel include/linux/list.h list_empty @fidelity dup */
export function list_empty(k: Kernel, head: Ptr): number {
  return next(k, head) === head ? 1 : 0;
}

/** @kernel include/linux/list.h list_empty_careful @fidelity dup */
export function list_empty_careful(k: Kernel, head: Ptr): number {
  return next(k, head) === head && prev(k, head) === head ? 1 : 0;
}

/** @kernel include/linux/list.h list_is_first @fidelity dup */
export function list_is_first(k: Kernel, list: Ptr, head: Ptr): number {
  return prev(k, list) === head ? 1 : 0;
}

/** @kernel include/linux/list.h list_is_last @fidelity dup */
export function list_is_last(k: Kernel, list: Ptr, head: Ptr): number {
  return next(k, list) === head ? 1 : 0;
}

/** @kernel include/linux/list.h list_is_head @fidelity dup */
export function list_is_head(_k: Kernel, list: Ptr, head: Ptr): number {
  return list === head ? 1 : 0;
}

/** @kernel include/linux/list.h list_is_singular @fidelity dup */
export function list_is_singular(k: Kernel, head: Ptr): number {
  return next(k, head) !== head && next(k, head) === prev(k, head) ? 1 : 0;
}

/** @kernel include/linux/list.h list_splice @fidelity dup */
export function list_splice(k: Kernel, list: Ptr, head: Ptr): void {
  splice(k, list, head, next(k, head));
}

/** @kernel include/linux/list.h list_splice_tail @fidelity dup */
export function list_splice_tail(k: Kernel, list: Ptr, head: Ptr): void {
  splice(k, list, prev(k, head), head);
}

/** @kernel include/linux/list.h list_splice_init @fidelity dup */
export function list_splice_init(k: Kernel, list: Ptr, head: Ptr): void {
  splice(k, list, head, next(k, head));
  connect(k, list, list);
}

/** @kernel include/linux/list.h list_splice_tail_init @fidelity dup */
export function list_splice_tail_init(k: Kernel, list: Ptr, head: Ptr): void {
  splice(k, list, prev(k, head), head);
  connect(k, list, list);
}

/**
 * Moves what stands up to and with `entry` in `head` to `list`.
 * @kernel include/linux/list.h list_cut_position
 * @fidelity dup
 */
export function list_cut_position(k: Kernel, list: Ptr, head: Ptr, entry: Ptr): void {
  if (next(k, head) === head || entry === head) return connect(k, list, list);
  const first = next(k, head);
  connect(k, head, next(k, entry));
  connect(k, list, first);
  return connect(k, entry, list);
}

/** @kernel include/linux/list.h hlist_add_head @fidelity dup */
export function hlist_add_head(k: Kernel, n: Ptr, h: Ptr): void {
  const first = next(k, h);
  k.mem.st64(n, first);
  if (first !== 0) k.mem.st64(first + PREV, n);
  k.mem.st64(h, n);
  k.mem.st64(n + PREV, h);
}

/** @kernel include/linux/list.h hlist_del @fidelity dup */
export function hlist_del(k: Kernel, n: Ptr): void {
  const after = next(k, n);
  const place = prev(k, n);
  k.mem.st64(place, after);
  if (after !== 0) k.mem.st64(after + PREV, place);
  k.mem.st64(n, LIST_POISON1);
  k.mem.st64(n + PREV, LIST_POISON2);
}

/** @kernel include/linux/list.h hlist_empty @fidelity dup */
export function hlist_empty(k: Kernel, h: Ptr): number {
  return next(k, h) === 0 ? 1 : 0;
}
