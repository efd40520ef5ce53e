// SPDX-License-Identifier: GPL-2.0-only
import {
  invalidPages,
  nullPages,
  runOf,
  singles,
  type PageGroup,
  type Protection,
  type Scenario,
} from '../scenario.ts';
import type { Shapes } from './shapes.ts';

/** vmap() and vunmap() over arrays of pages of every shape. */
export function vmapScenarios(shapes: Shapes): readonly Scenario[] {
  return [
    ...aloneShapes(shapes),
    ...smallSequences(shapes),
    ...blockSequences(shapes),
    ...badPages(shapes),
    ...protectionsAndFlags(shapes),
  ];
}

function mapAndUnmap(pages: readonly PageGroup[], prot: Protection = 'rw'): Scenario {
  return {
    operations: [
      { call: 'vmap', pages, prot, flags: ['VM_MAP'] },
      { call: 'vunmap', area: 0 },
    ],
  };
}

/** One kind of run: whole, in parts, repeated, misaligned, compound or not. */
function aloneShapes({ run, block }: Shapes): readonly Scenario[] {
  const arrays: PageGroup[][] = [[], [singles(1)], [singles(run + 1)], [runOf(3)], [runOf(run + 3)]];
  for (const pages of [run / 2, run, 2 * run]) {
    arrays.push([runOf(pages)], [runOf(pages, { compound: false })], [runOf(pages, { repeat: 2 })]);
    arrays.push([runOf(pages, { misaligned: 1 })], [runOf(pages, { misaligned: pages / 2 })]);
    arrays.push([runOf(pages, { count: pages - 1 })], [runOf(pages, { first: 1 })]);
    arrays.push([runOf(pages), runOf(pages, { follows: true })]);
  }
  // The smallest and the largest that is still no block: as far as they differ from those between.
  for (const pages of [2, 4 * run]) {
    arrays.push([runOf(pages)], [runOf(pages, { repeat: 2 })], [runOf(pages, { misaligned: pages / 2 })]);
  }
  arrays.push(
    [runOf(block / 2)],
    [runOf(block / 2, { misaligned: run })],
    [runOf(block)],
    [runOf(block, { misaligned: 1 })],
    [runOf(block, { count: block - 1 })],
    [runOf(block + run)],
    [runOf(2 * block, { compound: false })],
  );
  return arrays.map((pages) => mapAndUnmap(pages));
}

/** Every two out of a few small runs beside each other: the second one is followed by one like the first. */
function smallSequences({ run }: Shapes): readonly Scenario[] {
  const choices = [
    singles(1),
    runOf(run),
    runOf(2 * run, { compound: false }),
    runOf(run, { misaligned: 1 }),
  ];
  return choices.flatMap((a) => choices.map((b) => mapAndUnmap(a === b ? [a, b] : [a, b, a])));
}

/** Blocks beside runs and pages, so that segments begin at addresses that are not aligned to them. */
function blockSequences({ run, block }: Shapes): readonly Scenario[] {
  const half = block / 2;
  const arrays: PageGroup[][] = [
    [runOf(block), runOf(run), singles(1)],
    [runOf(run), runOf(block)],
    [runOf(run), runOf(half, { repeat: 3, compound: false })],
    [runOf(half), runOf(half, { follows: true }), runOf(run)],
    [singles(block - 1), runOf(run), singles(1)],
    [runOf(4 * run, { repeat: 3 }), runOf(run, { repeat: 3 }), singles(3)],
    [singles(3), runOf(run, { repeat: 3 }), runOf(4 * run, { repeat: 3 })],
    [runOf(block), runOf(run, { misaligned: 1 }), runOf(block)],
  ];
  return arrays.map((pages) => mapAndUnmap(pages));
}

/** NULL and invalid pages at the start, in the middle and at the end. */
function badPages({ run, block }: Shapes): readonly Scenario[] {
  const small = [nullPages(), invalidPages()].flatMap((bad): PageGroup[][] => [
    [bad],
    [bad, singles(2)],
    [singles(2), bad, singles(2)],
    [singles(3), bad],
    [runOf(run), bad, runOf(run)],
    [bad, runOf(run)],
  ]);
  const large: PageGroup[][] = [
    [nullPages(), runOf(block)],
    [runOf(block), invalidPages()],
    // Struct pages in a row, but of no memory: what only looks at addresses takes them for a block.
    [invalidPages(run)],
    [invalidPages(block)],
  ];
  return [...small, ...large].map((pages) => mapAndUnmap(pages));
}

function protectionsAndFlags({ run, block }: Shapes): readonly Scenario[] {
  const pages = [runOf(run), singles(2)];
  const protections = (['ro', 'rwx', 'rox', 'uncached'] as const).map((prot) => mapAndUnmap(pages, prot));
  const opted: Scenario = {
    operations: [
      {
        call: 'vmap',
        pages: [runOf(block), runOf(run)],
        prot: 'rw',
        flags: ['VM_MAP', 'VM_ALLOW_HUGE_VMAP'],
      },
      { call: 'vunmap', area: 0 },
    ],
  };
  const withoutHugeIoremap: Scenario = {
    operations: [
      { call: 'set_nohugeiomap' },
      { call: 'vmap', pages: [runOf(block), runOf(run)], prot: 'rw', flags: ['VM_MAP'] },
      { call: 'vunmap', area: 1 },
    ],
  };
  return [...protections, opted, withoutHugeIoremap];
}
