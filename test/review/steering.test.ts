// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { OverlayTree, openTree } from '../../src/ingest/source-tree.ts';
import { arm64With4k } from '../../src/model/machines/arm64-4k.ts';
import { planJobs } from '../../src/review-plan.ts';
import type { SourceState } from '../../src/review-states.ts';
import { steerToMissedLines } from '../../src/review-steering.ts';
import type { RunJobs } from '../../src/review.ts';
import type { JobRequest } from '../../src/run/job.ts';
import { fakeResult } from './fake-results.ts';

const FILE = 'mm/vmalloc.c';
const lines = (executed: readonly number[], missed: readonly number[]) => ({
  lines: [{ function: 'vm_unmap_aliases', file: FILE, executed, missed }],
});

function planned() {
  const base = openTree('fixtures/linux').value!;
  const text = base
    .read(FILE)!
    .replace('_vm_unmap_aliases(ULONG_MAX, 0, 0);', '_vm_unmap_aliases(ULONG_MAX, 0, 1);');
  const states: SourceState[] = [
    { version: 0, label: 'base', patch: 0, tree: base },
    { version: 1, label: 'v1', patch: 1, tree: new OverlayTree('patched', base, new Map([[FILE, text]])) },
  ];
  const options = {
    mode: 'patched',
    touched: ['vm_unmap_aliases'],
    changedOn: () => [],
    scenarios: 4,
    seed: 1,
  } as const;
  const plan = planJobs(states, [arm64With4k], states[0]!, options);
  return { plan, on: { tip: states[1]!, states, machines: [arm64With4k] } };
}

/** Steers with a tip that leaves out line 2, and further scenarios that execute these lines. */
async function steered(executed: readonly number[]) {
  const { plan, on } = planned();
  const asked: (readonly JobRequest[])[] = [];
  const runJobs: RunJobs = (jobs) => {
    asked.push(jobs);
    return Promise.resolve(
      jobs.map(() =>
        fakeResult({ 'flush/tlb': { 'vmap:7': [0, 3] } }, { ...lines(executed, []), scenariosRun: 24 }),
      ),
    );
  };
  const results = plan.jobs.map(() => fakeResult({}, lines([1], [2])));
  const answer = await steerToMissedLines(plan, results, on, { seed: 1, runJobs });
  return { plan, on, asked, results, answer };
}

describe('lines that no scenario executed', () => {
  it('are tried on the newest state with calls that lead to them', async () => {
    const { asked } = await steered([1]);
    expect(asked.length).toBe(1);
    const [trial] = asked[0]!;
    expect(trial!.only!.length).toBeGreaterThan(4);
    for (const text of trial!.only!) expect(text).toMatch(/vm_unmap_aliases|set_memory_/);
  });

  it('add nothing where no further scenario gets to them', async () => {
    const { plan, results, answer } = await steered([1]);
    expect(answer).toEqual({ plan, results });
  });

  it('add scenarios to all states where one does, numbered behind the others', async () => {
    const { plan, on, asked, answer } = await steered([1, 2]);
    expect(asked.map((jobs) => jobs.length)).toEqual([1, plan.jobs.length]);
    const before = plan.scenariosOf(arm64With4k).length;
    expect(answer.plan.scenariosOf(arm64With4k).length).toBe(before + asked[0]![0]!.only!.length);
    const result = answer.plan.resultFor(answer.results, on.tip, arm64With4k)!;
    expect(result.lines).toEqual(lines([1, 2], []).lines);
    expect(result.scenariosRun).toBe(100 + 24);
    expect(result.violations.map(({ scenarios }) => scenarios)).toEqual([[before, before + 3]]);
  });
});
