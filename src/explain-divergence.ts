// SPDX-License-Identifier: GPL-2.0-only

import { stageFor } from './replay.ts';
import type { OneState } from './review-one-state.ts';
import type { Frame, RawFrame } from './run/call-stack.ts';
import { parseScenario } from './run/parse-scenario.ts';
import type { Scenario } from './run/scenario.ts';
import type { OnEvent } from './run/recorder.ts';
import { runScenario } from './run/session.ts';
import type { Stage } from './run/stage.ts';
import type { EventSequence, TraceEvent } from './trace/events.ts';
import type { Machine } from './trace/machine.ts';
import { entryFormatOf } from './trace/page-table-entry.ts';
import { sameValues } from './trace/same-values.ts';

/** Where a run first does otherwise behind a patch than before it: call stacks, innermost first. */
export interface Divergence {
  /** In the source before the patch; empty where the run had ended by then. */
  readonly before: readonly Frame[];
  readonly after: readonly Frame[];
}

/**
 * Runs a scenario on both sides of a patch up to the first event that differs. Undefined where none does, up to an event of
 * the run behind the patch.
 * @param until number of that event
 */
export function firstDivergence(
  [before, after]: readonly [OneState, OneState],
  text: string,
  fromTree: boolean,
  until: number,
): Divergence | undefined {
  const { value: scenario } = parseScenario(text, after.machine.pageShift);
  if (scenario === undefined) return undefined;
  const [old, now] = [stageFor(before, fromTree), stageFor(after, fromTree)];
  const [was, is] = [runScenario(old, scenario).events, runScenario(now, scenario).events];
  const at = firstDifference(was, is, after.machine);
  if (at === undefined || at > until) return undefined;
  return { before: stackAt(old, scenario, at), after: stackAt(now, scenario, at) };
}

function stackAt(stage: Stage, scenario: Scenario, event: number): readonly Frame[] {
  let frames: readonly RawFrame[] = [];
  const onEvent: OnEvent = (_event, index) => {
    if (index === event) frames = stage.linked.rawFrames();
  };
  runScenario(stage, scenario, { onEvent });
  return stage.linked.placeFrames(frames);
}

function firstDifference(was: EventSequence, is: EventSequence, machine: Machine): number | undefined {
  for (let n = 0; n < Math.max(was.length, is.length); n++) {
    const [old, now] = [was.at(n), is.at(n)];
    if (n >= was.length || n >= is.length) return n;
    if (!sameValues(withoutPlaces(old!, machine), withoutPlaces(now!, machine))) return n;
  }
  return undefined;
}

/** An event without addresses of objects and tables: two states of the source may lay them out otherwise. */
function withoutPlaces(event: TraceEvent, machine: Machine): unknown {
  switch (event.kind) {
    case 'alloc':
    case 'free':
    case 'fault':
      return { ...event, addr: 0, object: undefined };
    case 'lock':
      return { ...event, lock: 0 };
    case 'tree':
      return { ...event, root: 0 };
    case 'area':
      return { ...event, caller: 0 };
    case 'set-aside':
      return { kind: event.kind };
    case 'access':
      return { kind: event.kind, access: event.access };
    case 'return':
      return {
        ...event,
        value: event.error === 0 && Math.abs(Number(event.value)) > 2 ** 31 ? 0 : event.value,
      };
    case 'table-write': {
      const entries = entryFormatOf(machine);
      const isTable = entries.kind(entries.level(event.level), event.after) === 'table';
      return { ...event, table: 0, before: 0, after: isTable ? 'table' : event.after };
    }
    default:
      return event;
  }
}
