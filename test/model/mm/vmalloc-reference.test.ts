// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cachedKernel } from '../../../src/ingest/kernel-cache.ts';
import { machineNamed, machines, usualMachines } from '../../../src/model/machines/machine-list.ts';
import type { LinkedKernel } from '../../../src/run/link.ts';
import type { SourceText } from '../../../src/run/link-tree.ts';
import { relevantPaths, treeHeaders } from '../../../src/run/source.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { embeddedSource } from '../../run/fixture-tree.ts';
import { EINVAL } from '../../../src/model/mm/errno.ts';
import { GFP_KERNEL } from '../../../src/model/mm/gfp.ts';
import { publicPrototypes } from '../../../src/model/mm/vmalloc-prototypes.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';
import { Sequence } from './sequence.ts';
import { everyCall, linkForSequences, runSequence, type Step } from './operation-sequences.ts';

/** Which operations sequences may be made of, and in how many of them each is to be called. */
interface Wanted {
  readonly calls: readonly string[];
  readonly each: number;
  readonly refusesOnce: boolean;
}

/** More are no use: a call that is still short of its number by then never comes about. */
const MOST_SEQUENCES_FOR_EACH = 20;

/**
 * Runs the same sequences on both until every call was made in so many of them. Returns how many sequences had each
 * call; throws where two kernels do something differently, with what led to it.
 */
function expectAgreement(
  left: LinkedKernel,
  right: LinkedKernel,
  { calls, each, refusesOnce }: Wanted,
): Map<string, number> {
  const counts = new Map(calls.map((call) => [call, 0]));
  const allowed = new Set(calls);
  for (let seed = 1; seed <= each * MOST_SEQUENCES_FOR_EACH; seed++) {
    const favoured = new Set(calls.toSorted((a, b) => counts.get(a)! - counts.get(b)!).slice(0, 16));
    if ([...counts.values()].every((count) => count >= each)) break;
    const request = { seed, calls: allowed, favoured, refusesOnce };
    const [one, other] = [left, right].map((linked) => runSequence(linked, request));
    expect(firstDifference(seed, one!, other!)).toBeUndefined();
    for (const call of new Set(one!.map((step) => step.call))) counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  return counts;
}

function firstDifference(seed: number, one: readonly Step[], other: readonly Step[]) {
  const at = one.findIndex((step, i) => JSON.stringify(step) !== JSON.stringify(other[i]));
  if (at < 0) return undefined;
  return { seed, before: one.slice(0, at).map(({ text }) => text), one: one[at], other: other[at] };
}

function readTree(root: string, paths: Iterable<string>): SourceText {
  const present = [...paths].filter((path) => existsSync(join(root, path)));
  return Object.fromEntries(present.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/**
 * The model and the C of a tree. What an architecture can map is a matter of the kernel's version: both take it from the
 * tree's headers.
 */
function linkBoth(machine: Machine, root: string) {
  return {
    model: linkForSequences(machine, readTree(root, treeHeaders(machine).values()), 'from-tree'),
    linux: linkForSequences(machine, readTree(root, relevantPaths(machine)), 'from-tree'),
  };
}

/** Calls of the tree's own C, and what is no function of the kernel's. */
function isInTree(linked: LinkedKernel, call: string): boolean {
  const found = linked.bindings.find(call, undefined);
  return found === undefined || found.kind === 'c';
}

/** Machines that differ only in what they split live run the same code. */
const different = machines.filter((machine) => machine.arch !== 'arm64' || !machine.splitsLive);

describe.each(different.map((machine) => [machine.name, machine] as const))(
  'on %s',
  (_name, machine: Machine) => {
    test('the embedded tree does the same translated in whole and with the model for all that the linker allows', () => {
      const source = embeddedSource(machine);
      const partly = linkForSequences(machine, source, 'patched');
      const whole = linkForSequences(machine, source, 'from-tree');
      const calls = everyCall.filter((call) => isInTree(whole, call));
      const each = machine === different[0] ? 100 : 40;
      const counts = expectAgreement(partly, whole, { calls, each, refusesOnce: false });
      expect([...counts].filter(([, count]) => count < each)).toEqual([]);
    });

    const tree = cachedKernel('6.12');

    // Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
    test.skipIf(tree === undefined && process.env['CI'] === undefined)(
      'the model does what Linux 6.12 does, walk by walk and write by write, when allocations fail too',
      () => {
        const { model, linux } = linkBoth(machine, tree ?? '');
        expect(model.bindings.all.some(({ binding }) => binding.name === 'alloc_vmap_area')).toBe(true);
        const each = usualMachines.includes(machine) ? 1000 : 150;
        const counts = expectAgreement(model, linux, { calls: everyCall, each, refusesOnce: true });
        expect([...counts].filter(([, count]) => count < each)).toEqual([]);
      },
    );
  },
);

/** What sequences need not call since something that they call does. */
const reachedThrough: Readonly<Record<string, string>> = {
  get_vm_area_caller: 'get_vm_area',
  find_vmap_area: 'find_vm_area',
  vunmap_range_noflush: 'free_vm_area',
  __vunmap_range_noflush: 'free_vm_area',
  __vmap_pages_range_noflush: 'vmap_pages_range_noflush',
  generic_iounmap: 'iounmap',
  is_vmalloc_or_module_addr: 'vmalloc_to_page',
  vmalloc_init: 'boot',
};

test('sequences call every function that mm/vmalloc.c and mm/ioremap.c offer, or what calls it', () => {
  const offered = [...publicPrototypes.matchAll(/(\w+)\(/g)].map(([, name]) => name!);
  const missing = offered.filter((name) => !everyCall.includes(name) && reachedThrough[name] === undefined);
  expect(missing).toEqual([]);
  const through = Object.values(reachedThrough).filter(
    (name) => name !== 'boot' && !everyCall.includes(name),
  );
  expect(through).toEqual([]);
});

describe('what the model does otherwise than Linux 6.12 (docs/model-and-linux.md)', () => {
  const machine = machineNamed('arm64-4k')!;
  const tree = cachedKernel('6.12');

  test.skipIf(tree === undefined && process.env['CI'] === undefined)(
    'set_memory_ro() of a huge area is refused by both, and only Linux 6.12 warns and flushes first',
    () => {
      const { model, linux } = linkBoth(machine, tree ?? '');
      const [ours, theirs] = [model, linux].map((linked) => {
        const events: TraceEvent[] = [];
        linked.boot(events);
        const s = new Sequence(linked, 1);
        const addr = s.call('vmalloc_huge', s.block, GFP_KERNEL);
        const before = events.length;
        const result = s.call('set_memory_ro', addr, 1);
        const seen = events.slice(before).map(({ kind }) => kind);
        return { result, seen: new Set(seen.filter((kind) => kind !== 'lock' && kind !== 'scope')) };
      });
      expect(ours).toEqual({ result: -EINVAL, seen: new Set() });
      expect(theirs).toEqual({ result: -EINVAL, seen: new Set(['walk', 'warn', 'tlb-flush']) });
    },
  );
});
