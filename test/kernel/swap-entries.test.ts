// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { descriptorFromBits } from '../../src/base/descriptor.ts';
import { cachedKernel } from '../../src/ingest/kernel-cache.ts';
import { openDirectoryTree } from '../../src/ingest/source-tree.ts';
import { __GFP_COMP } from '../../src/model/mm/gfp-bits.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { relevantSource } from '../../src/review-states.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { Stage } from '../../src/run/stage.ts';

const machine = machineNamed('arm64-4k')!;
const tree = cachedKernel('6.1');

/** An entry for a frame on the move. */
function swapEntry(pfn: number) {
  return descriptorFromBits((BigInt(pfn) << 8n) | (30n << 3n));
}

// Where CI is set the kernel must have been fetched; elsewhere the test says that it is skipped.
describe.skipIf(tree === undefined && process.env['CI'] === undefined)(
  'set_huge_pte_at() of Linux 6.1',
  () => {
    it.each([
      [4, 16],
      [9, 1],
    ])('sets an entry for each part of the huge page of order %d that a swap entry names', (order, count) => {
      const opened = openDirectoryTree(tree ?? 'a cache without Linux 6.1');
      const source = relevantSource(opened.value!, machine);
      const stage = new Stage(linkTree({ machine, source, mode: 'from-tree' }));
      const { linked, kernel } = stage;
      linked.boot([]);
      const table = kernel.mem.allocate({ size: 32 * 8, name: 'table', zeroed: true });
      const entry = swapEntry(kernel.page_to_pfn(kernel.alloc_pages(__GFP_COMP, order)));
      linked.call('set_huge_pte_at', [stage.initMm, stage.windowStart, table, entry]);
      const written = Array.from({ length: 32 }, (_, i) => kernel.mem.ldDescriptor(table + i * 8));
      expect(written).toEqual(Array.from({ length: 32 }, (_, i) => (i < count ? entry : 0)));
    });
  },
);
