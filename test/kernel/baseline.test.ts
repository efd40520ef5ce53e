// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cachedKernel } from '../../src/ingest/kernel-cache.ts';
import { judge } from '../../src/invariants/judge.ts';
import { machines, usualMachines } from '../../src/model/machines/machine-list.ts';
import { review } from '../../src/review.ts';
import { runJob, type JobResult } from '../../src/run/job.ts';
import { packsFor, scenariosFor, type CallScope } from '../../src/run/packs/pack-list.ts';
import { sourceFiles } from '../../src/run/source.ts';
import type { Machine } from '../../src/trace/machine.ts';
import { cutShort } from '../run/cut-short.ts';
import { knownFindings, meansMachine } from './known-findings.ts';

/** Random scenarios after the systematic ones. */
const RANDOM = 24;

const entryPoints: readonly string[] = [
  ...['vmap', 'vunmap', 'vmap_pages_range', 'vmap_page_range', 'ioremap_page_range', 'vunmap_range'],
  ...['vmalloc', 'vzalloc', 'vmalloc_user', 'vmalloc_huge', '__vmalloc_node_range', 'vrealloc', 'vfree'],
  ...['vfree_atomic', 'vm_map_ram', 'vm_unmap_ram', 'vm_unmap_aliases', 'get_vm_area', 'free_vm_area'],
  ...['remap_vmalloc_range', 'vmalloc_to_page'],
  ...['set_memory_ro', 'set_memory_rw', 'set_memory_nx', 'set_memory_x'],
  ...['set_huge_pte_at', 'huge_ptep_get_and_clear', 'arch_make_huge_pte', 'huge_ptep_get', 'huge_pte_clear'],
  ...['huge_ptep_set_wrprotect', 'huge_ptep_set_access_flags', 'huge_ptep_clear_flush'],
  ...['set_memory_valid', 'ioremap_prot', 'iounmap', 'vm_area_map_pages', 'vm_area_unmap_pages'],
];

async function baseline(tree: string, machine: string) {
  const results: JobResult[] = [];
  let calls: CallScope | undefined;
  const request = { sources: [], tree, versions: undefined, machines: [machine], fromTree: false };
  const { value, diagnostics } = await review({ ...request, scenarios: RANDOM, seed: 1 }, async (jobs) => {
    calls ??= jobs[0]?.calls;
    const done = jobs.map((job) => runJob(job, judge));
    results.push(...done);
    return done;
  });
  if (value === undefined) throw new Error(diagnostics[0]?.message);
  return { found: value, result: results[0]!, calls };
}

/** Of machines that differ only in what they split live, both are tried once: with pages of 4 KiB. */
const tried = machines.filter((machine) => {
  return usualMachines.includes(machine) || !(machine.arch === 'arm64' && machine.splitsLive);
});

const cases = (['6.1', '6.12'] as const).flatMap((version) =>
  tried.map((machine) => ({ version, machine, name: machine.name, tree: cachedKernel(version) })),
);

if (cases.some(({ tree }) => tree === undefined)) {
  console.warn('Linux 6.1 or 6.12 is not there (npm run kernel): what it does as it is is NOT tested');
}

const sparse = ['vm_area_map_pages', 'vm_area_unmap_pages'];

/** Calls that hugetlb makes where a huge page may be a run of entries. */
const onRuns = ['huge_ptep_set_wrprotect', 'huge_ptep_set_access_flags', 'huge_ptep_clear_flush'];

/** riscv's hugetlbpage.c of 6.1 leaves huge entries to a header that is not read; set_memory_valid() is arm64's, set_memory_rox() x86's. */
function lacks(version: string, { arch }: Machine): readonly string[] {
  const without = new Set([
    ...(arch === 'arm64' ? [] : ['set_memory_valid']),
    ...(arch === 'x86' ? onRuns : ['set_memory_rox']),
    ...(version === '6.1' ? ['vrealloc', 'set_memory_rox', ...sparse] : []),
    ...(version === '6.1' && arch === 'riscv' ? entryPoints.filter((call) => call.includes('huge_pte')) : []),
  ]);
  return entryPoints.filter((call) => without.has(call));
}

/** riscv of 6.1 does not select HAVE_ARCH_HUGE_VMAP, and vmap() of 6.1 takes any flags. */
function doesNot(version: string, { arch }: Machine): readonly string[] {
  if (version !== '6.1') return [];
  return [
    ...(arch === 'riscv' ? ['the tree has no set_nohugeiomap()'] : []),
    'vmap() of this tree refuses no flags',
  ];
}

describe.each(cases)('Linux $version as it is on $name', ({ version, machine, tree }) => {
  // Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
  it.skipIf(tree === undefined && process.env['CI'] === undefined)(
    'runs every entry point to its end and finds what docs/known-findings.md explains, and nothing else',
    async () => {
      if (tree === undefined) throw new Error(`Linux ${version} is not there; fetch it with npm run kernel`);
      const { found, result, calls } = await baseline(tree, machine.name);

      expect(found.mode).toBe('from-tree');
      expect(result.bindings.filter(({ origin }) => origin === 'not-modelled')).toEqual([]);
      expect(result.untranslated).toEqual([]);
      expect(result.notModelled).toEqual([]);
      expect(result.timedOut).toBeUndefined();

      const packs = packsFor(sourceFiles(machine));
      const scenarios = scenariosFor(machine, { packs, random: RANDOM, seed: 1, calls });
      const lacking = entryPoints.filter((call) => calls?.present.includes(call) !== true);
      expect(lacking).toEqual(lacks(version, machine));
      const called = new Set<string>(
        scenarios.flatMap(({ operations }) => operations.map(({ call }) => call)),
      );
      expect(entryPoints.filter((call) => !called.has(call))).toEqual(lacking);
      expect(result.scenariosRun).toBe(scenarios.length);
      expect(cutShort(result, scenarios, machine)).toEqual([]);
      // Sizes that no entry of this architecture has are tried as well.
      const notReached = result.notReached.filter(({ reason }) => !/bytes are no huge size/.test(reason));
      expect(notReached.map(({ reason }) => reason).toSorted()).toEqual(doesNot(version, machine).toSorted());

      const seen = found.findings.map(
        ({ invariant, where }) => `${invariant} ${where?.function} ${where?.file}`,
      );
      const known = knownFindings()
        .filter(
          ({ trees, machines: on }) =>
            trees.includes(version) && on.some((entry) => meansMachine(entry, machine.name)),
        )
        .map((row) => `${row.invariant} ${row.function} ${row.file}`);
      expect([...new Set(seen)].toSorted()).toEqual(known.toSorted());
    },
  );
});

it('docs/known-findings.md explains each row, and how to see it', () => {
  const text = readFileSync(new URL('../../docs/known-findings.md', import.meta.url), 'utf8');
  const sections = text.split('\n## ').slice(1);
  const rows = knownFindings();
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    const section = sections.find((each) => {
      const title = each.slice(0, each.indexOf('\n'));
      return title.includes(`\`${row.invariant}\``) && title.includes(`\`${row.function}()\``);
    });
    expect(section, `${row.invariant} ${row.function}`).toMatch(/rewalk replay/);
    for (const entry of row.machines) {
      expect(machines.filter(({ name }) => meansMachine(entry, name))).not.toEqual([]);
    }
  }
});
