// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { TreeStateEvent } from '../../trace/state-events.ts';
import type { Invariant } from '../invariant.ts';

export const areaTrees: Invariant = {
  id: 'area/trees',
  title: 'trees of areas are sound',
  promise:
    'After every call the trees of areas are sorted by address, no address is in two of them, their lists follow the same order, and what a node of the free tree says is the size of the largest area below it.',
  source:
    'mm/vmalloc.c: the comments above free_vmap_area_root and augment_tree_propagate_from(), and what DEBUG_AUGMENT_PROPAGATE_CHECK there checks.',
  why: 'Searches go by it: a size that is too small hides free space, one that is too large leads nowhere, and an area in the wrong place is not found when it is freed.',
  example: 'A free area is cut at its start, and the sizes above it are not calculated anew.',
  limits:
    'Trees and lists are read between calls, so that what is wrong while a call runs is not seen. Areas in pools are in no tree.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    /** The last change of a tree in the present call. */
    let changed: number | undefined;
    /** What is wrong stays wrong: it is held against the call after which it was first seen. */
    const seen = new Set<TreeStateEvent['fault']>();
    return {
      operation: () => {
        changed = undefined;
      },
      tree: ({ change }, n) => {
        if (change !== 'read') changed = n;
      },
      return: () => {
        if (changed !== undefined) verdict.exercise();
      },
      'tree-state': (event, n) => {
        if (seen.has(event.fault)) return;
        seen.add(event.fault);
        const related = [run.returned?.n, changed].filter((each) => each !== undefined);
        verdict.violate({ key: event.fault, event: n, related, addr: event.addr, ...wordsOf(event) });
      },
    };
  },
};

function wordsOf({ fault, name, expected, seen }: TreeStateEvent): {
  readonly expected: string;
  readonly seen: string;
} {
  switch (fault) {
    case 'freed':
      return { expected: `areas in the tree ${name}`, seen: 'a node in memory that is not in use' };
    case 'maximum':
      return {
        expected: `${hex(expected)} bytes as the largest below the node, in ${name}`,
        seen: `${hex(seen)} bytes`,
      };
    case 'list':
      return { expected: `a next area in the list from ${hex(expected)} on`, seen: hex(seen) };
    case 'order':
    case 'shared':
      return { expected: `in the tree ${name}, nothing below ${hex(expected)}`, seen: hex(seen) };
  }
}
