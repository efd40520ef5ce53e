// SPDX-License-Identifier: GPL-2.0-only

import { machines } from './model/machines/machine-list.ts';
import { relevantPaths } from './run/source.ts';

/** The files of a tree that are run on some machine, or decide what is; a change to any other changes no verdict. */
export function filesRun(): string[] {
  return [...new Set(machines.flatMap((machine) => relevantPaths(machine)))];
}
