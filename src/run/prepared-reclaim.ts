// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../base/units.ts';
import { findMember } from '../translate/c-type.ts';
import type { ReclaimOperation } from './reader-operations.ts';
import type { PreparedCall } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** What reclaim asks of the areas that wait in pools: how many there are, and that they go. */
export function prepareShrink(stage: Stage, { call }: ReclaimOperation): PreparedCall {
  return {
    intent: { kind: 'other' },
    values: { shrink: 0, sc: 0 },
    after: (_error, _addr, { operation, value }) => {
      const found = pooledAreas(stage);
      if (found === undefined) return;
      const isCount = call === 'vmap_node_shrink_count';
      const told = value === SHRINK_EMPTY ? 0 : Number(value);
      const name = isCount ? 'areas that reclaim is told of and does not find' : 'areas that reclaim leaves';
      stage.linked.emit({
        kind: 'counter',
        name: `${name}, #${operation}`,
        value: isCount ? told - found : found,
      });
    },
  };
}

/** Nothing to count: ~0UL - 1. */
const SHRINK_EMPTY = -2;

/** More than scenarios make: what goes on behind that is a ring without its head. */
const MOST_AREAS = 10_000;

/** How many areas the pools of a tree's nodes hold, as plain reads of memory show it; undefined where it has no pools. */
function pooledAreas(stage: Stage): number | undefined {
  const { kernel: k, linked } = stage;
  const [nodes, count] = [linked.variable('vmap_nodes'), linked.variable('nr_vmap_nodes')];
  const node = linked.program.findStruct('vmap_node');
  const pools = node === undefined ? undefined : findMember(node, 'pool');
  const type = pools?.member.type;
  if (nodes === undefined || count === undefined || node?.size === undefined) return undefined;
  if (pools === undefined || type?.kind !== 'array' || type.of.kind !== 'struct') return undefined;
  const [perNode, size] = [type.length ?? 0, type.of.size ?? 0];
  const first = readPointer(stage, nodes) + pools.offset + (findMember(type.of, 'head')?.offset ?? 0);
  let found = 0;
  for (let i = 0; i < k.mem.ld32(count) * perNode; i++) {
    found += listLength(stage, first + Math.floor(i / perNode) * node.size + (i % perNode) * size);
  }
  return found;
}

function listLength(stage: Stage, head: Ptr): number {
  let length = 0;
  for (let at = readPointer(stage, head); at !== head && length < MOST_AREAS; at = readPointer(stage, at))
    length++;
  return length;
}

function readPointer({ kernel: k }: Stage, at: Ptr): Ptr {
  const { buffer } = k.mem.readAnyway(at, 8);
  return Number(new DataView(buffer).getBigInt64(0, true));
}
