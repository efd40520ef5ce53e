// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, Shift, VirtAddr } from '../base/units.ts';

/** What a caller asks of a new area and its memory, beside what is mapped there. Absent: nothing. */
export interface AskedOfArea {
  /** The size that the caller names, before it is rounded to pages. */
  readonly bytes: ByteCount;
  /** Names of flags that the area shall bear. */
  readonly flagNames: readonly string[];
  /** No address below, and none from there on. */
  readonly from?: VirtAddr;
  readonly to?: VirtAddr;
  /** Who asks, where the callee is told: what the area shall name. */
  readonly caller?: Ptr;
  /** Its memory shall hold zeroes. */
  readonly zeroed?: true;
  /** Log2 of what its first address shall be a multiple of, where that is more than a page. */
  readonly alignShift?: Shift;
  /** What memory may be taken, in the words of `AllocEvent.gfp`; absent where the callee takes none for its caller. */
  readonly gfp?: string;
}
