// SPDX-License-Identifier: GPL-2.0-only
import { NotModelled } from '../model/kernel.ts';
import type { Pieces } from './pieces.ts';
import type { KernelFunction } from './runtime.ts';

// What stands for functions that there is nothing for; each notes that it was called.

/** A call that means nothing here. */
export function bindIgnored(pieces: Pieces, name: string): KernelFunction {
  const { executed } = pieces;
  const slot = pieces.slot(`ignored ${name}`);
  return () => {
    executed[slot] = 1;
    return 0;
  };
}

/** A call that ends the scenario: the function is not modelled. */
export function bindMissing(pieces: Pieces, why: string): KernelFunction {
  const { executed } = pieces;
  const slot = pieces.slot(`refused ${why}`);
  return () => {
    executed[slot] = 1;
    throw new NotModelled(why);
  };
}
