// SPDX-License-Identifier: GPL-2.0-only

import { existsSync } from 'node:fs';
import type { WithDiagnostics } from '../base/diagnostic.ts';
import { gitEnvironment, isRevisionText, runGit } from './git-process.ts';

/** A range of commits as the user names it: `base..tip`, in the repository `directory`. */
export interface GitRange {
  readonly directory: string;
  readonly base: string;
  readonly tip: string;
}

/** Most commits that a range may hold; more is surely a mistake. */
const COMMIT_LIMIT = 2000;

/**
 * Takes `base..tip` or `DIR@base..tip` apart; undefined if the text is no range, or names a file. A side left out
 * means HEAD.
 */
export function parseGitRange(text: string, defaultDirectory: string): GitRange | undefined {
  if (!text.includes('..') || existsSync(text)) return undefined;
  let directory = defaultDirectory;
  let range = text;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    if (at === 0 || !existsSync(text.slice(0, at))) continue;
    directory = text.slice(0, at);
    range = text.slice(at + 1);
    break;
  }
  const dots = range.indexOf('..');
  if (dots === -1 || range.includes('/../') || range.startsWith('../')) return undefined;
  const base = range.slice(0, dots) || 'HEAD';
  const tip = range.slice(dots + 2).replace(/^\./, '') || 'HEAD';
  return { directory, base, tip };
}

/** The commits of a range as `git format-patch` writes them: one mbox. */
export async function readGitRange(range: GitRange): Promise<WithDiagnostics<Buffer | undefined>> {
  const { directory } = range;
  const hashes: string[] = [];
  for (const revision of [range.base, range.tip]) {
    const hash = resolveCommit(directory, revision);
    if (hash === undefined) {
      const repository = existsSync(directory) && runGit(directory, ['rev-parse', '--git-dir']).ok;
      return repository
        ? fail(directory, 'ingest/no-revision', `\`${revision}\` names no commit of this repository`)
        : fail(
            directory,
            'ingest/no-repository',
            `\`${directory}\` is not a git repository that can be read`,
          );
    }
    hashes.push(hash);
  }
  const commits = `${hashes[0]}..${hashes[1]}`;
  const count = Number(runGit(directory, ['rev-list', '--count', '--no-merges', commits]).output.toString());
  if (count === 0) {
    return fail(directory, 'ingest/empty-range', `\`${range.base}..${range.tip}\` holds no commits`);
  }
  if (count > COMMIT_LIMIT) {
    const message = `\`${range.base}..${range.tip}\` holds ${count} commits, more than the ${COMMIT_LIMIT} that are read`;
    return fail(directory, 'ingest/range-too-long', message);
  }
  try {
    // --no-ext-diff and --no-textconv: the repository's configuration must not choose programs to run.
    const options = ['--stdout', '--no-cover-letter', '--no-attach', '--no-thread', '--no-signature'];
    const exact = [
      '--no-ext-diff',
      '--no-textconv',
      '--binary',
      '--full-index',
      '-M',
      '--no-color',
      '-U3',
      '-p',
      '--stat',
    ];
    const names = ['--src-prefix=a/', '--dst-prefix=b/', '--numbered', '--subject-prefix=PATCH'];
    const environment = gitEnvironment();
    const allowEnvironment = Object.keys(environment);
    // Only ranges need it, and to load it takes as long as to read a series.
    const { simpleGit } = await import('simple-git');
    const git = simpleGit({ baseDir: directory, allowEnvironment }).env(environment);
    const text = await git.raw(['format-patch', ...options, ...exact, ...names, '--end-of-options', commits]);
    return { value: Buffer.from(text, 'utf8'), diagnostics: [] };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown';
    return fail(directory, 'ingest/git-failed', `git could not write out the range: ${reason}`);
  }
}

/** The full hash of a commit, or undefined if `revision` names none. */
export function resolveCommit(directory: string, revision: string): string | undefined {
  if (!isRevisionText(revision) || !existsSync(directory)) return undefined;
  const answer = runGit(directory, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{commit}`,
  ]);
  const hash = answer.output.toString('latin1').trim();
  return answer.ok && /^[0-9a-f]{40,64}$/.test(hash) ? hash : undefined;
}

function fail(file: string, code: string, message: string): WithDiagnostics<undefined> {
  return { value: undefined, diagnostics: [{ code, severity: 'error', message, where: { file } }] };
}
