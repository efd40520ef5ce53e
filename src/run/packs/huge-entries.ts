// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import type { HugeEntryOperation } from '../huge-operations.ts';
import { singles, windowAt, type Operation, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/** Huge entries of every size, in every state that they may be in. Sizes that a tree does not know are left out when it is run. */
export function hugeEntryScenarios({
  hugeSizes,
  run,
  block,
  pageShift,
  tables,
}: Shapes): readonly Scenario[] {
  const sequences = hugeSizes.flatMap((size) => [
    ...lives(size),
    ...uses(size, block),
    ...(size < block ? [overPages(size, pageShift)] : []),
    ...(size === run || size >= block ? [modified(size), ...withoutTables(size, tables)] : []),
  ]);
  return [...sequences, ...aboutSizes(hugeSizes)].map((operations) => ({ operations }));
}

type Sequence = readonly Operation[];

function set(
  size: PageCount,
  prot: 'rw' | 'ro',
  more: { noted?: PageCount; fresh?: true; marker?: true; process?: true } = {},
): Operation {
  return { call: 'set_huge_pte_at', at: windowAt(0), size, prot, ...more };
}

function on(call: HugeEntryOperation['call'], size: PageCount): Operation {
  return { call, at: windowAt(0), size };
}

/** Set, cleared, set again, set anew, side by side. */
function lives(size: PageCount): readonly Sequence[] {
  const second = windowAt(size);
  const beside: Operation = { call: 'set_huge_pte_at', at: second, size, prot: 'rw' };
  return [
    [{ call: 'arch_make_huge_pte', size, prot: 'rw' }],
    [set(size, 'rw'), on('huge_ptep_get_and_clear', size), set(size, 'ro'), on('huge_pte_clear', size)],
    [set(size, 'rw'), set(size, 'ro'), on('huge_ptep_get_and_clear', size)],
    [
      set(size, 'rw'),
      beside,
      on('huge_ptep_get_and_clear', size),
      { call: 'huge_ptep_get_and_clear', at: second, size },
    ],
    [
      set(size, 'rw'),
      beside,
      on('huge_ptep_set_wrprotect', size),
      on('huge_pte_clear', size),
      { call: 'huge_ptep_clear_flush', at: second, size },
    ],
    [set(size, 'rw', { marker: true }), on('huge_ptep_get', size), set(size, 'rw')],
  ];
}

/** Hardware notes a write through the first entry, the second, one in the middle, and the last; then something is done with the entry. */
function uses(size: PageCount, block: PageCount): readonly Sequence[] {
  const access = (prot: 'rw' | 'ro', more: { read?: true } = {}): Operation => ({
    call: 'huge_ptep_set_access_flags',
    at: windowAt(0),
    size,
    prot,
    ...more,
  });
  const places = [...new Set([0, size > block ? block : 1, size - 1])];
  return [
    ...places.flatMap((noted): Sequence[] => [
      [set(size, 'rw', { noted }), on('huge_ptep_get', size), on('huge_ptep_get_and_clear', size)],
      [
        set(size, 'rw', { noted, process: true }),
        on('huge_ptep_set_wrprotect', size),
        on('huge_ptep_clear_flush', size),
      ],
      [set(size, 'rw', { noted }), access('rw'), on('huge_ptep_get', size), on('huge_pte_clear', size)],
    ]),
    [
      set(size, 'rw', { noted: size / 2, process: true }),
      access('rw', { read: true }),
      on('huge_ptep_get', size),
    ],
    [set(size, 'ro', { noted: size - 1 }), on('huge_ptep_get', size), access('ro'), access('rw')],
    [
      set(size, 'rw'),
      access('rw'),
      on('huge_ptep_clear_flush', size),
      set(size, 'rw', { fresh: true }),
      access('rw', { read: true }),
      on('huge_ptep_get', size),
      access('rw'),
      on('huge_ptep_get', size),
    ],
  ];
}

/** A run in the place of pages that are mapped by themselves. */
function overPages(size: PageCount, shift: number): Sequence {
  return [
    { call: 'vmap_pages_range', at: windowAt(0), pages: [singles(size)], prot: 'rw', shift },
    set(size, 'rw'),
    on('huge_ptep_get_and_clear', size),
  ];
}

/** Taken away and put back with other rights, as mprotect() does. */
function modified(size: PageCount): Sequence {
  return [
    set(size, 'rw', { process: true }),
    on('huge_ptep_modify_prot_start', size),
    { call: 'huge_ptep_modify_prot_commit', at: windowAt(0), size, prot: 'ro' },
    on('huge_ptep_get', size),
  ];
}

/** Each table on the way down is refused. */
function withoutTables(size: PageCount, tables: number): readonly Sequence[] {
  return Array.from({ length: tables }, (_, i): Sequence => [
    { call: 'huge_pte_alloc', at: windowAt(0), size, fail: { nth: i + 1, onward: true } },
  ]);
}

/** What the architecture says of sizes that it has, and of one that nobody has. */
function aboutSizes(sizes: readonly PageCount[]): readonly Sequence[] {
  return [
    [...sizes, 2, 3].map((size): Operation => ({ call: 'arch_hugetlb_valid_size', size })),
    sizes.map((size): Operation => ({ call: 'hugetlb_mask_last_page', size })),
  ];
}
