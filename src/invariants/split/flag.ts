// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { Invariant } from '../invariant.ts';
import { quoteLeafSize } from '../quoting.ts';

/** Flags that say so, in this version of the kernel or that. */
const TELLS: readonly string[] = ['VM_ALLOW_HUGE_VMAP', 'VM_HUGE_PAGES'];

export const splitFlag: Invariant = {
  id: 'split/flag',
  title: 'huge areas are marked',
  promise:
    'An area that may hold leaves larger than a page can be told from its flags: it bears VM_ALLOW_HUGE_VMAP, or VM_HUGE_PAGES as it was called at first.',
  source:
    'The comment at VM_ALLOW_HUGE_VMAP in include/linux/vmalloc.h, and arch/arm64/mm/pageattr.c, which looks at it.',
  why: 'Those who change attributes page by page (set_memory_*(), module code, drivers) must be able to see that an area is made of blocks, which not every architecture can split.',
  example: 'vmap() maps blocks by default, and its area bears VM_MAP only.',
  limits:
    'A risk, not a bug by itself: whether anybody changes attributes of such an area is another question. Areas of ioremap() are exempt: their attributes are not changed.',
  severity: 'risk',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    area: (event, n) => {
      const { flagNames, addr, size } = event;
      if (
        flagNames.includes('VM_IOREMAP') ||
        !flagNames.some((flag) => flag === 'VM_MAP' || flag === 'VM_ALLOC')
      )
        return;
      const runs = run.leafRuns(addr, addr + size);
      if (runs.length === 0) return;
      verdict.exercise();
      const large = runs.find(({ contiguous, format }) => contiguous || format.entryPages > 1);
      if (large === undefined || flagNames.some((flag) => TELLS.includes(flag))) return;
      verdict.violate({
        key: flagNames.includes('VM_MAP') ? 'VM_MAP' : 'VM_ALLOC',
        event: n,
        related: run.returned === undefined ? [] : [run.returned.n],
        addr: large.addr,
        expected: 'VM_ALLOW_HUGE_VMAP among the flags of the area',
        seen: `${flagNames.join(' | ')}, and a ${quoteLeafSize(large)} at ${hex(large.addr)}`,
      });
    },
  }),
};
