// SPDX-License-Identifier: GPL-2.0-only

import { execFileSync } from 'node:child_process';

/** Longest answer, in bytes. */
const ANSWER_LIMIT = 64 * 1024 * 1024;

/**
 * Asks the user's own git, with the user's configuration and the environment that a hook was given: unlike the reading
 * of sources, a hook has to do with this repository as git sees it. Undefined where git says no.
 */
export function askGit(args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, {
      encoding: 'utf8',
      maxBuffer: ANSWER_LIMIT,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

/** The answer's lines without the empty ones; none where git says no. */
export function askGitForLines(args: readonly string[]): string[] {
  return (askGit(args) ?? '').split('\n').filter((line) => line !== '');
}

/** The full name of a commit. */
export function commitNamed(revision: string): string | undefined {
  return askGitForLines(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])[0];
}

/** A name of a commit that people can read, and that still is of no other. */
export function shortName(commit: string): string {
  return askGitForLines(['rev-parse', '--short=12', commit])[0] ?? commit;
}

/** The top folder of the working tree, or the repository itself where it has none. */
export function repositoryFolder(): string | undefined {
  return (
    askGitForLines(['rev-parse', '--show-toplevel'])[0] ??
    askGitForLines(['rev-parse', '--absolute-git-dir'])[0]
  );
}
