// SPDX-License-Identifier: GPL-2.0-only

import { callsThatReach } from './review-calls.ts';
import type { Plan } from './review-plan.ts';
import type { SourceState } from './review-states.ts';
import type { RunJobs } from './review.ts';
import { joinResults } from './run/join-results.ts';
import type { JobRequest, JobResult } from './run/job.ts';
import { steeredScenarios } from './run/packs/pack-list.ts';
import { printScenario } from './run/scenario-text.ts';
import type { Scenario } from './run/scenario.ts';
import type { Machine } from './trace/machine.ts';

/** Scenarios that are tried for the lines that a machine's others leave out. */
const TRIED = 24;

type Results = readonly (JobResult | undefined)[];

interface Steered {
  readonly plan: Plan;
  readonly results: Results;
}

/**
 * Coverage of the series steers the generator: where functions that it changes have lines, in the newest state, that no
 * scenario executed on any machine, more scenarios are drawn around the entry points that lead to them. Where some of
 * them get to such a line, all states run them; else they are forgotten. The same input gives the same scenarios.
 */
export async function steerToMissedLines(
  plan: Plan,
  results: Results,
  on: {
    readonly tip: SourceState;
    readonly states: readonly SourceState[];
    readonly machines: readonly Machine[];
  },
  { seed, runJobs }: { readonly seed: number; readonly runJobs: RunJobs },
): Promise<Steered> {
  if (results.includes(undefined)) return { plan, results };
  const { tip, states, machines } = on;
  const missed = missedLines(machines.map((machine) => plan.resultFor(results, tip, machine)));
  if (missed.size === 0) return { plan, results };
  // Machines that share a job share its scenarios.
  const leaders = machines.filter((machine, i) => {
    return machines.findIndex((other) => plan.jobOf(tip, other) === plan.jobOf(tip, machine)) === i;
  });
  const trials = leaders.flatMap((machine) => {
    const request = plan.jobs[plan.jobOf(tip, machine)]!;
    const scenarios = draw(request, machine, missed, seed);
    return scenarios.length === 0
      ? []
      : [{ machine, scenarios, request: withOnly(request, scenarios, machine) }];
  });
  const tried = await runJobs(trials.map(({ request }) => request));
  const more = new Map<number, { readonly machine: Machine; readonly scenarios: readonly Scenario[] }>();
  for (const [i, { machine, scenarios }] of trials.entries()) {
    if (!reachesAny(tried[i], missed)) continue;
    for (const state of states) more.set(plan.jobOf(state, machine), { machine, scenarios });
  }
  return more.size === 0
    ? { plan, results }
    : { plan: extended(plan, more), results: await runMore(plan, results, more, runJobs) };
}

type More = ReadonlyMap<number, { readonly machine: Machine; readonly scenarios: readonly Scenario[] }>;

/** What no scenario executed on any of the machines, by function: `file:line`. */
function missedLines(results: Results): ReadonlyMap<string, ReadonlySet<string>> {
  const lines = results.flatMap((result) => result?.lines ?? []);
  const done = new Set(lines.flatMap(({ file, executed }) => executed.map((line) => `${file}:${line}`)));
  const missed = new Map<string, Set<string>>();
  for (const { function: name, file, missed: left } of lines) {
    const open = left.map((line) => `${file}:${line}`).filter((line) => !done.has(line));
    if (open.length > 0) missed.set(name, new Set([...(missed.get(name) ?? []), ...open]));
  }
  return missed;
}

function draw(
  { source, calls }: JobRequest,
  machine: Machine,
  missed: ReadonlyMap<string, unknown>,
  seed: number,
): readonly Scenario[] {
  const affected = callsThatReach(source, new Set(missed.keys()));
  const present = calls?.present ?? affected;
  return steeredScenarios(machine, { present, affected }, { count: TRIED, seed });
}

function withOnly(request: JobRequest, scenarios: readonly Scenario[], machine: Machine): JobRequest {
  return { ...request, only: scenarios.map((scenario) => printScenario(scenario, machine.pageShift)) };
}

function reachesAny(
  result: JobResult | undefined,
  missed: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  return (result?.lines ?? []).some(({ function: name, file, executed }) =>
    executed.some((line) => missed.get(name)?.has(`${file}:${line}`) === true),
  );
}

async function runMore(plan: Plan, results: Results, more: More, runJobs: RunJobs): Promise<Results> {
  const indices = [...more.keys()];
  const ran = await runJobs(
    indices.map((index) => {
      const { machine, scenarios } = more.get(index)!;
      return withOnly(plan.jobs[index]!, scenarios, machine);
    }),
  );
  return results.map((result, index) => {
    const also = ran[indices.indexOf(index)];
    if (result === undefined || also === undefined) return result;
    return joinResults(result, also, plan.scenariosOf(more.get(index)!.machine).length);
  });
}

function extended(plan: Plan, more: More): Plan {
  const byMachine = new Map([...more.values()].map(({ machine, scenarios }) => [machine.name, scenarios]));
  const leaderOf = (machine: Machine): string | undefined => {
    if (byMachine.has(machine.name)) return machine.name;
    return plan.jobs.find(({ twins }) => twins?.includes(machine.name) === true)?.machine;
  };
  return {
    ...plan,
    scenariosOf: (machine) => [
      ...plan.scenariosOf(machine),
      ...(byMachine.get(leaderOf(machine) ?? '') ?? []),
    ],
  };
}
