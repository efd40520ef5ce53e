// SPDX-License-Identifier: GPL-2.0-only
import { ult } from '../../base/u64.ts';
import type { VirtAddr } from '../../base/units.ts';
import { sizeText } from '../../trace/size-text.ts';
import type { Invariant } from '../invariant.ts';
import { quoteRange } from '../quoting.ts';

interface Flush {
  readonly n: number;
  readonly start: VirtAddr;
  readonly end: VirtAddr;
}

export const flushOnce: Invariant = {
  id: 'flush/once',
  title: 'no TLB flush for nothing',
  promise:
    'The range of a TLB flush does not end before it begins, and no call that has gone on to something else flushes again what it has flushed while no entry changed in between.',
  source:
    'arch/arm64/include/asm/tlbflush.h and arch/x86/mm/tlb.c: a range that is too long is answered by a flush of everything; _vm_unmap_aliases() of mm/vmalloc.c flushes by itself only where the purge has not.',
  why: 'Every CPU of the machine is interrupted for it, and flushing all makes every CPU walk all of its tables again.',
  example:
    'A range that stays at ULONG_MAX and 0 where there was nothing to flush is handed to flush_tlb_kernel_range().',
  limits:
    'Only flushes inside one call are compared, and only those that the one before covers as a whole; two in a row are taken for intended. One call runs at a time: whether another CPU could have changed an entry in between, so that the second flush is needed, is for the reader. That a flush comes too early or reaches too far is not looked at.',
  severity: 'cost',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let last: Flush | undefined;
    /** Locks have come or gone since the last flush. */
    let wentOn = false;
    return {
      lock: () => {
        wentOn = true;
      },
      operation: () => {
        last = undefined;
      },
      'tlb-flush': ({ scope, start, end, local }, n) => {
        if (run.operation === undefined || local || scope === 'all') return;
        verdict.exercise();
        const related = [run.operation.n];
        if (ult(end, start)) {
          const seen = quoteRange(start, end);
          verdict.violate({ key: 'backwards', event: n, related, addr: start, expected: 'a range', seen });
        } else if (wentOn && last !== undefined && isCovered(last, start, end) && !run.hasWritten(last.n)) {
          verdict.violate({
            key: 'again',
            event: n,
            related: [last.n],
            addr: start,
            expected: `one flush of ${quoteRange(start, end)}, unless another CPU may change entries in between`,
            seen: `a second one of ${sizeText(end - start)} after other work, and no entry has changed here since the first`,
          });
        }
        last = { n, start, end };
        wentOn = false;
      },
    };
  },
};

function isCovered(last: Flush, start: VirtAddr, end: VirtAddr): boolean {
  return start < end && last.start <= start && end <= last.end;
}
