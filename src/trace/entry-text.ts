// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, type Descriptor } from '../base/descriptor.ts';
import { hex } from '../base/u64.ts';
import { type EntryFormat, type LevelFormat, matches } from './page-table-entry.ts';
import { sizeText } from './size-text.ts';

/** `none`, `table pfn 0x40011`, `2 MiB leaf pfn 0x50200 rw nx`, in the words of kernel people. */
export function entryText(entries: EntryFormat, format: LevelFormat, descriptor: Descriptor): string {
  const kind = entries.kind(format, descriptor);
  const pfn = hex(entries.rawPfn(format, descriptor));
  switch (kind) {
    case 'none':
      return descriptor === 0 ? 'none' : `not valid (pfn ${pfn})`;
    case 'table':
      return `table pfn ${pfn}`;
    case 'bad':
      return `neither table nor leaf (pfn ${pfn})`;
    case 'leaf': {
      const contiguous = entries.isContiguous(format, descriptor) ? ' cont' : '';
      const rights = rightsText(entries, attributesOf(descriptor));
      return `${sizeText(format.entrySize)} leaf pfn ${pfn} ${rights}${contiguous}`;
    }
  }
}

/** `rw nx`, `ro x`, with `user` where user space may use it. */
export function rightsText(entries: EntryFormat, attributes: number): string {
  const rights = [
    entries.isWritable(attributes) ? 'rw' : 'ro',
    entries.isExecutable(attributes) ? 'x' : 'nx',
    ...(matches(entries.machine.attributes.user, attributes) ? ['user'] : []),
  ];
  return rights.join(' ');
}
