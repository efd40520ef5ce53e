// SPDX-License-Identifier: GPL-2.0-only

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const temporary: string[] = [];

process.on('exit', () => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder, removed when the test process ends. */
export function makeTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rewalk-test-'));
  temporary.push(folder);
  return folder;
}

const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Series Author',
  GIT_AUTHOR_EMAIL: 'author@example.org',
  GIT_AUTHOR_DATE: '2026-04-07T10:00:00+0000',
  GIT_COMMITTER_NAME: 'Series Author',
  GIT_COMMITTER_EMAIL: 'author@example.org',
  GIT_COMMITTER_DATE: '2026-04-07T10:00:00+0000',
  LC_ALL: 'C',
};

/** Runs the real git in `folder`, as an oracle or to make test data; throws if it fails. */
export function git(folder: string, args: readonly string[], input: string | Buffer = ''): string {
  return execFileSync('git', args, {
    cwd: folder,
    env: ENVIRONMENT,
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** As `git`, but undefined if it fails. */
export function tryGit(folder: string, args: readonly string[], input = ''): string | undefined {
  try {
    return git(folder, args, input);
  } catch {
    return undefined;
  }
}

/** Makes an empty repository on branch main. */
export function makeRepository(): string {
  const folder = makeTemporaryFolder();
  git(folder, ['init', '-q', '-b', 'main']);
  return folder;
}

/** Writes files (undefined deletes) and commits everything. */
export function commitFiles(
  folder: string,
  files: Record<string, string | undefined>,
  message: string,
): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (text === undefined) rmSync(join(folder, path));
    else writeFileSync(join(folder, path), text);
  }
  git(folder, ['add', '-A']);
  git(folder, ['commit', '-q', '--allow-empty', '-F', '-'], message);
  return git(folder, ['rev-parse', 'HEAD']).trim();
}
