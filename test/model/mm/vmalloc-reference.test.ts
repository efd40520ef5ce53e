// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, test } from 'vitest';
import { cachedKernel } from '../../../src/ingest/kernel-cache.ts';
import { machineNamed, machines } from '../../../src/model/machines/machine-list.ts';
import type { LinkedKernel } from '../../../src/run/link.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { embeddedSource } from '../../run/fixture-tree.ts';
import { EINVAL } from '../../../src/model/mm/errno.ts';
import { GFP_KERNEL } from '../../../src/model/mm/gfp.ts';
import { publicPrototypes } from '../../../src/model/mm/vmalloc-prototypes.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';
import { everyCall, linkForSequences } from './operation-sequences.ts';
import { expectAgreement, linkBoth } from './sequence-agreement.ts';
import { Sequence } from './sequence.ts';

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
      expectAgreement(partly, whole, { calls, each, refusesOnce: false });
    });

    const tree = cachedKernel('6.12');

    // Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
    test.skipIf(tree === undefined && process.env['CI'] === undefined)(
      'the model does what Linux 6.12 does, walk by walk and write by write, when allocations fail too',
      () => {
        const { model, linux } = linkBoth(machine, tree ?? '');
        expect(model.bindings.all.some(({ binding }) => binding.name === 'alloc_vmap_area')).toBe(true);
        expect(isInTree(linux, 'set_memory_ro')).toBe(machine.arch !== 'riscv');
        expectAgreement(model, linux, { calls: everyCall, each: 150, refusesOnce: true });
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
  vmalloc_huge_node: 'vmalloc_huge',
  vrealloc_node_align: 'vrealloc',
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
