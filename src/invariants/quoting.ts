// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../base/u64.ts';
import type { VirtAddr } from '../base/units.ts';
import type { LeafRun } from '../trace/leaf-runs.ts';
import { rightsText } from '../trace/entry-text.ts';
import type { EntryFormat, Leaf } from '../trace/page-table-entry.ts';
import { sizeText } from '../trace/size-text.ts';

/** `[0x1000, 0x3000)`, or the same with `(empty)`. */
export function quoteRange(start: VirtAddr, end: VirtAddr): string {
  return `[${hex(start)}, ${hex(end)})${start === end ? ' (empty)' : ''}`;
}

/** What an address translates to: `pfn 0x40200 (2 MiB pmd leaf)`. */
export function quoteTranslation(addr: VirtAddr, leaf: Leaf | undefined, pageSize: number): string {
  if (leaf === undefined) return 'no translation';
  const pfn = leaf.pfn + Math.floor((addr - leaf.addr) / pageSize);
  return `pfn ${hex(pfn)} (${sizeText(leaf.size)} ${leaf.level} leaf)`;
}

/** `64 KiB contiguous pte run`, `2 MiB pmd leaf`. */
export function quoteLeafSize(run: LeafRun): string {
  const { format, contiguous } = run;
  if (!contiguous) return `${sizeText(format.entrySize)} ${format.name} leaf`;
  return `${sizeText(format.entrySize * format.runEntries)} contiguous ${format.name} run`;
}

/** One name for objects, and elements of arrays, of one kind: `vmap_nodes[].busy.lock`. */
export function kindOfObject(name: string): string {
  return name.replaceAll(/\[\d+\]/g, '[]');
}

/** What pages may be used for, and the bits that say it: `rw nx (0x1c00020)`. */
export function quoteProtection(format: EntryFormat, attributes: number): string {
  return `${rightsText(format, attributes)} (${quoteAttributes(attributes)})`;
}

/** Attribute bits: `0x1c00020`. */
export function quoteAttributes(attributes: number): string {
  return `0x${attributes.toString(16)}`;
}
