// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostic.ts';
import { machines as allMachines, usualMachines } from '../../src/model/machines/machine-list.ts';
import type { Review } from '../../src/report/review-schema.ts';
import { review, type ReviewRequest, type RunJobs } from '../../src/review.ts';
import type { JobRequest, JobResult } from '../../src/run/job.ts';
import { fakeResult } from './fake-results.ts';

/** The wiring, with jobs that are answered without running anything. */

const root = join(import.meta.dirname, '../..');
const request: ReviewRequest = {
  sources: [join(root, 'patches/contiguous-vmap')],
  tree: join(root, 'fixtures/linux'),
  versions: ['4'],
  machines: ['arm64-4k'],
  fromTree: false,
  scenarios: 0,
  seed: 1,
};
let scratch: string | undefined;

afterEach(() => {
  if (scratch !== undefined) rmSync(scratch, { recursive: true });
  scratch = undefined;
});

function answering(answer: (job: JobRequest) => JobResult, asked: JobRequest[] = []): RunJobs {
  return async (jobs) => {
    asked.push(...jobs);
    return jobs.map(answer);
  };
}

async function reviewed(wanted: Partial<ReviewRequest>, runJobs: RunJobs): Promise<Review> {
  const { value } = await review({ ...request, ...wanted }, runJobs);
  if (value === undefined) throw new Error('no review');
  return value;
}

async function refused(wanted: Partial<ReviewRequest>): Promise<Diagnostic | undefined> {
  const { value, diagnostics } = await review(
    { ...request, ...wanted },
    answering(() => fakeResult({})),
  );
  expect(value).toBeUndefined();
  return diagnostics[0];
}

describe('what is run', () => {
  it.each([
    ['the usual ones', undefined, usualMachines],
    [
      'those that are named, in the order of reports',
      ['riscv64-sv48', 'arm64-16k'],
      ['arm64-16k', 'riscv64-sv48'],
    ],
    ['every one for `all`', ['all'], allMachines],
  ])('on machines: %s', async (_title, machines, expected) => {
    const answer = (job: JobRequest): JobResult => {
      return { ...fakeResult({}), twins: (job.twins ?? []).map(() => fakeResult({})) };
    };
    const { machines: named } = await reviewed({ machines, sources: [] }, answering(answer));
    const names = expected.map((each) => (typeof each === 'string' ? each : each.name));
    expect(named.map(({ name }) => name)).toEqual(names);
  });

  it('each different source once: what a machine does not compile is no reason to run again', async () => {
    const asked: JobRequest[] = [];
    await reviewed(
      { machines: ['x86_64-4level'] },
      answering(() => fakeResult({}), asked),
    );
    // The base, which is all that patches 1 and 2 of v4 leave to x86, and patches 3 to 6.
    expect(asked).toHaveLength(5);
  });

  it('a tree by itself is run from its own C', async () => {
    const asked: JobRequest[] = [];
    const found = await reviewed(
      { sources: [], versions: undefined },
      answering(() => fakeResult({}), asked),
    );
    expect(asked.map(({ mode }) => mode)).toEqual(['from-tree']);
    expect(found).toMatchObject({ series: null, mode: 'from-tree' });
  });

  it('patches are held against the tree before them', async () => {
    const asked: JobRequest[] = [];
    await reviewed(
      {},
      answering(() => fakeResult({}), asked),
    );
    const [base, ...prefixes] = asked;
    for (const { before, mode } of prefixes)
      expect({ before, mode }).toEqual({ before: base!.source, mode: 'patched' });
    expect(base!.before).toEqual(base!.source);
  });
});

describe('verdicts', () => {
  const verdictOf = async (result: JobResult): Promise<unknown> => {
    const { matrix } = await reviewed(
      { sources: [], versions: undefined },
      answering(() => result),
    );
    const { verdict, exercised, violated } = matrix.find(({ invariant }) => invariant === 'map/exact')!;
    return { verdict, exercised, violated };
  };

  it.each([
    ['put to the test and kept', { outcomes: { 'map/exact': { exercised: 5, violated: 0 } } }, 'holds', 5, 0],
    ['broken once', { outcomes: { 'map/exact': { exercised: 5, violated: 1 } } }, 'violated', 5, 1],
    ['never put to the test', { outcomes: {} }, 'not-reached', 0, 0],
    [
      'ended by something unmodelled',
      { outcomes: {}, notModelled: [{ reason: 'x', count: 3 }] },
      'not-modelled',
      0,
      0,
    ],
    ['given up', { outcomes: {}, timedOut: 'no end' }, 'not-modelled', 0, 0],
  ])('%s', async (_title, more: Partial<JobResult>, verdict, exercised, violated) => {
    expect(await verdictOf(fakeResult({}, more))).toEqual({ verdict, exercised, violated });
  });

  it('a promise that the base breaks does not hold where the scenarios that break it cannot be run', async () => {
    const answer = (job: JobRequest): JobResult => {
      if (!job.source['mm/vmalloc.c']!.includes('vmap_set_ptes'))
        return fakeResult({ 'map/exact': { 'set:10': [0, 1] } });
      return fakeResult({}, { outcomes: { 'map/exact': { exercised: 5, violated: 0 } }, unjudged: [0, 1] });
    };
    const verdicts = async (result: typeof answer): Promise<unknown[]> => {
      const { matrix } = await reviewed({}, answering(result));
      const cells = matrix.filter(({ invariant, patch }) => invariant === 'map/exact' && patch % 6 === 0);
      return cells.map(({ verdict }) => verdict);
    };
    expect(await verdicts(answer)).toEqual(['violated', 'not-modelled']);
    const repaired = (job: JobRequest): JobResult => ({ ...answer(job), unjudged: [] });
    expect(await verdicts(repaired)).toEqual(['violated', 'holds']);
  });

  it('what is not modelled is listed with where it was met', async () => {
    const met = fakeResult(
      {},
      { notModelled: [{ reason: '`f()` is nowhere', count: 3 }], unjudged: [1, 2, 3] },
    );
    const { notModelled } = await reviewed(
      {},
      answering((job) => (job.before === undefined ? fakeResult({}) : met)),
    );
    expect(notModelled).toMatchObject([{ reason: '`f()` is nowhere', count: 3, machines: ['arm64-4k'] }]);
    expect(notModelled[0]!.states).toContain('v4/6');
  });
});

describe('findings', () => {
  it('a scenario that another defect of the place may have lent is run again', async () => {
    const asked: JobRequest[] = [];
    // From patch 3 on, more scenarios fail in a place where the base fails already.
    const runJobs = answering((job) => {
      if (job.only !== undefined) return fakeResult({ 'map/exact': { 'set:10': [0] } });
      const isLate = job.source['mm/vmalloc.c']!.includes('vmap_set_ptes');
      return fakeResult({ 'map/exact': { 'set:10': isLate ? [0, 7] : [0] } });
    }, asked);
    const { findings } = await reviewed({}, runJobs);
    expect(findings.filter(({ version }) => version > 0)).toMatchObject([
      { patch: 3, count: 1, status: 'introduced' },
    ]);
    expect(asked.filter(({ only }) => only !== undefined)).toMatchObject([
      { only: [expect.any(String)], reduceTries: 0 },
    ]);
  });
});

describe('what cannot be reviewed', () => {
  it.each([
    ['a machine', { machines: ['vax'] }, 'review/no-machine'],
    ['a version', { versions: ['17'] }, 'review/no-version'],
    ['a tree', { tree: join(root, 'docs') }, 'review/tree-without-vmalloc'],
  ])('%s that is not there', async (_title, wanted, code) => {
    expect(await refused(wanted)).toMatchObject({ code, severity: 'error' });
  });

  it('a patch that does not apply ends its version, and is told', async () => {
    scratch = mkdtempSync(join(tmpdir(), 'rewalk-review-'));
    const from = join(root, 'patches/contiguous-vmap/v4');
    for (const name of readdirSync(from)) {
      const text = readFileSync(join(from, name), 'utf8');
      const isBroken = name.startsWith('0003');
      writeFileSync(join(scratch, name), isBroken ? text.replace(/^-\t/m, '-\tnot there ') : text);
    }
    const { series, matrix, diagnostics } = await reviewed(
      { sources: [scratch] },
      answering(() => fakeResult({})),
    );
    expect(series!.versions[0]!.patches.map(({ applied }) => applied)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(Math.max(...matrix.map(({ patch }) => patch))).toBe(2);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        message: expect.stringContaining('patches 3 to 6 are not built'),
      }),
    );
  });

  it.each([
    ['a whole file', 'translate/preprocess', 'error', 'so that the file is not run at all'],
    ['a definition', 'translate/declaration', 'warning', 'the model stands in where it can'],
  ])('%s of the tree itself, that cannot be read, is told', async (_title, code, severity, said) => {
    const where = { file: 'mm/vmalloc.c', line: 7 };
    const unread = { code, severity: 'warning', message: 'macro expansion does not end', where } as const;
    const { diagnostics } = await reviewed(
      { sources: [] },
      answering(() => fakeResult({}, { diagnostics: [unread] })),
    );
    const message: unknown = expect.stringMatching(new RegExp(`^mm/vmalloc.c:7: macro.*${said}`));
    expect(diagnostics).toEqual([{ code: 'review/unread', severity, message }]);
  });
});
