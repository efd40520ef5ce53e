// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../base/u64.ts';
import type { Invariant } from './invariant.ts';

export const answer: Invariant = {
  id: 'answer',
  title: 'plain questions answered truly',
  promise:
    'A function that only tells something of an address or a size tells what is so: whether an address lies in vmalloc space, whether hugetlb may use a size, how far the last page of a size below one table lies behind the first.',
  source:
    'is_vmalloc_addr(): VMALLOC_START is the first address of vmalloc space, VMALLOC_END the first behind it. arch_hugetlb_valid_size() and hugetlb_mask_last_page(): blocks of the machine, and contiguous runs where the architecture uses them; include/linux/hugetlb.h.',
  why: 'Others decide by it what they do with memory: they free it the wrong way, or leave a size unused that the machine has.',
  example: 'The first address behind vmalloc space counts as part of it.',
  limits:
    'Only what the machine settles is asked for. Where an architecture may or may not use a size, both answers are good; so is 0 for what hugetlb_mask_last_page() does not know.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => ({
    return: ({ value }, n) => {
      const intent = run.operation?.intent;
      if (intent?.kind !== 'ask') return;
      verdict.exercise();
      if (intent.answers.includes(Number(value))) return;
      verdict.violate({
        key: 'wrong',
        event: n,
        related: [run.operation?.n ?? n],
        expected: intent.answers.map((each) => hex(each)).join(' or '),
        seen: hex(value),
      });
    },
  }),
};
