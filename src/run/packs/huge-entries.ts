// SPDX-License-Identifier: GPL-2.0-only
import { windowAt, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/** Huge entries of every size: set, cleared, set again, set anew, and side by side. Sizes that a tree does not know are left out when it is run. */
export function hugeEntryScenarios({ hugeSizes }: Shapes): readonly Scenario[] {
  return hugeSizes.flatMap((size): Scenario[] => {
    const first = windowAt(0);
    const second = windowAt(size);
    return [
      { operations: [{ call: 'arch_make_huge_pte', size, prot: 'rw' }] },
      {
        operations: [
          { call: 'set_huge_pte_at', at: first, size, prot: 'rw' },
          { call: 'huge_ptep_get_and_clear', at: first, size },
          { call: 'set_huge_pte_at', at: first, size, prot: 'ro' },
        ],
      },
      {
        operations: [
          { call: 'set_huge_pte_at', at: first, size, prot: 'rw' },
          { call: 'set_huge_pte_at', at: first, size, prot: 'ro' },
          { call: 'huge_ptep_get_and_clear', at: first, size },
        ],
      },
      {
        operations: [
          { call: 'set_huge_pte_at', at: first, size, prot: 'rw' },
          { call: 'set_huge_pte_at', at: second, size, prot: 'rw' },
          { call: 'huge_ptep_get_and_clear', at: first, size },
          { call: 'huge_ptep_get_and_clear', at: second, size },
        ],
      },
    ];
  });
}
