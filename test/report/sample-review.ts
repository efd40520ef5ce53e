// SPDX-License-Identifier: GPL-2.0-only
import type { Finding, MatrixCell, Review, Verdict } from '../../src/report/review-schema.ts';

/** One letter a patch, the tree before the series first: `h` holds, `v` violated, `n` not reached, `?` not modelled. */
const VERDICTS: Readonly<Record<string, Verdict>> = {
  h: 'holds',
  v: 'violated',
  n: 'not-reached',
  '?': 'not-modelled',
};

const invariants = [
  { id: 'map/exact', title: 'pages map where asked', promise: 'Pages map where asked.', severity: 'bug' },
  { id: 'flush/cache-vmap', title: 'caches are told', promise: 'Caches are told.', severity: 'bug' },
  { id: 'split/flag', title: 'huge areas are marked', promise: 'Huge areas are marked.', severity: 'risk' },
  { id: 'bounds/pages', title: 'pages[] read in bounds', promise: 'In bounds.', severity: 'bug' },
  { id: 'wx', title: 'nothing writable and executable', promise: 'No W+X.', severity: 'risk' },
  { id: 'bisect', title: 'every patch stands alone', promise: 'Stands alone.', severity: 'bug' },
] as const;

export const sampleFinding: Finding = {
  id: 'v2-map-exact-0a1b2c',
  defect: 'map-exact-0a1b2c',
  invariant: 'map/exact',
  severity: 'bug',
  version: 2,
  label: 'v2',
  patch: 2,
  subject: 'mm/vmalloc: walk the page table once',
  status: 'introduced',
  inBase: false,
  machine: 'arm64-4k',
  machines: ['arm64-4k'],
  where: { file: 'mm/vmalloc.c', line: 612, function: 'vmap_pages_pte_range' },
  code: '(*nr) += step;',
  stack: [{ function: 'vmap_pages_pte_range', file: 'mm/vmalloc.c', line: 612 }],
  count: 12,
  scenario: 'vmap 64K,2M',
  replay:
    "rewalk replay 'vmap 64K,2M' --machine arm64-4k --tree fixtures/linux --series patches/sample --version 2 --patch 2",
  expected: 'page 16: pfn 0x240010',
  seen: 'pfn 0x240001 (4 KiB pte leaf)',
};

/** A series of two versions with one of everything. */
export function sampleReview(): Review {
  return {
    format: 1,
    tree: { title: 'fixtures/linux' },
    series: {
      title: 'mm/vmalloc: map contiguous memory faster',
      author: 'Series Author',
      sources: ['patches/sample'],
      versions: [reviewedVersion(1, 3), reviewedVersion(2, 3)],
    },
    mode: 'patched',
    machines: [
      { name: 'arm64-4k', title: 'arm64, 4 KiB pages' },
      { name: 'x86_64-4level', title: 'x86_64' },
    ],
    invariants,
    matrix: [
      ...row('map/exact', ['h'], ['hhh'], ['hvv']),
      ...row('flush/cache-vmap', ['h'], ['hhv'], ['hhh']),
      ...row('split/flag', ['v'], ['vvv'], ['vvv']),
      ...row('bounds/pages', ['h'], ['hhh'], ['vhh']),
      ...row('wx', ['n'], ['nnn'], ['nn?']),
      ...row('bisect', [''], ['hhh'], ['vhh']),
    ],
    findings: [
      baseFinding(),
      {
        ...sampleFinding,
        id: 'v1-flush-cache-vmap-1',
        defect: 'flush-cache-vmap-1',
        invariant: 'flush/cache-vmap',
        version: 1,
        label: 'v1',
        patch: 3,
        status: 'fixed-later',
        fixedIn: { version: 2, label: 'v2' },
        machines: ['arm64-4k', 'x86_64-4level'],
        expected: 'flush_cache_vmap [0xffff800080000000, 0xffff800080001000)',
        seen: 'flush_cache_vmap [0xffff800080001000, 0xffff800080001000) (empty)',
      },
      sampleFinding,
      {
        ...sampleFinding,
        id: 'v2-bounds-pages-2',
        defect: 'bounds-pages-2',
        invariant: 'bisect',
        breaks: ['bounds/pages'],
        patch: 1,
        repairedBy: 2,
        expected: 'a read inside of pages[0..15]',
        seen: 'pages[16]',
      },
    ],
    changes: [],
    exercised: [
      { version: 2, label: 'v2', patch: 1, executed: 12, missed: [] },
      {
        version: 2,
        label: 'v2',
        patch: 2,
        executed: 30,
        missed: [
          { file: 'mm/vmalloc.c', line: 2871, function: 'vm_shift', text: 'return PAGE_SHIFT;' },
          { file: 'mm/vmalloc.c', line: 2893, function: 'vmap', text: 'goto fail;' },
        ],
      },
    ],
    coverage: [
      {
        ...{ version: 0, label: 'base', patch: 0, machine: 'arm64-4k', scenarios: 100 },
        counts: { patched: 12, widened: 3, tree: 0, model: 150, ignored: 2, 'not-modelled': 0 },
      },
      {
        ...{ version: 2, label: 'v2', patch: 3, machine: 'arm64-4k', scenarios: 100 },
        counts: { patched: 14, widened: 3, tree: 0, model: 149, ignored: 2, 'not-modelled': 1 },
      },
    ],
    notModelled: [
      {
        reason: '`mte_sync_tags()` is neither in the files that are run nor in the model',
        count: 7,
        machines: ['arm64-4k'],
        states: ['v2/3'],
      },
    ],
    timedOut: [],
    diagnostics: [],
    scenarios: { requested: 100, run: 1400, notModelled: 7, jobs: 14 },
    seed: 1,
  };
}

function baseFinding(): Finding {
  const { subject: _subject, ...rest } = sampleFinding;
  return {
    ...rest,
    id: 'base-split-flag-3',
    defect: 'split-flag-3',
    invariant: 'split/flag',
    severity: 'risk',
    version: 0,
    label: 'base',
    patch: 0,
    status: 'pre-existing',
    inBase: true,
    expected: 'VM_ALLOW_HUGE_VMAP among the flags of the area',
    seen: 'VM_MAP',
    replay: "rewalk replay 'vmap 64K,2M' --machine arm64-4k --tree fixtures/linux",
  };
}

function reviewedVersion(version: number, total: number): NonNullable<Review['series']>['versions'][number] {
  const subjects = ['arm64: batch', 'mm/vmalloc: walk the page table once', 'mm/vmalloc: batch vmap()'];
  return {
    version,
    label: `v${version}`,
    title: 'mm/vmalloc: map contiguous memory faster',
    total,
    patches: subjects.map((subject, index) => ({ patch: index + 1, subject, applied: true, relevant: true })),
  };
}

/** The cells of an invariant: for each version in order, the base first, a letter a patch. */
function row(invariant: string, ...versions: readonly (readonly [string])[]): MatrixCell[] {
  return versions.flatMap(([letters], version) =>
    Array.from(letters, (letter, index): MatrixCell => {
      const verdict = VERDICTS[letter]!;
      return {
        invariant,
        version,
        label: version === 0 ? 'base' : `v${version}`,
        patch: version === 0 ? 0 : index + 1,
        machine: 'arm64-4k',
        verdict,
        exercised: verdict === 'holds' || verdict === 'violated' ? 1234 : 0,
        violated: verdict === 'violated' ? 12 : 0,
      };
    }),
  );
}
