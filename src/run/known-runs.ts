// SPDX-License-Identifier: GPL-2.0-only
import type { Behaviour } from '../trace/behaviour.ts';
import type { EventLog } from '../trace/event-log.ts';
import type { RawFrame } from './call-stack.ts';
import type { JudgedOutcome } from './judged-scenario.ts';
import type { EndState, NotReached } from './session.ts';
import type { Stage, WhatRan } from './stage.ts';

/** What the promises say, by promise, on each machine of a job. */
export type Outcomes = readonly ReadonlyMap<string, JudgedOutcome>[];

/** What is known of events from looking at them once. */
export interface Judgement {
  readonly outcomes: Outcomes;
  readonly behaviour: Behaviour;
  /** Somebody has asked where in the C its violations happened: they will be asked for again. */
  placed: boolean;
}

/** What one run of a scenario showed, on every machine that it stands for; its events are gone. */
export interface KnownRun {
  readonly end: EndState;
  readonly notReached: readonly NotReached[];
  readonly judgement: Judgement;
  /** The kernel asked whether live blocks may be split. */
  readonly kernelAsked: boolean;
  /** Marks passed in each C module whose function the series changes, by the module's number. */
  readonly passed: ReadonlyMap<number, Uint8Array>;
  /** Call stacks where violations happened, once they are known. */
  stacks: RunStacks | undefined;
}

/** Where events happened, by their number, and the entry point of each operation. */
export interface RunStacks {
  readonly frames: ReadonlyMap<number, readonly RawFrame[]>;
  readonly calls: ReadonlyMap<number | undefined, string>;
}

/** Scenarios that ran on other states of a source, to be looked up instead of run where nothing that they execute differs. */
export class KnownRuns {
  readonly #runs = new Map<string, { readonly what: WhatRan; readonly run: KnownRun }[]>();
  /** What the runs of each key did, and what the promises said of it; the one that was met last at the end. */
  readonly #judged = new Map<string, JudgedEvents[]>();

  /** Most runs execute what others executed: one of each is kept. */
  readonly #pieces = new Map<string, WhatRan['pieces']>();
  readonly #passed = new Map<string, KnownRun['passed']>();

  /** How many scenarios were run, how many looked up, and how many of those that ran did what was judged before. */
  ran = 0;
  lookedUp = 0;
  judgedBefore = 0;

  /** @param key machines and scenario */
  find(key: string, stage: Stage): KnownRun | undefined {
    const found = this.#runs.get(key)?.findLast(({ what }) => stage.runsTheSame(what))?.run;
    if (found !== undefined) this.lookedUp++;
    return found;
  }

  /** Returns the run as it is kept. @param key machines and scenario */
  add(key: string, { pieces, constants }: WhatRan, run: KnownRun): KnownRun {
    this.ran++;
    const known = {
      what: { pieces: shared(this.#pieces, pieces.join(), pieces), constants },
      run: { ...run, passed: shared(this.#passed, marksText(run.passed), run.passed) },
    };
    const runs = this.#runs.get(key);
    if (runs === undefined) this.#runs.set(key, [known]);
    else runs.push(known);
    return known.run;
  }

  /** What the last run of the key did: the next one probably does the same. */
  last(key: string): JudgedEvents | undefined {
    return this.#judged.get(key)?.at(-1);
  }

  /**
   * What the promises say of events: they see nothing else. Other code that does the same, as after most patches, is not
   * judged again.
   * @param key machines and scenario
   */
  judgedOnce(key: string, events: EventLog, judge: () => Judgement): Judgement {
    let judged = this.#judged.get(key);
    if (judged === undefined) this.#judged.set(key, (judged = []));
    const at = judged.findLastIndex((known) => known.events.equals(events));
    if (at >= 0) {
      this.judgedBefore++;
      judged.push(...judged.splice(at, 1));
      return judged.at(-1)!.judgement;
    }
    const judgement = judge();
    if (events.length > MOST_EVENTS) return judgement;
    judged.push({ events, judgement });
    if (judged.length > MOST_JUDGED) judged.shift();
    return judgement;
  }
}

/** What a run did, and what the promises said of it. */
interface JudgedEvents {
  readonly events: EventLog;
  readonly judgement: Judgement;
}

function shared<T>(all: Map<string, T>, text: string, one: T): T {
  const known = all.get(text);
  if (known !== undefined) return known;
  all.set(text, one);
  return one;
}

function marksText(passed: KnownRun['passed']): string {
  return [...passed].map(([module, marks]) => `${module} ${marks.join('')}`).join();
}

/** Longer traces are not kept: they are few, and large. */
const MOST_EVENTS = 10_000;

/** As many ways of doing a scenario are remembered: the versions of a series, and their patches, take turns. */
const MOST_JUDGED = 8;
