// SPDX-License-Identifier: GPL-2.0-only
import type { JobResult } from '../../src/run/job.ts';
import type { Operation, Scenario } from '../../src/run/scenario.ts';
import { printScenario } from '../../src/run/scenario-text.ts';
import type { Machine } from '../../src/trace/machine.ts';

/** The scenarios of a job that were not judged though the tree has all that they ask for. */
export function cutShort(
  { unjudged, notReached }: JobResult,
  scenarios: readonly Scenario[],
  { pageShift }: Machine,
): readonly string[] {
  const reasons = notReached.map(({ reason }) => reason);
  const isLacking = (operation: Operation): boolean =>
    reasons.some((reason) => names(operation, pageShift).some((name) => reason.includes(name)));
  return unjudged
    .map((index) => scenarios[index]!)
    .filter(({ operations }) => !operations.some(isLacking))
    .map((scenario) => printScenario(scenario, pageShift));
}

/** What the reason speaks of where a tree lacks what an operation asks for. */
function names(operation: Operation, pageShift: number): readonly string[] {
  return [
    `${operation.call}()`,
    ...('size' in operation ? [`${operation.size * 2 ** pageShift} bytes are no huge size`] : []),
    ...('flags' in operation ? operation.flags.map((flag) => `the tree has no ${flag}`) : []),
    ...(operation.gives === undefined ? [] : ['nobody is asked for addresses']),
    ...(operation.context === undefined ? [] : ['nothing frees in interrupts']),
  ];
}
