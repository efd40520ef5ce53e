// SPDX-License-Identifier: GPL-2.0-only
import type { JudgedState } from '../../src/review-defects.ts';
import type { JobResult, JobViolation } from '../../src/run/job.ts';

/** What fails in a state: by promise, by `function:line`, the scenarios. */
export type Failing = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

export function fakeResult(failing: Failing, more: Partial<JobResult> = {}): JobResult {
  const violations = Object.entries(failing).flatMap(([invariant, places]) =>
    Object.entries(places).map(([place, scenarios]) => fakeViolation(invariant, place, scenarios)),
  );
  const outcomes = Object.fromEntries(
    Object.entries(failing).map(([id, places]) => [
      id,
      { exercised: 100, violated: Object.values(places).flat().length },
    ]),
  );
  return {
    bindings: [{ name: 'vmap', origin: 'patched' }],
    untranslated: [],
    diagnostics: [],
    scenariosRun: 100,
    unjudged: [],
    behaviours: [],
    notModelled: [],
    notReached: [],
    lines: [],
    outcomes,
    violations,
    ...more,
  };
}

function fakeViolation(invariant: string, place: string, scenarios: readonly number[]): JobViolation {
  const [name = '', line = '0'] = place.split(':');
  return {
    invariant,
    severity: invariant.startsWith('leaf') || invariant.startsWith('walk') ? 'cost' : 'bug',
    where: { function: name, file: 'mm/vmalloc.c', line: Number(line) },
    stack: [],
    ran: [],
    count: scenarios.length,
    scenarios,
    events: scenarios.map(() => 7),
    scenario: `vmap ${scenarios[0]}`,
    event: 7,
    related: [],
    expected: 'right',
    seen: 'wrong',
  };
}

/** States in order, the tree before the series first; the text of a line is its function's name. */
export function fakeStates(...results: readonly JobResult[]): JudgedState[] {
  return results.map((result, patch) => ({
    patch,
    result,
    source: {},
    lineOf: (_file, line) => `line ${line % 100};`,
  }));
}
