// SPDX-License-Identifier: GPL-2.0-only

import type { TraceEvent } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import type { Severity } from '../invariants/invariant.ts';

/** One scenario, run on one state of the source. */
export interface Replay {
  /** `base`, `v4/6`. */
  readonly state: string;
  readonly tree: string;
  readonly machine: Machine;
  /** In its usual form. */
  readonly scenario: string;
  readonly events: readonly TraceEvent[];
  readonly end: 'completed' | 'faulted' | 'out-of-fuel' | 'not-modelled';
  /** What is not modelled. */
  readonly reason?: string;
  /** Operations that could not be called. */
  readonly notReached: readonly { readonly operation: number; readonly reason: string }[];
  /** Promises that were put to the test, and how often. */
  readonly exercised: readonly { readonly invariant: string; readonly count: number }[];
  readonly violations: readonly ReplayedViolation[];
}

export interface ReplayedViolation {
  readonly invariant: string;
  readonly severity: Severity;
  /** Number of the event that broke it. */
  readonly event: number;
  readonly expected: string;
  readonly seen: string;
  readonly where: {
    readonly function: string;
    readonly file?: string | undefined;
    readonly line?: number | undefined;
  };
  /** The text of that line. */
  readonly code?: string;
  /** Innermost first. */
  readonly stack: readonly ReplayedViolation['where'][];
  /** The page table around the address, before and after. */
  readonly drawing?: string;
}
