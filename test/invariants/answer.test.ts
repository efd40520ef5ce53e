// SPDX-License-Identifier: GPL-2.0-only
import { answer } from '../../src/invariants/answer.ts';
import { arm64 } from '../trace/small-machines.ts';
import { judgeFixtures } from './judge-fixtures.ts';
import { traceOn } from './trace-on.ts';

judgeFixtures(answer, {
  good_expected: () =>
    traceOn(arm64)
      .op('is_vmalloc_addr', { kind: 'ask', answers: [0] })
      .returns(),
  good_one_of_two: () =>
    traceOn(arm64)
      .op('arch_hugetlb_valid_size', { kind: 'ask', answers: [1, 0] })
      .returns(),
  bad_other: [
    ['wrong'],
    () =>
      traceOn(arm64)
        .op('arch_hugetlb_valid_size', { kind: 'ask', answers: [1] })
        .returns(),
  ],
});
