// SPDX-License-Identifier: GPL-2.0-only

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gitEnvironment, gitPrefix, runGit } from './git-process.ts';
import { resolveCommit } from './git-range.ts';
import { MAIL_LIMIT, type RawMail } from './mail.ts';

/** Which part of a mirror to read, by commits: after `base` (all if undefined) up to `tip`. */
export interface InboxRange {
  readonly base: string | undefined;
  readonly tip: string;
}

/**
 * The repositories of a public-inbox mirror: the directory itself if it is one, or its epochs `git/0.git`,
 * `git/1.git` in order. Empty if it is no mirror.
 */
export function findInboxRepositories(directory: string): string[] {
  if (isInboxRepository(directory)) return [directory];
  const epochs = join(directory, 'git');
  if (!existsSync(epochs)) return [];
  return readdirSync(epochs)
    .filter((name) => /^\d{1,4}\.git$/.test(name))
    .sort((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10))
    .map((name) => join(epochs, name))
    .filter(isInboxRepository);
}

function isInboxRepository(directory: string): boolean {
  const hasRepository = existsSync(join(directory, '.git')) || existsSync(join(directory, 'objects'));
  if (!hasRepository || resolveCommit(directory, 'HEAD') === undefined) return false;
  // A mirror's newest commit holds one file: `m`, a mail, or `d` where it takes one back.
  const names = runGit(directory, ['ls-tree', '--name-only', 'HEAD']).output.toString('latin1').trim();
  return names === 'm' || names === 'd';
}

/** Reads a mirror's mails, oldest first, without a checkout. Commits that only delete a mail are passed over. */
export async function* readInboxMails(directory: string, range: InboxRange): AsyncGenerator<RawMail> {
  const tip = resolveCommit(directory, range.tip);
  const base = range.base === undefined ? undefined : resolveCommit(directory, range.base);
  if (tip === undefined || (range.base !== undefined && base === undefined)) return;
  const commits = runGit(directory, ['rev-list', '--reverse', base === undefined ? tip : `${base}..${tip}`]);
  const hashes = commits.output
    .toString('latin1')
    .split('\n')
    .filter((hash) => hash !== '');
  let index = 0;
  for await (const bytes of readBlobs(
    directory,
    hashes.map((hash) => `${hash}:m`),
  )) {
    const hash = hashes[index] ?? '';
    index += 1;
    if (bytes !== undefined) yield { bytes, place: { file: `${directory}@${hash.slice(0, 12)}:m`, line: 1 } };
  }
}

/** The content of each named object, in order; undefined where there is none, or it is larger than a mail may be. */
async function* readBlobs(directory: string, names: readonly string[]): AsyncGenerator<Buffer | undefined> {
  const child = spawn('git', [...gitPrefix(directory), 'cat-file', '--batch', '--buffer'], {
    env: gitEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${names.join('\n')}\n`);
  const reader = new BatchReader();
  try {
    for await (const chunk of child.stdout) {
      reader.push(chunk as Buffer);
      for (let answer = reader.take(); answer !== undefined; answer = reader.take()) yield answer.bytes;
    }
  } finally {
    child.kill();
  }
}

/** Takes the answers of `git cat-file --batch` out of its output as it arrives. */
class BatchReader {
  private chunks: Buffer[] = [];
  private length = 0;
  /** Bytes needed before it is worth looking again. */
  private wanted = 1;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  take(): { bytes: Buffer | undefined } | undefined {
    if (this.length < this.wanted) return undefined;
    const all = this.chunks.length === 1 ? (this.chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.chunks);
    this.chunks = [all];
    const headEnd = all.indexOf(0x0a);
    if (headEnd === -1) {
      this.wanted = this.length + 1;
      return undefined;
    }
    const words = all.toString('latin1', 0, headEnd).split(' ');
    if (words.at(-1) === 'missing' || words.length < 3) {
      this.drop(all, headEnd + 1);
      return { bytes: undefined };
    }
    const size = Number(words[2]);
    const end = headEnd + 1 + size;
    if (all.length < end + 1) {
      this.wanted = end + 1;
      return undefined;
    }
    const bytes = size <= MAIL_LIMIT ? Buffer.from(all.subarray(headEnd + 1, end)) : undefined;
    this.drop(all, end + 1);
    return { bytes };
  }

  private drop(all: Buffer, count: number): void {
    this.chunks = [all.subarray(count)];
    this.length = all.length - count;
    this.wanted = 1;
  }
}
