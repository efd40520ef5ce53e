// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/invariants/judge.ts';
import { memAsked } from '../../../src/invariants/mem/asked.ts';
import type { AskedOfArea } from '../../../src/trace/asked-of-area.ts';
import type { Intent } from '../../../src/trace/events.ts';
import { arm64, pageKernel, VMALLOC } from '../../trace/small-machines.ts';
import { judgeFixtures } from '../judge-fixtures.ts';
import { PAGE, traceOn, type TraceBuilder } from '../trace-on.ts';

const PFN = 0x90000;
const KERNEL = 'wait io fs';

function vmallocOf(asked: Partial<AskedOfArea>): Intent {
  return {
    kind: 'map',
    size: PAGE,
    prot: pageKernel(arm64),
    maxShift: 12,
    legal: true,
    asked: { bytes: PAGE, flagNames: [], ...asked },
  };
}

/** A page that is taken with that mask, and mapped. */
function mapped(gfp: string, asked: Partial<AskedOfArea>): TraceBuilder {
  return traceOn(arm64)
    .op('vmalloc', vmallocOf(asked))
    .event({ kind: 'page', change: 'alloc', pfn: PFN, order: 0, gfp })
    .map('pte', VMALLOC, PFN)
    .cacheVmap(VMALLOC, VMALLOC + PAGE)
    .returns({ addr: VMALLOC });
}

describe('in words', () => {
  const said = (trace: TraceBuilder): readonly (readonly string[])[] =>
    [...judge(trace, [memAsked]).values()].flatMap(({ violations }) =>
      violations.map(({ expected, seen }) => [expected, seen]),
    );

  it.each([
    ['wait io', KERNEL, 'an allocation that may wait and do I/O', 'one that may call file systems'],
    ['', 'wait io', 'an allocation that may not wait', 'one that may wait and do I/O'],
    [`${KERNEL} node0`, KERNEL, 'pages of node 0', 'pfn 0x90000, asked of any node and zone'],
    [KERNEL, `${KERNEL} node0`, 'pages of any node and zone', 'pfn 0x90000, asked of node 0'],
    [
      `${KERNEL} dma32 node1`,
      `${KERNEL} node1`,
      'pages of ZONE_DMA32 and node 1',
      'pfn 0x90000, asked of node 1',
    ],
  ])('asked for with `%s`, and taken with `%s`', (asked, taken, expected, seen) => {
    expect(said(mapped(taken, { gfp: asked }))).toEqual([[expected, seen]]);
  });
});

const ZEROED = { gfp: KERNEL, zeroed: true } as const;

judgeFixtures(memAsked, {
  good_as_asked: () => mapped(KERNEL, { gfp: KERNEL }),
  good_less_than_allowed: () => mapped('wait io', { gfp: KERNEL }),
  good_smaller_zone: () => mapped(`${KERNEL} dma`, { gfp: `${KERNEL} dma32` }),
  bad_into_file_systems: [['may-fs'], () => mapped(KERNEL, { gfp: 'wait io' })],
  bad_object_with_io: [
    ['may-io'],
    () =>
      mapped('wait', { gfp: 'wait' })
        .op('vmalloc', vmallocOf({ gfp: 'wait' }))
        .event({ kind: 'alloc', what: 'object', addr: 0, size: 8, name: 'vm_struct', gfp: 'wait io' }),
  ],
  bad_zone_forgotten: [['place'], () => mapped(KERNEL, { gfp: `${KERNEL} dma32` })],
  bad_node_forgotten: [['place'], () => mapped(KERNEL, { gfp: `${KERNEL} node0` })],
  bad_contents_lost: [
    ['contents'],
    () =>
      mapped(KERNEL, { gfp: KERNEL }).event({
        kind: 'area',
        addr: VMALLOC,
        size: 2 * PAGE,
        flags: 0,
        flagNames: [],
        contentsLost: true,
      }),
  ],
  bad_old_bytes: [
    ['zero'],
    () =>
      mapped(KERNEL, ZEROED).event({
        kind: 'area',
        addr: VMALLOC,
        size: 2 * PAGE,
        flags: 0,
        flagNames: [],
        notZero: true,
      }),
  ],
});
