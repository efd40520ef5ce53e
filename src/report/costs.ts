// SPDX-License-Identifier: GPL-2.0-only

import type { Agreement } from '../costs/agreement.ts';
import type { Counts } from '../costs/count.ts';
import type { Part } from '../costs/weights.ts';

/** What a series costs by a model of a machine, beside what it claims. What `rewalk costs --json` prints. */
export interface SeriesCosts {
  readonly format: 1;
  /** Null where a tree is measured by itself. */
  readonly series: string | null;
  readonly tree: string;
  readonly calls: readonly CallCosts[];
  readonly threads: readonly ThreadCosts[];
  /** Claims about something that cannot be run here. */
  readonly others: readonly StatedClaim[];
}

/** Where figures come from. */
export interface Measured {
  /** What was run, in words. */
  readonly name: string;
  readonly machine: string;
  /** The table of weights. */
  readonly weights: string;
  readonly cpus: number;
}

/** A state of the source: the tree, or the last patch of a version. */
export interface CostedState {
  readonly version: number;
  readonly label: string;
  readonly patch: number;
}

/** One call on each state. */
export interface CallCosts extends Measured {
  readonly measures: string;
  /** The whole scenario, as `rewalk replay` takes it; and which of its calls are measured. */
  readonly scenario: string;
  readonly measured: readonly number[];
  readonly states: readonly CallCost[];
  readonly claims: readonly ComparedClaim[];
}

export interface CallCost extends CostedState {
  /** Null where it did not come to its end. */
  readonly ns: number | null;
  /** Why it did not. */
  readonly reason?: string;
  /** Time before the series / time now. */
  readonly ratio: number | null;
  /** What takes most first. */
  readonly parts: readonly Part[];
}

/** Threads on each state, by interface. */
export interface ThreadCosts extends Measured {
  readonly pages: number;
  readonly states: readonly ThreadCost[];
  readonly claims: readonly (ComparedClaim & { readonly threads: number })[];
}

export interface ThreadCost extends CostedState {
  readonly call: 'vmap' | 'vm_map_ram';
  readonly runs: readonly ThreadRun[];
}

export interface ThreadRun {
  readonly threads: number;
  /** Each thread's time for one round. Null where none was finished. */
  readonly ns: number | null;
  /** Rounds of all threads together that were run to their end. */
  readonly rounds: number;
  /** What of a round's time went where, in nanoseconds. */
  readonly waiting: number;
  readonly broadcasting: number;
  readonly answering: number;
  /** What each CPU did, in all rounds together. */
  readonly counts: readonly Counts[];
  /** Why it ended early. */
  readonly reason?: string;
}

/** A claim as the message has it. */
export interface StatedClaim {
  readonly label: string;
  /** 0 is the cover letter. */
  readonly patch: number;
  readonly messageId?: string;
  readonly line: number;
  readonly text: string;
  readonly machine?: string;
  /** Time before / time after, as stated or computed from what is stated. */
  readonly claimed: number | null;
  readonly before?: number;
  readonly after?: number;
  readonly unit?: string;
}

export interface ComparedClaim extends StatedClaim {
  /** Of the version that makes the claim. Null where that was not run to its end. */
  readonly modelled: number | null;
  readonly agreement: Agreement | null;
}
