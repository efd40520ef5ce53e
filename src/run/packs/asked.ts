// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount } from '../../base/units.ts';
import { MORE_THAN_MEMORY } from '../frames.ts';
import {
  runOf,
  singles,
  type AddressLimits,
  type AllocRangeOperation,
  type Operation,
  type Scenario,
} from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/** What callers ask of areas and memory beside the size: a range, an alignment, a zone, a node, a mask, flags. */
export function askedScenarios(shapes: Shapes): readonly Scenario[] {
  return [
    ...ranges(),
    [vmalloc(1, { from: 0, to: 4, align: BEYOND_ALL }), vfree(0)],
    ...alignedRanges(shapes),
    betweenAreas(),
    ...besidePools(),
    ...memory(shapes),
    ...allRefused(shapes),
    ...atomic(shapes),
    ...refused(),
  ].map((operations) => ({ operations }));
}

type Sequence = readonly Operation[];

const GUARD: PageCount = 1;
const purge: Operation = { call: 'vm_unmap_aliases' };

function take(size: PageCount, limits: AddressLimits): Operation {
  return { call: '__get_vm_area_caller', size, flags: ['VM_ALLOC'], ...limits };
}

function giveBack(area: number): Operation {
  return { call: 'vunmap', area };
}

function vmalloc(size: PageCount, said: Partial<AllocRangeOperation> = {}): Operation {
  const usual = { align: 1, prot: 'rw', flags: [], gfp: 'GFP_KERNEL' } as const;
  return { call: '__vmalloc_node_range', size, ...usual, ...said };
}

function vfree(area: number): Operation {
  return { call: 'vfree', area };
}

/** Ranges that are just large enough for one area or two, full, and free again. */
function ranges(): readonly Sequence[] {
  const one = { from: 0, to: 4 + GUARD };
  const two = { from: 0, to: 2 * (4 + GUARD) };
  return [
    [take(4, one), giveBack(0), take(4, one), giveBack(2)],
    [take(4, two), take(4, two), take(1, two), giveBack(0), take(4, two), giveBack(4), giveBack(1)],
    [take(4, one), take(4, one), giveBack(0), purge, take(3, one), giveBack(4)],
    [take(2, { from: 8 }), take(2, { to: 8 }), giveBack(0), giveBack(1)],
    ...overlapping(),
    [vmalloc(4, one), vfree(0), vmalloc(4, one), vfree(2)],
  ];
}

/** Pages: rounded up to that, any address of vmalloc space is 0. */
const BEYOND_ALL = 2 ** 36;

/** One area is there; another is asked for in every range around it, of two sizes. */
function overlapping(): readonly Sequence[] {
  const there = { from: 4, to: 8 + GUARD };
  const ends = [3, 6, 8 + GUARD, 12];
  const limits = ends.flatMap((from) => ends.filter((to) => to > from + GUARD).map((to) => ({ from, to })));
  return limits.map((each) => [take(4, there), take(1, each), take(3, each), giveBack(0)]);
}

/** The range is what the area takes with its guard page, and begins where it must. */
function alignedRanges({ run, block }: Shapes): readonly Sequence[] {
  return [run, block].flatMap((align) => {
    const exact = vmalloc(align - GUARD, { align, from: 0, to: align });
    const within = vmalloc(2, { align, from: 1, to: 3 * align });
    // The first piece ends too early for what would fit if it were not for the alignment.
    const there = { from: align + 2, to: align + 4 + GUARD };
    return [
      [exact, vfree(0), purge, exact, vfree(3)],
      [take(2, there), within, vfree(1), giveBack(0)],
    ];
  });
}

/** Holes that are large enough and have no aligned place; behind them some that are just large enough and aligned. */
function betweenAreas(): Sequence {
  const align = 8;
  const keep = (at: PageCount, size: PageCount): Operation => take(size, { from: at, to: at + size + GUARD });
  const exact = (from: PageCount): Operation => vmalloc(align - GUARD, { align, from, to: from + align });
  const kept = [1, 2, 3, 4, 5, 6].map((i) => keep(2 * align * i - 2, 3));
  const places = [7, 8, 9, 10].map((i) => 2 * align * i);
  const beside = places.flatMap((at) => [keep(at - 2, 1), keep(at + align, 1)]);
  return [...kept, ...beside, exact(2 * align), ...places.map(exact)];
}

/** Areas of the same size have been given back, elsewhere: those who ask for a range must not get them. */
function besidePools(): readonly Sequence[] {
  return [{ from: 0 }, { to: 0 }, { from: 0, to: 2 + GUARD }].map((limits) => [
    vmalloc(2),
    vfree(0),
    purge,
    vmalloc(2, limits),
    vfree(3),
  ]);
}

const NOFAIL = 'GFP_KERNEL|__GFP_NOFAIL';

function memory({ run, block }: Shapes): readonly Sequence[] {
  const masks = ['GFP_NOFS', 'GFP_NOIO', 'GFP_USER', 'GFP_HIGHUSER', 'GFP_KERNEL_ACCOUNT'];
  const calls: readonly Operation[] = [
    ...masks.map((gfp): Operation => ({ call: '__vmalloc', size: 2, gfp })),
    { call: 'vmalloc_32', size: 2 },
    { call: 'vmalloc_32', size: run },
    { call: 'vmalloc_node', size: 3 },
    { call: '__vmalloc_node', size: 3, gfp: 'GFP_KERNEL' },
    vmalloc(run, { node: 0, gfp: 'GFP_NOFS', flags: ['VM_ALLOW_HUGE_VMAP'] }),
    { call: 'vzalloc_node', size: 2 },
    { call: 'vmalloc_32_user', size: 2 },
    // There is another way for what may not fail than to insist on large pages.
    { call: 'vmalloc_huge', size: run, gfp: 'GFP_NOFS|__GFP_NOFAIL' },
    // The first page alone comes at once, and the task is told to end.
    { call: '__vmalloc', size: 3, gfp: NOFAIL, task: 'killed', fail: { nth: 1, onward: false } },
    // Tables are asked for as if it might fail.
    { call: '__vmalloc', size: 2, gfp: NOFAIL, fail: { nth: 2, onward: false } },
    // More bytes than there are pages of memory.
    { call: 'vmalloc_huge', size: 3 * block },
  ];
  return calls.map((call) => [call, vfree(0)]);
}

/** Larger blocks than this have more pages than it is worth to map one by one. */
const MOST_PAGES: PageCount = 512;

/** What must not fail, where all is refused that may be: large pages are, and single ones then must not be. */
function allRefused({ run, block }: Shapes): readonly Sequence[] {
  const fail = { nth: 1, onward: true };
  const calls: readonly Operation[] = [
    { call: '__vmalloc', size: 2, gfp: NOFAIL, fail },
    ...[run, block]
      .filter((size) => size <= MOST_PAGES)
      .map((size): Operation => ({ call: 'vmalloc_huge', size, gfp: NOFAIL, fail })),
  ];
  return calls.map((call) => [call, vfree(0)]);
}

/** Who may not sleep asks, gets less and less, and at last enough for a list of pages that is an area itself. */
function atomic({ block }: Shapes): readonly Sequence[] {
  const nowait: Operation = { call: '__vmalloc', size: 2, gfp: 'GFP_NOWAIT' };
  const refusals = [1, 2, 3, 4, 5, 6, 7].map((nth): Operation => ({
    ...nowait,
    fail: { nth, onward: true },
  }));
  const others: readonly Operation[] = [
    { call: '__vmalloc', size: 1, gfp: 'GFP_ATOMIC' },
    { call: '__vmalloc', size: block + 1, gfp: 'GFP_ATOMIC' },
  ];
  return [nowait, ...refusals, ...others].map((call) => [call, vfree(0)]);
}

function refused(): readonly Sequence[] {
  const vmap: Operation = {
    call: 'vmap',
    pages: [singles(2)],
    prot: 'rw',
    flags: ['VM_MAP', 'VM_FLUSH_RESET_PERMS'],
  };
  const nothing: Operation = { call: 'get_vm_area', size: 0, flags: ['VM_ALLOC'] };
  // Where there is nothing to be had, whoever asks for more than all memory gets to know it at once.
  const fail = { nth: 1, onward: true };
  const tooMuch: Sequence = [
    { ...vmap, flags: ['VM_MAP'], pages: [runOf(MORE_THAN_MEMORY, { compound: false })], fail },
    { call: 'vmalloc', size: MORE_THAN_MEMORY, fail },
  ];
  return [[vmap, { ...vmap, flags: ['VM_MAP'] }, giveBack(1), nothing], tooMuch];
}
