// SPDX-License-Identifier: GPL-2.0-only

import { machines } from './model/machines/machine-list.ts';
import { isNamedLikeSplit, splitPatterns } from './split-file-names.ts';
import { headersRunWhereChanged, isRunWhereChanged, relevantPaths } from './run/source.ts';

/** Is the file run on some machine, or does it decide what is? A change to any other changes no verdict. */
export function isFileRun(path: string): boolean {
  return (
    isNamedLikeSplit(path) ||
    machines.some((machine) => relevantPaths(machine).includes(path) || isRunWhereChanged(path, machine))
  );
}

/** All such files, as git takes them. */
export function filesRun(): string[] {
  const patterns = machines.flatMap((machine) => [
    ...relevantPaths(machine),
    ...headersRunWhereChanged(machine).map((start) => `${start}*.h`),
  ]);
  return [...new Set([...patterns, ...splitPatterns])];
}
