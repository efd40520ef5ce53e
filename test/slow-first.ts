// SPDX-License-Identifier: GPL-2.0-only
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, slowest first: one that came last would keep a single core busy while the others wait. */
const SLOW = [
  'model/mm/vmalloc-reference.test.ts',
  'kernel/baseline.test.ts',
  'model/mm/vmalloc-reference-at-length.test.ts',
  'run/every-machine.test.ts',
  'faces/hook/pre-push.test.ts',
  'e2e/tui.test.ts',
  'run/agreement.test.ts',
  'kernel/test-module.test.ts',
  'translate/gcc-differential/differential.test.ts',
  'review/embedded-series.test.ts',
  'faces/hook/send-email.test.ts',
  'faces/hook/b4.test.ts',
];

/** Runs the slow files first, on a checkout too on which nothing was ever timed. */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  const index = SLOW.findIndex((name) => moduleId.endsWith(`/test/${name}`));
  return index === -1 ? SLOW.length : index;
}
