// SPDX-License-Identifier: GPL-2.0-only
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import SlowFirst from './test/slow-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Programs that tests start run everything themselves.
    env: { REWALK_NO_CACHE: '1' },
    // Tests time nothing; this only ends one that hangs, on a machine that may be busy with other work.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: Math.min(4, availableParallelism()),
    // A process of its own for each of some two hundred files would load the program anew for each of them.
    isolate: false,
    sequence: { sequencer: SlowFirst },
    passWithNoTests: false,
    // A missing golden fails; `npm run golden` writes them all anew.
    update: 'none',
    reporters: ['default', './test/reporter.ts'],
  },
});
