// SPDX-License-Identifier: GPL-2.0-only
import { writeSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

/** Closes a run with the one line `N passed, N failed`, after everything that others print at its end. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string): number => states.filter((each) => each === state).length;
    // A file that cannot be loaded, and an error outside any test, are failures that no test stands for.
    const failed =
      count('failed') + modules.filter((module) => module.errors().length > 0).length + unhandled.length;
    const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
    process.once('exit', () => {
      if (failed > 0 || count('passed') === 0) process.exitCode ||= 1;
      writeSync(1, `${count('passed')} passed, ${failed} failed${skipped}\n`);
    });
  }
}
