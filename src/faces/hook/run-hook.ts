// SPDX-License-Identifier: GPL-2.0-only

import type { RunKind } from './hook-kinds.ts';
import { runGitHook } from './run-git-hook.ts';

/**
 * Runs a hook to its end and leaves. A bug of rewalk's, too, is something that could not be checked: it is told, and
 * stops only where the settings say so.
 */
export async function runHook(kind: RunKind, args: readonly string[]): Promise<void> {
  switch (kind) {
    case 'sendemail-validate':
    case 'pre-push':
    case 'pre-review':
      try {
        leave(await runGitHook(kind, args));
      } catch (error) {
        const { reportBug } = await import('./stop-or-go.ts');
        leave(reportBug(kind, error));
      }
      return;
    default: {
      const { runB4Check } = await import('./run-b4-check.ts');
      leave(await runB4Check(kind));
    }
  }
}

/** A review that was given up has threads that still run. */
function leave(status: number): void {
  process.exitCode = status;
  process.stdout.write('', () => process.exit(status));
}
