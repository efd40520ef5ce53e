// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { singles, windowAt, type HugeEntryOperation, type Operation, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/** Huge entries of every size, in every state that they may be in. Sizes that a tree does not know are left out when it is run. */
export function hugeEntryScenarios({ hugeSizes, block, pageShift }: Shapes): readonly Scenario[] {
  return hugeSizes
    .flatMap((size) => [...lives(size), ...uses(size), ...(size < block ? overPages(size, pageShift) : [])])
    .map((operations) => ({ operations }));
}

type Sequence = readonly Operation[];

function set(
  size: PageCount,
  prot: 'rw' | 'ro',
  more: { noted?: PageCount; fresh?: true; marker?: true } = {},
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

/** Hardware notes a write through the first page, one inside, and the last; then something is done with the entry. */
function uses(size: PageCount): readonly Sequence[] {
  const access = (prot: 'rw' | 'ro', more: { read?: true } = {}): Operation => ({
    call: 'huge_ptep_set_access_flags',
    at: windowAt(0),
    size,
    prot,
    ...more,
  });
  const places = [...new Set([0, size / 2, size - 1])];
  return [
    ...places.flatMap((noted): Sequence[] => [
      [set(size, 'rw', { noted }), on('huge_ptep_get', size), on('huge_ptep_get_and_clear', size)],
      [set(size, 'rw', { noted }), on('huge_ptep_set_wrprotect', size), on('huge_ptep_clear_flush', size)],
      [set(size, 'rw', { noted }), access('rw'), on('huge_ptep_get', size), on('huge_pte_clear', size)],
    ]),
    [set(size, 'rw', { noted: size - 1 }), access('rw', { read: true }), on('huge_ptep_get', size)],
    [set(size, 'ro', { noted: size - 1 }), on('huge_ptep_get', size), access('ro'), access('rw')],
    [
      set(size, 'rw'),
      access('rw'),
      on('huge_ptep_clear_flush', size),
      set(size, 'rw', { fresh: true }),
      access('rw', { read: true }),
      on('huge_ptep_get', size),
    ],
  ];
}

/** A run where some of its pages are mapped by themselves. */
function overPages(size: PageCount, shift: number): readonly Sequence[] {
  return [1, size - 1].map((page) => [
    { call: 'vmap_pages_range', at: windowAt(page), pages: [singles(1)], prot: 'rw', shift },
    set(size, 'rw'),
    on('huge_ptep_get_and_clear', size),
  ]);
}
