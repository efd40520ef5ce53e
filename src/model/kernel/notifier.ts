// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';

/** @kernel kernel/notifier.c blocking_notifier_call_chain @fidelity custom: without the semaphore */
export function blocking_notifier_call_chain(k: Kernel, nh: Ptr, val: number, v: Ptr): number {
  let result = 0;
  for (let nb = k.structs.blocking_notifier_head(nh).head; nb !== 0; nb = k.structs.notifier_block(nb).next) {
    result = Number(k.callPointer(k.structs.notifier_block(nb).notifier_call, nb, val, v));
  }
  return result;
}

/** @kernel kernel/notifier.c blocking_notifier_chain_register @fidelity custom: priorities are not kept */
export function blocking_notifier_chain_register(k: Kernel, nh: Ptr, nb: Ptr): number {
  const chain = k.structs.blocking_notifier_head(nh);
  k.structs.notifier_block(nb).next = chain.head;
  chain.head = nb;
  return 0;
}
