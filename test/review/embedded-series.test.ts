// SPDX-License-Identifier: GPL-2.0-only
import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Review } from '../../src/report/review-schema.ts';
import { reviewEmbedded } from './review-embedded.ts';

// What patches/README.md says that the versions carry, against what running them finds. Three rows of that table are
// missing here because nothing can be seen of them: `fls()` of a long, a walker that nobody uses yet, and what only a
// boot parameter brings to light.

interface CarriedDefect {
  readonly what: string;
  readonly invariant: string;
  readonly machine: string;
  /** Tells it from other findings of the same promise. */
  readonly expected?: RegExp;
  /** Version to the patch in which it takes effect. */
  readonly patches: Readonly<Record<string, number>>;
  /** The first version that does not have it; absent where none does without. */
  readonly fixedIn?: string;
  /** The patch of the same version that does away with it. */
  readonly repairedBy?: Readonly<Record<string, number>>;
}

const ARM64 = 'arm64-4k';
const X86 = 'x86_64-4level';

const carried: readonly CarriedDefect[] = [
  {
    what: 'a) a size of PMD_SIZE counts as 512 base pages',
    invariant: 'huge/size',
    machine: ARM64,
    patches: { v1: 1 },
    fixedIn: 'v2',
  },
  {
    what: 'b) only compound pages are batched',
    invariant: 'leaf/largest',
    machine: ARM64,
    expected: /of 2 MiB at/,
    patches: { v1: 5 },
    fixedIn: 'v2',
  },
  ...[ARM64, X86].map((machine) => ({
    what: 'c) the flush after vmap() gets an empty range',
    invariant: 'flush/cache-vmap',
    machine,
    patches: { v1: 5, v2: 5 },
    fixedIn: 'v3',
  })),
  ...[ARM64, X86].map((machine) => ({
    what: 'f) a PMD block without a look at the page',
    invariant: 'map/refuse',
    machine,
    patches: { v1: 4, v2: 4 },
    fixedIn: 'v3',
  })),
  ...[ARM64, X86].map((machine) => ({
    what: "g) the index runs ahead by the caller's page_shift",
    invariant: 'bounds/pages',
    machine,
    patches: { v1: 4, v2: 4, v3: 4 },
    fixedIn: 'v4',
  })),
  {
    what: 'h) a start not aligned to the order of its segment counts as a small page',
    invariant: 'leaf/largest',
    machine: ARM64,
    expected: /of 64 KiB at/,
    patches: { v2: 5, v3: 5 },
    fixedIn: 'v4',
  },
  {
    what: 'j) the step of vmap_pte_range() stays at one page after a run, until the next patch',
    invariant: 'warn',
    machine: ARM64,
    patches: { v2: 3, v3: 3 },
    fixedIn: 'v4',
    repairedBy: { v2: 4, v3: 4 },
  },
  {
    what: 'a walk from the top for each batch, until batches are joined',
    invariant: 'walk/once',
    machine: ARM64,
    patches: { v1: 5 },
    fixedIn: 'v3',
    repairedBy: { v1: 7 },
  },
  {
    what: 'no PMD blocks where the architecture has no PTE-level hint',
    invariant: 'leaf/largest',
    machine: X86,
    expected: /of 2 MiB at/,
    patches: { v2: 4, v3: 4 },
    fixedIn: 'v4',
  },
  {
    what: 'blocks in areas without VM_ALLOW_HUGE_VMAP, open in review',
    invariant: 'split/flag',
    machine: ARM64,
    patches: { v1: 5, v2: 5, v3: 5, v4: 5 },
  },
  {
    what: 'a segment that a PMD boundary cuts is mapped beyond its last page, not named in public',
    invariant: 'map/exact',
    machine: ARM64,
    patches: { v2: 5, v3: 5, v4: 5 },
  },
];

describe('the embedded series', () => {
  let review: Review;
  beforeAll(async () => {
    review = await reviewEmbedded({ machines: [ARM64, X86] });
  });

  const findingsOf = ({ invariant, machine, expected }: CarriedDefect, label: string): Finding[] =>
    review.findings.filter(
      (finding) =>
        finding.label === label &&
        (finding.invariant === invariant || finding.breaks?.includes(invariant)) &&
        finding.machines.includes(machine) &&
        (expected === undefined || expected.test(finding.expected)),
    );

  it.each(carried)('$what: $invariant on $machine', (defect) => {
    for (const [label, patch] of Object.entries(defect.patches)) {
      expect(findingsOf(defect, label)).toContainEqual(
        expect.objectContaining({
          patch,
          status: defect.fixedIn === undefined ? 'introduced' : 'fixed-later',
          ...(defect.fixedIn !== undefined && {
            fixedIn: expect.objectContaining({ label: defect.fixedIn }),
          }),
          ...(defect.repairedBy?.[label] !== undefined && { repairedBy: defect.repairedBy[label] }),
        }),
      );
    }
    if (defect.fixedIn === undefined) return;
    // What a version leaves as the tree had it is not what it brought.
    for (const label of ['v1', 'v2', 'v3', 'v4'].filter((version) => version >= defect.fixedIn!)) {
      const left = findingsOf(defect, label).filter(({ status }) => status !== 'pre-existing');
      expect(left.map(({ id, scenario }) => `${id}: ${scenario}`)).toEqual([]);
    }
  });

  it('gives a verdict on every promise in every state, and models all that was run', () => {
    expect(review.notModelled).toEqual([]);
    expect(review.timedOut).toEqual([]);
    const states = review.series!.versions.reduce((sum, { patches }) => sum + patches.length, 1);
    // `bisect` says nothing of the tree before the series, and no patch of it says that it changes nothing.
    const cells = (review.invariants.length - 1) * states * 2 - 2;
    expect(review.matrix).toHaveLength(cells);
    expect(review.matrix.filter(({ verdict }) => verdict === 'not-modelled')).toEqual([]);
  });

  it('a finding says where, and how to run it again', () => {
    for (const { where, replay, count, patch, version } of review.findings) {
      expect(where).toEqual({
        file: expect.stringMatching(/^(?:mm|arch|include)\/.*\.[ch]$/),
        line: expect.any(Number),
        function: expect.any(String),
      });
      expect(count).toBeGreaterThan(0);
      expect(replay).toMatch(
        version === 0 ? /^rewalk replay / : new RegExp(`--version ${version} --patch ${patch}$`),
      );
    }
  });

  it('ids are unique', () => {
    const ids = review.findings.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
