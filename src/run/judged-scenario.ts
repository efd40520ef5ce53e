// SPDX-License-Identifier: GPL-2.0-only
import type { VirtAddr } from '../base/units.ts';
import type { Trace } from '../trace/trace.ts';
import type { Frame, RawFrame } from './call-stack.ts';
import type { RunStacks } from './known-runs.ts';
import { findDefinition } from './program.ts';
import type { OnEvent } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import { runScenario } from './session.ts';
import type { Stage } from './stage.ts';

/** What a judge says of one promise; the shape of src/invariants, which this folder does not import. */
export interface JudgedOutcome {
  readonly exercised: number;
  readonly violations: readonly JudgedViolation[];
}

export interface JudgedViolation {
  readonly invariant: string;
  readonly severity: 'bug' | 'risk' | 'cost';
  readonly operation: number | undefined;
  /** Index of the event that broke the promise. */
  readonly event: number;
  readonly related: readonly number[];
  readonly addr?: VirtAddr;
  readonly expected: string;
  readonly seen: string;
  readonly key: string;
}

/** Holds a trace against promises: src/invariants/judge.ts, handed in by whoever wires the stages. */
export type Judge = (trace: Trace) => ReadonlyMap<string, JudgedOutcome>;

/** All violations of an outcome, promise by promise. */
export function violationsOf(outcomes: ReadonlyMap<string, JudgedOutcome>): readonly JudgedViolation[] {
  return [...outcomes.values()].flatMap(({ violations }) => violations);
}

/** Where a promise was broken. */
export interface Place {
  readonly function: string;
  /** A path in the tree; `<model>` for a function that the tree does not have. */
  readonly file: string;
  /** 1-based; 0 in the model. */
  readonly line: number;
}

export interface PlacedViolation {
  readonly violation: JudgedViolation;
  readonly where: Place;
  /** Innermost first. */
  readonly stack: readonly Frame[];
}

/** Notes where violations happen while a scenario runs that breaks promises as it did before. */
export class PlaceWatch {
  readonly #stage: Stage;
  readonly #wanted: ReadonlySet<number>;
  /** Calls that are blamed: what is judged at the end may lie before the last of them. */
  readonly #blamed: ReadonlySet<number | undefined>;
  readonly #frames = new Map<number, readonly RawFrame[]>();
  readonly #calls = new Map<number | undefined, string>();

  constructor(stage: Stage, violations: readonly JudgedViolation[]) {
    this.#stage = stage;
    this.#wanted = new Set(violations.map(({ event }) => event));
    this.#blamed = new Set(violations.map(({ operation }) => operation));
  }

  readonly onEvent: OnEvent = (event, index) => {
    if (event?.kind === 'operation') {
      this.#calls.set(event.operation, event.name);
      // What shows at the end of all belongs to the last call of the scenario.
      if (event.atEnd !== true) this.#calls.set(undefined, event.name);
    }
    if (this.#wanted.has(index)) this.#frames.set(index, this.#stage.linked.rawFrames());
  };

  get stacks(): RunStacks {
    return { frames: this.#frames, calls: this.#calls };
  }

  get sawAll(): boolean {
    return (
      this.#frames.size === this.#wanted.size &&
      [...this.#blamed].every((operation) => this.#calls.has(operation))
    );
  }
}

/** Runs a scenario again, as far as is needed, to see where each of the violations happened. */
export function traceStacks(
  stage: Stage,
  scenario: Scenario,
  violations: readonly JudgedViolation[],
): RunStacks {
  const watch = new PlaceWatch(stage, violations);
  // Which call was the last, only a whole run tells.
  const mayStop = violations.every(({ operation }) => operation !== undefined);
  const onEvent: OnEvent = (event, index) => {
    watch.onEvent(event, index);
    if (mayStop && watch.sawAll) throw new AllSeen();
  };
  try {
    runScenario(stage, scenario, { onEvent });
  } catch (error) {
    if (!(error instanceof AllSeen)) throw error;
  }
  return watch.stacks;
}

/** Ends a run that is not needed any further. */
class AllSeen extends Error {}

/** Where in the C each violation happened. */
export function placeViolations(
  stage: Stage,
  { frames, calls }: RunStacks,
  violations: readonly JudgedViolation[],
): readonly PlacedViolation[] {
  return violations.map((violation) => {
    const stack = stage.linked.placeFrames(frames.get(violation.event) ?? []);
    return { violation, stack, where: placeOf(stage, stack, calls.get(violation.operation) ?? '') };
  });
}

/** Functions of the architecture that put a block where their caller wants it. */
const SETS_WHAT_IT_IS_TOLD = /^p[4mu]d_set_huge$/;

/**
 * The innermost frame of a function that the series changes: what it calls does as it is told. Else the innermost frame
 * that has a line of C and decides something; else the innermost function of the model, at its definition in the tree; else (what a call left
 * undone shows when it returns) the entry point.
 */
function placeOf(stage: Stage, stack: readonly Frame[], call: string): Place {
  const inC = stack.flatMap(({ function: name, file, line }) =>
    file !== undefined && line !== undefined && !file.startsWith('<') ? [{ function: name, file, line }] : [],
  );
  const patched = inC.find(({ function: name }) => stage.linked.bindings.isTouched(name));
  const innermost = patched ?? inC.find(({ function: name }) => !SETS_WHAT_IT_IS_TOLD.test(name)) ?? inC[0];
  if (innermost !== undefined) return innermost;
  for (const { function: name } of stack) {
    const place = definitionPlace(stage, name);
    if (place !== undefined) return place;
  }
  return definitionPlace(stage, call) ?? { function: call, file: '<model>', line: 0 };
}

function definitionPlace(stage: Stage, name: string): Place | undefined {
  const found = findDefinition(stage.linked.program, name, undefined);
  if (found === undefined || found.unit === stage.linked.program.base) return undefined;
  const at = found.definition.at;
  return { function: name, file: at.file.path, line: at.line };
}
