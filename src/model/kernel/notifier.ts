// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import { add } from '../../base/u64.ts';
import type { Kernel } from '../kernel.ts';
import { letOtherGive } from './other-task.ts';

/** @kernel kernel/notifier.c blocking_notifier_call_chain @fidelity custom: without the semaphore; another task counts pages, as those who registered for purges do */
export function blocking_notifier_call_chain(k: Kernel, nh: Ptr, val: number, v: Ptr): number {
  let result = 0;
  for (let nb = k.structs.blocking_notifier_head(nh).head; nb !== 0; nb = k.structs.notifier_block(nb).next) {
    result = Number(k.callPointer(k.structs.notifier_block(nb).notifier_call, nb, val, v));
  }
  const pages = letOtherGive(k, 'a request');
  if (pages > 0) k.mem.st64(v, add(k.mem.ld64(v), pages));
  return result;
}

/** @kernel kernel/notifier.c blocking_notifier_chain_register @fidelity custom: priorities are not kept */
export function blocking_notifier_chain_register(k: Kernel, nh: Ptr, nb: Ptr): number {
  const chain = k.structs.blocking_notifier_head(nh);
  k.structs.notifier_block(nb).next = chain.head;
  chain.head = nb;
  return 0;
}
