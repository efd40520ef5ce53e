// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { Kernel } from '../kernel.ts';
import { WARN_ON } from '../mm/bug.ts';
import { readingPlace } from './reading.ts';

// lib/iov_iter.c: what is read is not copied. The pages that it comes from are told, by where they stand in it.

/**
 * @kernel lib/iov_iter.c copy_page_to_iter_nofault
 * @fidelity custom: nothing is copied. Emits `page-given` (pfn -1 for bytes of another place in the page), `warn`.
 * @returns how many bytes there was room for
 */
export function copy_page_to_iter_nofault(
  k: Kernel,
  page: Ptr,
  offset: ByteCount,
  bytes: ByteCount,
  i: Ptr,
): ByteCount {
  const iter = k.structs.iov_iter(i);
  const reading = k.state(readingPlace);
  if (offset + bytes > k.pageSize && k.PageCompound(page) === 0) {
    WARN_ON(k, true, 'more is copied than the page holds');
    return 0;
  }
  const copied = Math.min(bytes, iter.count);
  const index = Math.floor(reading.position / k.pageSize);
  if (copied > 0 && page !== Number(k.mem.ld64(k.globals['__zero_page']!))) {
    const isSamePlace = offset === reading.position % k.pageSize;
    k.trace.emit({ kind: 'page-given', index, pfn: isSamePlace ? k.page_to_pfn(page) : -1 });
  }
  reading.position += copied;
  iter.count -= copied;
  return copied;
}
