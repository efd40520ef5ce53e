// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import type { TraceEvent } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import type { JudgedRun } from './judged-run.ts';

/** `bug`: wrong on the machine; `risk`: safe only while others behave; `cost`: right, and slower than need be. */
export type Severity = 'bug' | 'risk' | 'cost';

/**
 * One promise. The texts are its documentation: `rewalk invariants <id>` prints them. Adding one is described in
 * docs/adding-an-invariant.md.
 */
export interface Invariant {
  /** Names the file, the fixtures, the test and the report line. */
  readonly id: string;
  /** A few words for a matrix. */
  readonly title: string;
  /** What must hold, in one sentence. */
  readonly promise: string;
  /** Where the promise comes from: the kernel's documentation, the architecture's, or an upstream fix. */
  readonly source: string;
  /** Why it matters. */
  readonly why: string;
  /** Something that breaks it. */
  readonly example: string;
  /** What it does not see, and when it can be wrong. */
  readonly limits: string;
  readonly severity: Severity;
  /** False where the machine cannot break the promise. */
  appliesTo(machine: Machine): boolean;
  /** Starts watching a trace. Absent where no single trace can tell: then the review judges it across versions. */
  readonly begin?: (run: JudgedRun, verdict: Verdict) => Observer;
}

/** An event of one kind. */
export type EventOf<Kind extends TraceEvent['kind']> = Extract<TraceEvent, { kind: Kind }>;

/**
 * What an invariant wants to hear of. Each handler is called with the event and its number, after the state has taken
 * the event in. `run.operation` is the operation that the event belongs to; in `return` it is the one that ends.
 */
export type Observer = {
  readonly [Kind in TraceEvent['kind']]?: (event: EventOf<Kind>, n: number) => void;
} & {
  /** After the last event. `complete`: every operation returned, so that what is left is really left behind. */
  readonly end?: (complete: boolean) => void;
};

/** A promise broken. The texts are short and carry values; everything else is derived from the event numbers. */
export interface Violation {
  readonly invariant: string;
  readonly severity: Severity;
  /** The operation's index in the scenario; undefined outside of any. */
  readonly operation: number | undefined;
  /** Number of the event that broke it. */
  readonly event: number;
  /** Numbers of events that help to understand it, ascending. */
  readonly related: readonly number[];
  readonly addr?: VirtAddr;
  readonly expected: string;
  readonly seen: string;
  /** Tells ways of breaking one promise apart; the same defect has the same key in every scenario. */
  readonly key: string;
}

/** What a trace says of one promise. */
export interface Outcome {
  /** How often the promise was really put to the test; 0 means not reached, which is not success. */
  readonly exercised: number;
  /** At most one for each operation and key. */
  readonly violations: readonly Violation[];
}

/** A violation as an invariant reports it; the rest is filled in. */
export interface Breach {
  readonly key: string;
  readonly event: number;
  readonly related?: readonly number[];
  readonly addr?: VirtAddr;
  readonly expected: string;
  readonly seen: string;
  /** Where it differs from the invariant's own. */
  readonly severity?: Severity;
  /** Index of the operation that is to blame, where that is not the one under way or the last that returned. */
  readonly operation?: number;
}

/** More than anybody reads; a run that breaks a promise at every step must not fill memory. */
const MOST_VIOLATIONS = 100;

/** Collects what one invariant finds in one trace. */
export class Verdict implements Outcome {
  exercised = 0;
  readonly violations: Violation[] = [];
  readonly #invariant: Invariant;
  readonly #run: JudgedRun;
  readonly #reported = new Set<string>();

  constructor(invariant: Invariant, run: JudgedRun) {
    this.#invariant = invariant;
    this.#run = run;
  }

  exercise(): void {
    this.exercised++;
  }

  violate(breach: Breach): void {
    const operation = breach.operation ?? (this.#run.operation ?? this.#run.returned)?.event.operation;
    const once = `${operation ?? ''} ${breach.key}`;
    if (this.#reported.has(once) || this.violations.length >= MOST_VIOLATIONS) return;
    this.#reported.add(once);
    const { severity = this.#invariant.severity, related = [], addr, ...rest } = breach;
    this.violations.push({
      invariant: this.#invariant.id,
      severity,
      related: [...related].toSorted((a, b) => a - b),
      ...(addr === undefined ? {} : { addr }),
      ...rest,
      operation,
    });
  }
}
