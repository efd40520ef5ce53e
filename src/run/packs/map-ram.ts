// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { nullPages, singles, type Operation, type PageGroup, type Scenario } from '../scenario.ts';

/** vm_map_ram(): every size class of the per-CPU blocks, blocks that fill up and come free, and several CPUs. */
export function mapRamScenarios(): readonly Scenario[] {
  return [...sizes(), ...inBlocks(), ...onCpus()].map((operations) => ({ operations }));
}

/** As many pages as one call may take out of a block, on every kernel. */
const MOST_IN_BLOCK = 64;
/** No block holds more of the largest calls. */
const FILLS_A_BLOCK = 16;

/** Pages: no machine has that much vmalloc space. */
const TOO_LARGE = 2 ** 36;

function map(pages: readonly PageGroup[], cpu = 0): Operation {
  return { call: 'vm_map_ram', pages, ...(cpu > 0 && { cpu }) };
}

function unmap(area: number, cpu = 0): Operation {
  return { call: 'vm_unmap_ram', area, ...(cpu > 0 && { cpu }) };
}

function purge(cpu = 0): Operation {
  return { call: 'vm_unmap_aliases', ...(cpu > 0 && { cpu }) };
}

function sizes(): readonly (readonly Operation[])[] {
  const arrays: PageGroup[][] = [
    ...[1, 2, 3, 5, MOST_IN_BLOCK, MOST_IN_BLOCK + 1].map((count) => [singles(count)]),
    [nullPages()],
    [singles(2), nullPages()],
    [singles(MOST_IN_BLOCK), nullPages()],
  ];
  return arrays.map((pages) => [map(pages), unmap(0)]);
}

/** Neighbours in a block; a part of it used again after a purge and not before; a block with nothing left to give. */
function inBlocks(): readonly (readonly Operation[])[] {
  const one = [singles(1)];
  const many = (count: PageCount): readonly PageGroup[] => [singles(count)];
  const full = Array.from({ length: FILLS_A_BLOCK }, () => map(many(MOST_IN_BLOCK)));
  const apart: Operation = { call: 'vmap', pages: one, prot: 'rw', flags: ['VM_MAP'] };
  const almost = full.slice(3);
  const halves = full.map(() => map(many(MOST_IN_BLOCK / 2 + 1)));
  return [
    [map(one), map(many(3)), map(one), unmap(1), map(many(2)), unmap(0), unmap(2), unmap(4)],
    [map(many(2)), unmap(0), purge(), map(many(2)), unmap(3), purge(), map(one), unmap(6)],
    [map(one), map(many(4)), unmap(0), purge(), map(many(4)), unmap(1), unmap(4)],
    [map(many(MOST_IN_BLOCK)), map(one), unmap(1), purge(), unmap(0), purge(), map(one), unmap(6)],
    // A block with little left, all given back: the purge takes it, and the next call needs another.
    [...almost, ...almost.map((_call, area) => unmap(area)), purge(), map(one), unmap(2 * almost.length + 1)],
    [
      ...full,
      unmap(0),
      purge(),
      ...full.slice(1).map((_call, area) => unmap(area + 1)),
      purge(),
      map(one),
      unmap(2 * FILLS_A_BLOCK + 2),
    ],
    // Not where vmalloc space begins, and all of a block.
    [apart, ...full, ...full.map((_call, area) => unmap(area + 1)), { call: 'vunmap', area: 0 }],
    // No address is left for somebody else: blocks with nothing in use go.
    [map(one), unmap(0), { call: 'get_vm_area', size: TOO_LARGE, flags: ['VM_ALLOC'] }, map(one), unmap(3)],
    // Each takes 64 pages of the block, and maps a page more than half of them.
    [...halves, ...halves.map((_call, area) => unmap(area)), purge(), map(one), unmap(2 * FILLS_A_BLOCK + 1)],
    [
      map(many(MOST_IN_BLOCK + 1)),
      map(one),
      unmap(0),
      purge(),
      map(many(MOST_IN_BLOCK + 1)),
      unmap(4),
      unmap(1),
    ],
  ];
}

/** Each CPU has blocks of its own; what one maps another may unmap and a third purge. */
function onCpus(): readonly (readonly Operation[])[] {
  const few = [singles(2)];
  const cpus = [0, 1, 2, 3];
  return [
    [map(few), map(few, 1), unmap(0), unmap(1, 1)],
    // Blocks are not looked at in the order of their addresses.
    [
      { call: 'vmalloc', size: 1 },
      ...cpus.map((cpu) => map(few, cpu)),
      ...cpus.map((cpu) => unmap(cpu + 1, cpu)),
      purge(),
      { call: 'vfree', area: 0 },
    ],
    [map(few, 1), map(few, 2), unmap(0, 2), unmap(1, 1), purge(3), map(few, 2), unmap(5)],
    [map(few), map(few, 1), unmap(0, 1), purge(1), map(few), unmap(4, 2), unmap(1), purge(2)],
    [map(few, 3), unmap(0), map(few, 3), purge(), unmap(2, 1), purge(1), map(few), unmap(6, 3)],
    [
      { call: 'vmap', pages: few, prot: 'rw', flags: ['VM_MAP'], cpu: 1 },
      { call: 'vmalloc', size: 2, cpu: 2 },
      { call: 'vunmap', area: 0, cpu: 2 },
      { call: 'vfree', area: 1, cpu: 1 },
      purge(3),
      { call: 'vmap', pages: few, prot: 'rw', flags: ['VM_MAP'], cpu: 2 },
      { call: 'vunmap', area: 5, cpu: 1 },
    ],
  ];
}
