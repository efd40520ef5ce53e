// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { singles, type Operation, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/** get_vm_area(): sizes and kinds, areas beside each other, and an address space that has no room. */
export function areaScenarios({ run, block, largest }: Shapes): readonly Scenario[] {
  const sizes = [1, run, run + 1, block, block + 1, largest, 4 * largest];
  const each = sizes.flatMap((size) =>
    [['VM_IOREMAP'], ['VM_ALLOC']].map((flags) => [take(size, flags), giveBack(0)]),
  );
  const vmap: Operation = { call: 'vmap', pages: [singles(1)], prot: 'rw', flags: ['VM_MAP'] };
  const purge: Operation = { call: 'vm_unmap_aliases' };
  const together: Operation[][] = [
    [take(1), take(run), take(2), giveBack(1), take(block), take(run), giveBack(0), giveBack(2)],
    [take(run), take(run), take(run), giveBack(1), purge, take(run - 1), take(run), giveBack(5)],
    [take(block), giveBack(0), purge, take(1), take(block), giveBack(3), giveBack(4), purge, take(block + 1)],
    // A hole of the right size that is not aligned, and one that an aligned area has left.
    [take(1, ['VM_ALLOC']), take(run, ['VM_ALLOC']), giveBack(1), purge, take(run), giveBack(4)],
    [take(run), giveBack(0), purge, take(1), take(run, ['VM_ALLOC']), giveBack(4), purge, take(run)],
    [take(TOO_LARGE), vmap, giveBack(1)],
    [vmap, take(TOO_LARGE), giveBack(0), take(TOO_LARGE), vmap],
    // Side by side: more alignment than is needed shows.
    sideBySide(4 * largest),
    sideBySide(3 * block),
  ];
  return [...each, ...together].map((operations) => ({ operations }));
}

/** 2^48 bytes and more: no machine has that much vmalloc space. */
const TOO_LARGE = 2 ** 36;

function take(size: PageCount, flags: readonly string[] = ['VM_IOREMAP']): Operation {
  return { call: 'get_vm_area', size, flags };
}

function sideBySide(size: PageCount): Operation[] {
  return [0, 1, 2, 3].map(() => take(size));
}

function giveBack(area: number): Operation {
  return { call: 'vunmap', area };
}
