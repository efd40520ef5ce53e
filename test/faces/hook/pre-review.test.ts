// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HookedRepository } from './hooked-repository.ts';

const hasGitReview = spawnSync('git', ['review', '--version']).status === 0;
if (!hasGitReview) process.stderr.write('SKIPPED: git review, because it is not installed\n');

const CHANGE_ID = `Change-Id: I${'0123456789'.repeat(4)}`;

// Under CI git-review is installed, and a machine without it fails.
describe.skipIf(!hasGitReview && process.env['CI'] === undefined)('git review', () => {
  it('is stopped for the commits that no remote has, and goes on regardless when told to', () => {
    const repository = new HookedRepository();
    expect(repository.rewalk('hook', 'install', '--type', 'pre-review').status).toBe(0);
    // Without this hook, git-review looks for one at the server.
    const commitMessage = join(repository.folder, '.git/hooks/commit-msg');
    writeFileSync(commitMessage, `#!/bin/sh\nprintf '\\n${CHANGE_ID}\\n' >> "$1"\n`);
    chmodSync(commitMessage, 0o755);
    repository.commitBreaking();
    const review = (...options: string[]) =>
      repository.run('git', ['review', ...options, '--no-rebase', '--yes', '--remote', 'origin', 'main']);
    const stopped = review();
    expect(stopped.status).not.toBe(0);
    expect(stopped.stdout + stopped.stderr).toMatch(
      /this review is stopped[^]*map\/exact[^]*--no-custom-script/,
    );
    expect(review('--no-custom-script').status).toBe(0);
    expect(repository.git('ls-remote', 'origin')).toContain('refs/for/main');
  });
});
