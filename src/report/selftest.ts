// SPDX-License-Identifier: GPL-2.0-only

/** What came of a test module's cases: what `rewalk selftest --json` prints. */
export interface Selftest {
  /** `base`, `v4/6`. */
  readonly state: string;
  readonly tree: string;
  readonly machine: string;
  /** Path in the tree. */
  readonly module: string;
  /** Of the random numbers that cases ask for. */
  readonly seed: number;
  /** Those of the module's parameters that its cases look at. */
  readonly parameters: readonly {
    readonly name: string;
    readonly value: number;
    /** As the module sets it. */
    readonly initial: number;
  }[];
  /** Parameters that no case looks at: they are about the module's threads, which are not started. */
  readonly notUsed: readonly string[];
  readonly cases: readonly {
    readonly name: string;
    readonly expected: 'pass' | 'fail';
    /** What says that it fails: the table's own field, or the comment above the function. */
    readonly expectedBy?: 'xfail' | 'comment' | undefined;
  }[];
  readonly runs: readonly SelftestRun[];
}

/** Whose functions the cases called: all C that the tree has, or the model with what a series changes. */
export type SelftestBinding = 'tree' | 'model';

export interface SelftestRun {
  readonly binding: SelftestBinding;
  /** In the order of the cases. */
  readonly results: readonly SelftestResult[];
}

export interface SelftestResult {
  readonly case: string;
  readonly outcome: 'pass' | 'fail' | 'fault' | 'endless' | 'out-of-memory' | 'not-modelled';
  /** False where the case did otherwise than the module says, where a WARN fired or where pages were not freed. */
  readonly asExpected: boolean;
  /** What the case returned; 0 is a pass. */
  readonly returned?: number | undefined;
  /** What is not modelled. */
  readonly reason?: string | undefined;
  /** Events up to the return of the case: stores to tables, walks, allocations, locks, flushes. */
  readonly steps: number;
  /** Each WARN, BUG and fault once. */
  readonly complaints: readonly string[];
  /** Allocated and not freed. */
  readonly pagesLeft?: number | undefined;
}
