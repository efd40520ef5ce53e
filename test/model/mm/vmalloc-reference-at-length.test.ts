// SPDX-License-Identifier: GPL-2.0-only
import { beforeAll, describe, test } from 'vitest';
import { cachedKernel } from '../../../src/ingest/kernel-cache.ts';
import { machineNamed } from '../../../src/model/machines/machine-list.ts';
import { everyCall } from './operation-sequences.ts';
import { expectAgreement, linkBoth } from './sequence-agreement.ts';

const tree = cachedKernel('6.12');

/** Four times so many sequences have each call. */
const EACH = 250;

// Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
describe.skipIf(tree === undefined && process.env['CI'] === undefined).each(['arm64-4k', 'x86_64-4level'])(
  'the model and Linux 6.12 on %s',
  (name) => {
    let both: ReturnType<typeof linkBoth>;
    beforeAll(() => {
      both = linkBoth(machineNamed(name)!, tree ?? '');
      // Shorter sequences have Linux as JavaScript.
      both.linux.heat();
    });

    test.each([1, 2, 3, 4])('do the same in sequences, quarter %d', (quarter) => {
      const { model, linux } = both;
      const firstSeed = quarter * 1_000_000;
      expectAgreement(model, linux, { calls: everyCall, each: EACH, refusesOnce: true, firstSeed });
    });
  },
);
