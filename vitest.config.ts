// SPDX-License-Identifier: GPL-2.0-only
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // Tests time nothing; this only ends one that hangs, on a machine that may be busy with other work.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: false,
    // A missing golden fails; `npm run golden` writes them all anew.
    update: 'none',
    reporters: ['default', './test/reporter.ts'],
  },
});
