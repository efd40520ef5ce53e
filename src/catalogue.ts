// SPDX-License-Identifier: GPL-2.0-only

import { invariants } from './invariants/invariant-list.ts';
import type { Invariant } from './invariants/invariant.ts';
import { machines, usualMachines } from './model/machines/machine-list.ts';
import type { Machine } from './trace/machine.ts';

/** What rewalk checks, and on which machines: what faces list. */
export interface Catalogue {
  readonly invariants: readonly Invariant[];
  readonly machines: readonly Machine[];
  /** Those of them that a review runs on when nobody names any. */
  readonly usualMachines: readonly Machine[];
}

export function readCatalogue(): Catalogue {
  return { invariants, machines, usualMachines };
}
