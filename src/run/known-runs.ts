// SPDX-License-Identifier: GPL-2.0-only
import type { RawFrame } from './call-stack.ts';
import type { JudgedOutcome } from './judged-scenario.ts';
import type { EndState, NotReached } from './session.ts';
import type { Stage, WhatRan } from './stage.ts';

/** What one run of a scenario showed, on every machine that it stands for; its events are gone. */
export interface KnownRun {
  readonly end: EndState;
  readonly notReached: readonly NotReached[];
  /** What the promises say, on each machine of the job. */
  readonly outcomes: readonly ReadonlyMap<string, JudgedOutcome>[];
  /** The kernel asked whether live blocks may be split. */
  readonly kernelAsked: boolean;
  /** Marks passed in each C module whose function the series changes, by the module's number. */
  readonly passed: ReadonlyMap<number, Uint8Array>;
  /** Call stacks at events, once somebody has asked for them. */
  stacks?: RunStacks;
}

/** Where events happened, by their number, and the entry point of each operation. */
export interface RunStacks {
  readonly frames: ReadonlyMap<number, readonly RawFrame[]>;
  readonly calls: ReadonlyMap<number | undefined, string>;
}

/** Scenarios that ran on other states of a source, to be looked up instead of run where nothing that they execute differs. */
export class KnownRuns {
  readonly #runs = new Map<string, { readonly what: WhatRan; readonly run: KnownRun }[]>();

  /** How many scenarios were run, and how many looked up. */
  ran = 0;
  lookedUp = 0;

  /** @param key machines and scenario */
  find(key: string, stage: Stage): KnownRun | undefined {
    const found = this.#runs.get(key)?.findLast(({ what }) => stage.runsTheSame(what))?.run;
    if (found !== undefined) this.lookedUp++;
    return found;
  }

  add(key: string, what: WhatRan, run: KnownRun): void {
    this.ran++;
    const runs = this.#runs.get(key);
    if (runs === undefined) this.#runs.set(key, [{ what, run }]);
    else runs.push({ what, run });
  }
}
