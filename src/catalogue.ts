// SPDX-License-Identifier: GPL-2.0-only

import { invariants } from './invariants/invariant-list.ts';
import type { Invariant } from './invariants/invariant.ts';
import { machines } from './model/machines/machine-list.ts';
import type { Machine } from './trace/machine.ts';

/** What rewalk checks, and on which machines: what faces list. */
export interface Catalogue {
  readonly invariants: readonly Invariant[];
  readonly machines: readonly Machine[];
}

export function readCatalogue(): Catalogue {
  return { invariants, machines };
}
