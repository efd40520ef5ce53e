// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../../trace/machine.ts';

/** What follows from a machine alone, computed once a machine. Whoever asks asks again soon for the same one. */
export function perMachine<T>(compute: (machine: Machine) => T): (machine: Machine) => T {
  const known = new WeakMap<Machine, { readonly value: T }>();
  let recent: Machine | undefined;
  let recentValue: T;
  return (machine) => {
    if (machine === recent) return recentValue;
    let found = known.get(machine);
    if (found === undefined) {
      found = { value: compute(machine) };
      known.set(machine, found);
    }
    recent = machine;
    recentValue = found.value;
    return recentValue;
  };
}
