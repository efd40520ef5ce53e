// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { singles, type Operation, type Scenario } from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/**
 * An address space that is full but for a few pages: what was given back has to be found again, whole, in smaller
 * pieces, and merged with its neighbours. Each begins with one area that takes all the rest, #0.
 */
export function fullSpaceScenarios(shapes: Shapes): readonly Scenario[] {
  const sequences = [...again(), ...merged(), ...inPieces(), percpu(), percpuInHoles()];
  return [
    ...sequences.map((each) => withFree(shapes, FREE, each)),
    withFree(shapes, FOR_HOLES, growingHoles()),
  ];
}

/** The same, where it is too small for what is asked: whoever asks has to make do with that. */
export function noSpaceScenarios(shapes: Shapes): readonly Scenario[] {
  return [
    ...tooMuch().map((each) => withFree(shapes, FREE, each)),
    ...toSpare().map((each) => withFree(shapes, FREE, each)),
    withFree(shapes, WITHOUT_BLOCK + SMALLEST, withoutStruct()),
  ];
}

/** What is done when only so many pages are free. */
function withFree({ space }: Shapes, free: PageCount, operations: Sequence): Scenario {
  const rest: Operation = { call: 'get_vm_area', size: space - free - GUARD, flags: ['VM_ALLOC'] };
  return { operations: [rest, ...operations] };
}

/** Behind each area. */
const GUARD = 1;
/** As many pages as four areas take, or eight of half their size. */
const FREE = 40;
const QUARTER = FREE / 4 - GUARD;
const EIGHTH = FREE / 8 - GUARD;
const HALF = FREE / 2 - GUARD;
const THREE_QUARTERS = 3 * (FREE / 4) - GUARD;

/** What an area of a page takes. */
const SMALLEST = 1 + GUARD;
/** Holes of every size up to that, each with an area behind it. */
const LARGEST_HOLE = 8;
const FOR_HOLES = 64;

/** More than vm_map_ram() takes out of a block: it has an area of its own, of just so many pages. */
const WITHOUT_BLOCK = 66;

type Sequence = readonly Operation[];

const purge: Operation = { call: 'vm_unmap_aliases' };

function vmap(size: PageCount): Operation {
  return { call: 'vmap', pages: [singles(size)], prot: 'rw', flags: ['VM_MAP'] };
}

function vunmap(area: number): Operation {
  return { call: 'vunmap', area };
}

function repeat(count: number, operation: Operation): Sequence {
  return Array.from({ length: count }, () => operation);
}

/** The same size again, where the purge has to come of itself and where it came before. */
function again(): readonly Sequence[] {
  const four = repeat(4, vmap(QUARTER));
  const alloc: Operation = { call: 'vmalloc', size: QUARTER };
  return [
    [...four, vunmap(2), vmap(QUARTER), vunmap(1), vunmap(4), vmap(QUARTER), vmap(QUARTER)],
    [...four, vunmap(2), purge, vmap(QUARTER), vunmap(4), purge, vmap(QUARTER)],
    [...four, vunmap(1), purge, { ...vmap(QUARTER), cpu: 1 }],
    [...repeat(4, alloc), { call: 'vfree', area: 3 }, alloc],
  ];
}

/** Neighbours given back one after the other, from either side and with the middle last. */
function merged(): readonly Sequence[] {
  const four = repeat(4, vmap(QUARTER));
  return [
    [...four, vunmap(2), vunmap(3), vmap(HALF)],
    [...four, vunmap(2), purge, vunmap(3), purge, vmap(HALF)],
    [...four, vunmap(3), purge, vunmap(2), purge, vmap(HALF)],
    [...four, vunmap(1), vunmap(3), purge, vunmap(2), purge, vmap(THREE_QUARTERS)],
  ];
}

/** Holes between areas that stay, filled again; a hole cut in two. */
function inPieces(): readonly Sequence[] {
  const eight = repeat(8, vmap(EIGHTH));
  const everySecond = [2, 4, 6, 8].map(vunmap);
  return [
    [...eight, ...everySecond, purge, ...repeat(4, vmap(EIGHTH)), vunmap(7), vmap(EIGHTH)],
    [...eight, vunmap(2), vunmap(3), vunmap(6), vunmap(7), purge, vmap(QUARTER), vmap(QUARTER)],
    // Many holes, two of which grow.
    [
      ...repeat(FREE / 2, vmap(1)),
      ...Array.from({ length: FREE / 4 }, (_, i) => vunmap(2 * i + 2)),
      purge,
      ...[vunmap(7), purge, vmap(5), vunmap(13), vmap(5)],
      ...repeat(4, vmap(1)),
    ],
    // An aligned area in the middle of a hole, and all of the hole again.
    [
      ...repeat(4, vmap(QUARTER)),
      ...[vunmap(2), purge, { call: 'get_vm_area', size: 4, flags: ['VM_IOREMAP'] } as const],
      ...[vmap(1), vunmap(7), vunmap(8), purge, vmap(QUARTER)],
    ],
    [
      ...repeat(4, vmap(QUARTER)),
      vunmap(2),
      purge,
      vmap(EIGHTH),
      vmap(1),
      vunmap(7),
      vunmap(8),
      vmap(QUARTER),
    ],
  ];
}

/** More than there is: nothing may be lost, and nothing may go beyond the end. */
function tooMuch(): readonly Sequence[] {
  const three = repeat(3, vmap(QUARTER));
  return [
    [vmap(FREE), vmap(HALF), vmap(FREE), vmap(HALF)],
    [...three, vmap(HALF), vmap(QUARTER), vunmap(2), vmap(HALF), vmap(QUARTER)],
    [...three, { call: 'vmalloc', size: HALF }, { call: 'vm_map_ram', pages: [singles(65)] }, vmap(QUARTER)],
  ];
}

/** Another task has what is missing, and gives it back to who asks, or to who waits. */
function toSpare(): readonly Sequence[] {
  const spare: Operation = { call: 'get_vm_area', size: QUARTER, flags: ['VM_ALLOC'] };
  const mustNotFail: Operation = { call: '__vmalloc', size: QUARTER, gfp: 'GFP_KERNEL|__GFP_NOFAIL' };
  const full = [spare, ...repeat(3, vmap(QUARTER))];
  return [vmap(QUARTER), mustNotFail].map((wanted) => [...full, { ...wanted, gives: 1 }]);
}

/** Areas at a distance: further than what is left is long, and then not. */
function percpu(): Sequence {
  const take = (apart: PageCount): Operation => ({ call: 'pcpu_get_vm_areas', size: 4, apart, count: 2 });
  return [take(4 * FREE), take(FREE / 2), { call: 'pcpu_free_vm_areas', area: 2 }, vmap(QUARTER)];
}

/** Between areas that stay, at every distance: a place for one is no place for the other until both were looked at. */
function percpuInHoles(): Sequence {
  const holes = [21, 3, 7, 3];
  const distances = [6, 8, 10, 12, 14, 16, 18, 20];
  const first = 1 + holes.length + 3;
  return [
    ...holes.map((size) => vmap(size)),
    vunmap(1),
    vunmap(3),
    purge,
    ...distances.flatMap((apart, index): Sequence => [
      { call: 'pcpu_get_vm_areas', size: 2, apart, count: 2 },
      { call: 'pcpu_free_vm_areas', area: first + 3 * index },
      purge,
    ]),
  ];
}

/** Where an area with its guard page was, pages without one. */
function withoutStruct(): Sequence {
  return [
    vmap(WITHOUT_BLOCK - GUARD),
    vmap(1),
    vunmap(1),
    // What another CPU has given back waits for that CPU, until there is nothing else.
    { call: 'vm_map_ram', pages: [singles(WITHOUT_BLOCK)], cpu: 1 },
    { call: 'vm_unmap_ram', area: 4 },
  ];
}

/** Each hole larger than those before it: then areas that fit into one hole alone, the largest first. */
function growingHoles(): Sequence {
  const sizes = Array.from({ length: LARGEST_HOLE - GUARD }, (_, i) => i + 1);
  const take = (size: PageCount): Operation => ({ call: 'get_vm_area', size, flags: ['VM_ALLOC'] });
  return [
    ...sizes.flatMap((size) => [take(size), take(1)]),
    ...sizes.map((_, i) => vunmap(2 * i + 1)),
    purge,
    ...sizes.toReversed().map((size) => ({ ...take(size), cpu: 1 })),
  ];
}
