// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';
import type { WeightTable } from '../weights.ts';
import { cortexA55 } from './cortex-a55.ts';
import { neoverseN1 } from './neoverse-n1.ts';
import { opteron } from './opteron.ts';

/** Every table of weights; the first of an architecture is the one that is taken where nothing says which. */
export const weightTables: readonly WeightTable[] = [cortexA55, neoverseN1, opteron];

/** The table of that name. */
export function tableNamed(name: string): WeightTable | undefined {
  return weightTables.find((table) => table.name === name);
}

/** The table for a machine as people name it; `text` may be a sentence about it. */
export function tableFor(text: string): WeightTable | undefined {
  return weightTables.find(({ machines }) => machines.test(text));
}

/** The table that is taken for a machine where nothing says which. */
export function usualTable({ arch }: Machine): WeightTable | undefined {
  return weightTables.find((table) => table.arch === arch);
}
