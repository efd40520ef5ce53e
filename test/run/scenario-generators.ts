// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { frameEnds } from '../../src/run/reader-operations.ts';
import {
  deviceMemories,
  makesArea,
  mayBeCompound,
  protections,
  refusedStarts,
  type Circumstances,
  type Operation,
  type PageGroup,
  type RunGroup,
  type Scenario,
} from '../../src/run/scenario.ts';

const count = fc.integer({ min: 1, max: 600 });
const prot = fc.constantFrom(...protections);
const flags = fc.subarray(['VM_MAP', 'VM_IOREMAP', 'VM_ALLOC', 'VM_ALLOW_HUGE_VMAP']);

const run: fc.Arbitrary<RunGroup> = fc
  .record({
    run: fc.oneof(fc.constantFrom(1, 16, 32, 512, 1024), count),
    misaligned: fc.nat(3),
    follows: fc.boolean(),
    compound: fc.boolean(),
    first: fc.nat(700),
    count,
    repeat: fc.integer({ min: 1, max: 4 }),
  })
  .map((group) => {
    const misaligned = group.follows ? 0 : group.misaligned % group.run;
    const first = group.first % group.run;
    const compound = group.compound && mayBeCompound(group.run, misaligned);
    return { ...group, misaligned, compound, first, count: 1 + (group.count % (group.run - first)) };
  });

const bad = fc.record({
  bad: fc.constantFrom('null' as const, 'invalid' as const),
  count: fc.integer({ min: 1, max: 9 }),
});
const pages: fc.Arbitrary<PageGroup[]> = fc.array(fc.oneof(run, bad), { maxLength: 4 });

const size = { size: count, less: fc.integer({ min: 1, max: 4095 }) };
const some = { requiredKeys: ['call' as const, 'size' as const] };
const align = fc.constantFrom(1, 2, 16, 512);
const gfp = fc.constantFrom('GFP_KERNEL', 'GFP_NOFS', 'GFP_NOIO');
const inRange = {
  requiredKeys: ['call' as const, 'size' as const, ...(['align', 'prot', 'flags', 'gfp'] as const)],
};
const limits = { from: fc.nat(100), to: fc.nat(100) };
const taking = { requiredKeys: ['call' as const, 'size' as const, 'flags' as const] };
const onHugeEntries = [
  ...(['huge_ptep_get', 'huge_ptep_set_wrprotect', 'huge_pte_clear'] as const),
  ...(['huge_ptep_get_and_clear', 'huge_ptep_clear_flush'] as const),
];
const enders = ['vunmap', 'vfree', 'vfree_atomic', 'free_vm_area', 'vm_unmap_ram'] as const;
const circumstances: fc.Arbitrary<Circumstances> = fc.record(
  {
    cpu: fc.integer({ min: 1, max: 9 }),
    context: fc.constant('irq' as const),
    fail: fc.record({ nth: fc.integer({ min: 1, max: 40 }), onward: fc.boolean() }),
  },
  { requiredKeys: [] },
);

function operation(areas: readonly number[]): fc.Arbitrary<Operation> {
  const of = fc.constantFrom('window' as const, ...areas);
  const at = fc.record({ of, page: fc.integer({ min: -2, max: 1000 }) });
  const one = run.map((group) => ({ ...group, repeat: 1 }));
  const shift = fc.integer({ min: 12, max: 30 });
  const choices: fc.Arbitrary<Operation>[] = [
    fc.record({ call: fc.constant('vmap'), pages, prot, flags }),
    fc.record({ call: fc.constant('get_vm_area'), size: count, flags }),
    fc.record({ call: fc.constant('vmap_pages_range'), at, pages, prot, shift }),
    fc.record({ call: fc.constantFrom('vmap_page_range', 'ioremap_page_range'), at, frames: one, prot }),
    fc.record({ call: fc.constantFrom('vunmap_range', 'set_memory_ro', 'set_memory_nx'), at, size: count }),
    fc.record(
      {
        call: fc.constant('set_huge_pte_at'),
        at,
        size: count,
        prot,
        noted: fc.nat(600),
        marker: fc.constant(true),
      },
      { requiredKeys: ['call', 'at', 'size', 'prot'] },
    ),
    fc.record({ call: fc.constantFrom(...onHugeEntries), at, size: count }),
    fc.record(
      { call: fc.constant('huge_ptep_set_access_flags'), at, size: count, prot, read: fc.constant(true) },
      { requiredKeys: ['call', 'at', 'size', 'prot'] },
    ),
    fc.record({
      call: fc.constantFrom(
        'vm_unmap_aliases',
        'flush_scheduled_work',
        'set_nohugeiomap',
        'vmap_node_shrink_count',
      ),
    }),
    fc.record({ call: fc.constantFrom('vmalloc', 'vzalloc', 'vmalloc_user', 'vmalloc_huge'), ...size }, some),
    fc.record(
      { call: fc.constantFrom('vmalloc_32', 'vmalloc_32_user', 'vmalloc_node', 'vzalloc_node'), ...size },
      some,
    ),
    fc.record(
      { call: fc.constantFrom('__vmalloc', '__vmalloc_node'), ...size, gfp },
      { requiredKeys: ['call', 'size', 'gfp'] },
    ),
    fc.record({ call: fc.constant('__get_vm_area_caller'), size: count, flags, ...limits }, taking),
    fc.record(
      { call: fc.constant('__vmalloc_node_range'), ...size, ...limits, align, prot, flags, gfp },
      inRange,
    ),
    fc.record({ call: fc.constant('vm_area_map_pages'), at, pages }),
    fc.record({ call: fc.constant('vm_area_unmap_pages'), at, size: count }),
    fc.record(
      {
        call: fc.constant('ioremap_prot'),
        ...size,
        offset: fc.nat(4095),
        memory: fc.constantFrom(...deviceMemories),
      },
      { requiredKeys: ['call', 'size', 'offset', 'memory'] },
    ),
    fc.record({ call: fc.constant('set_memory_valid'), at, size: count, enable: fc.boolean() }),
    fc.record({ call: fc.constant('vm_map_ram'), pages }),
    fc.record({ call: fc.constantFrom('vmalloc_to_page', 'vmalloc_to_pfn', 'kernel_page_present'), at }),
    fc.record({ call: fc.constant('arch_parse_debug_rodata'), size: count }),
    fc.record({ call: fc.constant('update_mapping_prot'), at, prot }),
    fc.record(
      { call: fc.constant('vmap_pfn'), size: count, prot, memory: fc.constantFrom(...frameEnds) },
      { requiredKeys: ['call', 'size', 'prot'] },
    ),
    fc.record(
      { call: fc.constant('remap_vmalloc_range'), from: fc.constantFrom(...refusedStarts), at, size: count },
      { requiredKeys: ['call', 'at', 'size'] },
    ),
    fc.record({ call: fc.constant('arch_make_huge_pte'), size: count, prot }),
  ];
  if (areas.length > 0) {
    const area = fc.constantFrom(...areas);
    choices.push(
      fc.record({ call: fc.constantFrom(...enders), area }),
      fc.record({ call: fc.constant('vrealloc'), area, ...size }, { requiredKeys: ['call', 'area', 'size'] }),
    );
  }
  return fc.tuple(fc.oneof(...choices), circumstances).map(([call, how]) => ({ ...call, ...how }));
}

function extended(before: readonly Operation[], more: number): fc.Arbitrary<Operation[]> {
  if (more === 0) return fc.constant([...before]);
  const areas = before.flatMap((each, index) => (makesArea(each) ? [index] : []));
  return operation(areas).chain((next) => extended([...before, next], more - 1));
}

/** Any scenario that the text form can hold, sensible or not. */
export const anyScenario: fc.Arbitrary<Scenario> = fc
  .integer({ min: 1, max: 6 })
  .chain((length) => extended([], length))
  .map((operations) => ({ operations }));
