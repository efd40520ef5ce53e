// SPDX-License-Identifier: GPL-2.0-only

import { execFileSync } from 'node:child_process';

/** Longest output, in bytes, that one git command may produce. */
const OUTPUT_LIMIT = 512 * 1024 * 1024;

/**
 * Settings of a repository that could run programs or change output. A repository may come from anyone, so what
 * its configuration asks for must not decide what is run or how a diff is written.
 */
const SAFE_GIT_CONFIG: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.quotePath=true',
  'diff.noprefix=false',
  'diff.mnemonicPrefix=false',
  'diff.algorithm=myers',
  'diff.renames=true',
  'diff.suppressBlankEmpty=false',
  'protocol.allow=never',
  'log.showSignature=false',
];

/** The environment of every git process: no prompts, no pager, no replaced objects, plain English. */
export function gitEnvironment(): Record<string, string> {
  const keep = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'] as const;
  const environment: Record<string, string> = {
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    LC_ALL: 'C',
    TZ: 'UTC',
  };
  for (const name of keep) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** The arguments that come before the git command's own. */
export function gitPrefix(directory: string): string[] {
  return ['-C', directory, '--no-pager', ...SAFE_GIT_CONFIG.flatMap((setting) => ['-c', setting])];
}

export interface GitAnswer {
  readonly ok: boolean;
  readonly output: Buffer;
  /** The last line git wrote to stderr, for a diagnostic. */
  readonly complaint: string;
}

/** Runs git with fixed arguments, without a shell. `args` must not hold unchecked text that could be an option. */
export function runGit(directory: string, args: readonly string[], input?: string): GitAnswer {
  try {
    const output = execFileSync('git', [...gitPrefix(directory), ...args], {
      env: gitEnvironment(),
      input: input ?? '',
      maxBuffer: OUTPUT_LIMIT,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return { ok: true, output, complaint: '' };
  } catch (error) {
    return { ok: false, output: Buffer.alloc(0), complaint: lastLineOfStderr(error) };
  }
}

function lastLineOfStderr(error: unknown): string {
  const stderr = (error as { stderr?: unknown }).stderr;
  const text = Buffer.isBuffer(stderr) ? stderr.toString('utf8').trim() : '';
  if (text !== '') return text.slice(text.lastIndexOf('\n') + 1).slice(0, 300);
  return error instanceof Error ? error.message.slice(0, 300) : 'git failed';
}

/**
 * Whether `revision` is text that git can be given as a revision: not an option, no control characters, no
 * white space. Whether it exists is another question.
 */
export function isRevisionText(revision: string): boolean {
  if (revision === '' || revision.length > 500 || revision.startsWith('-')) return false;
  for (const character of revision) {
    if (character <= ' ' || character === '\x7f') return false;
  }
  return true;
}
