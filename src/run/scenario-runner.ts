// SPDX-License-Identifier: GPL-2.0-only
import type { Shift } from '../base/units.ts';
import type { Machine } from '../trace/machine.ts';
import { behaviourOf } from '../trace/run-behaviour.ts';
import type { Trace } from '../trace/trace.ts';
import { mergeMarks, type ExecutedLines } from './execution-record.ts';
import {
  PlaceWatch,
  placeViolations,
  traceStacks,
  violationsOf,
  type Judge,
  type JudgedOutcome,
  type JudgedViolation,
  type PlacedViolation,
} from './judged-scenario.ts';
import type { Judgement, KnownRun, KnownRuns } from './known-runs.ts';

import type { Scenario } from './scenario.ts';
import { printScenario } from './scenario-text.ts';
import { runScenario, type ScenarioRun } from './session.ts';
import type { Stage } from './stage.ts';
import { WatchedMachine } from './watched-machine.ts';

/** What a scenario showed on one machine, and where. */
export interface Shown {
  readonly run: KnownRun;
  readonly outcomes: ReadonlyMap<string, JudgedOutcome>;
  /** Where in the C violations happened that the run has shown. */
  place(violations: readonly JudgedViolation[]): readonly PlacedViolation[];
}

export interface RunnerMachines {
  /** The machine of the stage, as the stage itself sees it. */
  readonly seenByKernel: WatchedMachine;
  readonly own: Machine;
  /** Machines that share its runs (`sharesRuns()`). */
  readonly twins: readonly Machine[];
}

/**
 * Runs scenarios on a stage and holds them against the promises, on its machine and on those that share its runs. A
 * scenario that ran on another state of the source, of which all that it executes is the same here, is not run again
 * (docs/decisions/0007-known-runs.md).
 */
export class ScenarioRunner {
  readonly #stage: Stage;
  readonly #machines: RunnerMachines;
  readonly #seenByJudge: WatchedMachine;
  readonly #judge: Judge;
  readonly #known: KnownRuns;
  readonly #group: string;
  readonly #alone = new Map<number, ScenarioRunner>();
  readonly #noted = new Set<KnownRun['passed']>();
  /** Marks that any run has passed in functions that the series changes, by module. */
  readonly #passed = new Map<number, Uint8Array>();

  constructor(stage: Stage, machines: RunnerMachines, judge: Judge, known: KnownRuns) {
    this.#stage = stage;
    this.#machines = machines;
    this.#seenByJudge = new WatchedMachine(machines.own);
    this.#judge = judge;
    this.#known = known;
    const names = [machines.own, ...machines.twins].map(({ name }) => name);
    this.#group = names.join();
  }

  /** On the own machine (0) or on a twin (from 1). */
  show(scenario: Scenario, which: number): Shown {
    const run = this.#run(scenario);
    // Where the kernel itself asked what the twins differ in, it may have run otherwise there: then nothing is shared.
    if (which > 0 && run.kernelAsked) {
      const shown = this.#runnerAlone(which).show(scenario, 0);
      this.#notePassed(shown.run);
      return shown;
    }
    this.#notePassed(run);
    const place = (violations: readonly JudgedViolation[]): readonly PlacedViolation[] => {
      run.judgement.placed = true;
      run.stacks ??= this.#onOwnMachine(() =>
        traceStacks(this.#stage, scenario, allViolationsOf(run.judgement)),
      );
      return placeViolations(this.#stage, run.stacks, violations);
    };
    return { run, outcomes: run.judgement.outcomes[which]!, place };
  }

  /** Nothing will be shown any more. */
  retire(): void {
    this.#stage.linked.retire();
  }

  /** Lines of the functions that the series changes, over all runs shown. */
  executedLines(): readonly ExecutedLines[] {
    return this.#stage.linked.record.executedLines(this.#passed);
  }

  /** The functions that the series changes and that a run went through. */
  functionsRun({ passed }: KnownRun): readonly { readonly function: string; readonly file: string }[] {
    return this.#stage.linked.record.passedFunctions(passed);
  }

  #notePassed({ passed }: KnownRun): void {
    if (this.#noted.has(passed)) return;
    this.#noted.add(passed);
    for (const [module, marks] of passed) {
      const all = this.#passed.get(module);
      if (all === undefined) this.#passed.set(module, marks.slice());
      else mergeMarks(all, marks);
    }
  }

  /** The same kernel, which hears the twin's answer when it asks. */
  #runnerAlone(which: number): ScenarioRunner {
    let runner = this.#alone.get(which);
    if (runner === undefined) {
      const machines = { ...this.#machines, own: this.#machines.twins[which - 1]!, twins: [] };
      runner = new ScenarioRunner(this.#stage, machines, this.#judge, this.#known);
      this.#alone.set(which, runner);
    }
    return runner;
  }

  #onOwnMachine<T>(run: () => T): T {
    const { seenByKernel, own } = this.#machines;
    seenByKernel.splitsLive = own.splitsLive;
    return run();
  }

  #run(scenario: Scenario): KnownRun {
    const text = textOf(scenario, this.#stage.machine.pageShift);
    const key = `${this.#group} ${text}`;
    const known = this.#known.find(key, this.#stage);
    if (known !== undefined) return known;
    const run = this.#runAnew(scenario, text, key);
    return this.#known.add(key, this.#stage.whatRan(), run);
  }

  #runAnew(scenario: Scenario, text: string, key: string): KnownRun {
    try {
      this.#machines.seenByKernel.wasAsked = false;
      const last = this.#known.last(key);
      const placed = last?.judgement.placed === true;
      const watch = placed ? new PlaceWatch(this.#stage, allViolationsOf(last.judgement)) : undefined;
      const how = { like: last?.events, onEvent: watch?.onEvent };
      const run = this.#onOwnMachine(() => runScenario(this.#stage, scenario, how));
      const { end, notReached, events } = run;
      const kernelAsked = this.#machines.seenByKernel.wasAsked;
      const passed = this.#stage.linked.record.passedMarks();
      const judgement = this.#known.judgedOnce(key, events, () => this.#judged(run));
      const stacks = judgement === last?.judgement ? watch?.stacks : undefined;
      return { end, notReached, judgement, kernelAsked, passed, stacks };
    } catch (error) {
      // A fault of ours names the scenario that shows it.
      const where = `while running \`${text}\` on ${this.#stage.machine.name}`;
      throw new Error(`${where}: ${String(error)}`, { cause: error });
    }
  }

  /** On the own machine, then on the twins: they see the same unless somebody asked what they differ in. */
  #judged({ events }: ScenarioRun): Judgement {
    const judgeOn = (machine: Machine): ReadonlyMap<string, JudgedOutcome> =>
      withoutTrace(this.#judge({ machine, events } satisfies Trace));
    this.#seenByJudge.wasAsked = false;
    const own = judgeOn(this.#seenByJudge.machine);
    const shared = !this.#seenByJudge.wasAsked;
    const outcomes = [own, ...this.#machines.twins.map((machine) => (shared ? own : judgeOn(machine)))];
    const behaviour = behaviourOf({ machine: this.#machines.own, events });
    return { outcomes, behaviour, placed: false };
  }
}

/** Of scenarios that every job of a series runs; those of one machine have one page size. */
const texts = new WeakMap<Scenario, string>();

function textOf(scenario: Scenario, pageShift: Shift): string {
  let text = texts.get(scenario);
  if (text === undefined) {
    text = printScenario(scenario, pageShift);
    texts.set(scenario, text);
  }
  return text;
}

function allViolationsOf({ outcomes }: Judgement): readonly JudgedViolation[] {
  return outcomes.flatMap((each) => violationsOf(each));
}

const NOTHING_SEEN: JudgedOutcome = { exercised: 0, violations: [] };

/** What a judge hands out may hold on to the whole trace. */
function withoutTrace(outcomes: ReadonlyMap<string, JudgedOutcome>): ReadonlyMap<string, JudgedOutcome> {
  return new Map(
    [...outcomes].map(([id, { exercised, violations }]) => [
      id,
      exercised === 0 && violations.length === 0 ? NOTHING_SEEN : { exercised, violations },
    ]),
  );
}
