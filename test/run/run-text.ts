// SPDX-License-Identifier: GPL-2.0-only
import { linkTree, type SourceText } from '../../src/run/link-tree.ts';
import { parseScenario } from '../../src/run/parse-scenario.ts';
import type { Scenario } from '../../src/run/scenario.ts';
import { runScenario, type ScenarioRun } from '../../src/run/session.ts';
import { Stage } from '../../src/run/stage.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import type { Machine } from '../../src/trace/machine.ts';
import { embeddedSource } from './fixture-tree.ts';

/** The embedded tree, with a change if one is given, run as it is. */
export function stageOf(
  machine: Machine,
  change: (source: SourceText) => SourceText = (same) => same,
): Stage {
  return new Stage(linkTree({ machine, source: change(embeddedSource(machine)), mode: 'from-tree' }));
}

/** A source with the first occurrence of a text replaced; the text must be there. */
export function replaceOnce(source: SourceText, path: string, from: string, to: string): SourceText {
  const text = source[path] ?? '';
  if (!text.includes(from)) throw new Error(`${path} does not hold \`${from}\``);
  return { ...source, [path]: text.replace(from, to) };
}

export function scenarioOf(text: string, pageShift = 12): Scenario {
  const { value, diagnostics } = parseScenario(text, pageShift);
  if (value === undefined) throw new Error(diagnostics[0]?.message);
  return value;
}

/** What a scenario did, with its events as an array. */
export interface RunOfText extends Omit<ScenarioRun, 'events'> {
  readonly events: readonly TraceEvent[];
}

export function runText(stage: Stage, text: string): RunOfText {
  const run = runScenario(stage, scenarioOf(text, stage.machine.pageShift));
  return { ...run, events: run.events.slice() };
}
