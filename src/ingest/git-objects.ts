// SPDX-License-Identifier: GPL-2.0-only

import { spawn } from 'node:child_process';
import { gitEnvironment, gitPrefix } from './git-process.ts';

/** What git says of one name that it was asked for. */
export interface GitObject {
  /** Empty if there is no such object. */
  readonly hash: string;
  /** Undefined if there is none, it is larger than was asked for, or only names were asked for. */
  readonly bytes: Buffer | undefined;
}

/** The content of each named object, in order, as git writes it: no more than a few are in memory at a time. */
export function readObjects(
  directory: string,
  names: readonly string[],
  sizeLimit: number,
): AsyncGenerator<GitObject> {
  return askGit(directory, names, '--batch', sizeLimit);
}

/** The hash of each named object, in order. */
export function findObjects(directory: string, names: readonly string[]): AsyncGenerator<GitObject> {
  return askGit(directory, names, '--batch-check', 0);
}

async function* askGit(
  directory: string,
  names: readonly string[],
  mode: '--batch' | '--batch-check',
  sizeLimit: number,
): AsyncGenerator<GitObject> {
  if (names.length === 0) return;
  const child = spawn('git', [...gitPrefix(directory), 'cat-file', mode, '--buffer'], {
    env: gitEnvironment(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // It ends early if its reader does.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${names.join('\n')}\n`);
  const reader = new BatchReader(mode === '--batch', sizeLimit);
  try {
    for await (const chunk of child.stdout) {
      reader.push(chunk as Buffer);
      for (let answer = reader.take(); answer !== undefined; answer = reader.take()) yield answer;
    }
  } finally {
    child.kill();
  }
}

/** Takes the answers of `git cat-file` out of its output as it arrives. */
class BatchReader {
  private readonly hasContent: boolean;
  private readonly sizeLimit: number;
  private chunks: Buffer[] = [];
  private length = 0;
  /** Bytes needed before it is worth looking again. */
  private wanted = 1;

  constructor(hasContent: boolean, sizeLimit: number) {
    this.hasContent = hasContent;
    this.sizeLimit = sizeLimit;
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  take(): GitObject | undefined {
    if (this.length < this.wanted) return undefined;
    const all = this.chunks.length === 1 ? (this.chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.chunks);
    this.chunks = [all];
    const headEnd = all.indexOf(0x0a);
    if (headEnd === -1) {
      this.wanted = this.length + 1;
      return undefined;
    }
    const words = all.toString('latin1', 0, headEnd).split(' ');
    const [hash = '', , size] = words;
    if (words.at(-1) === 'missing' || size === undefined) {
      this.drop(all, headEnd + 1);
      return { hash: '', bytes: undefined };
    }
    if (!this.hasContent) {
      this.drop(all, headEnd + 1);
      return { hash, bytes: undefined };
    }
    const end = headEnd + 1 + Number(size);
    if (all.length < end + 1) {
      this.wanted = end + 1;
      return undefined;
    }
    const bytes = Number(size) <= this.sizeLimit ? Buffer.from(all.subarray(headEnd + 1, end)) : undefined;
    this.drop(all, end + 1);
    return { hash, bytes };
  }

  private drop(all: Buffer, count: number): void {
    this.chunks = [all.subarray(count)];
    this.length = all.length - count;
    this.wanted = 1;
  }
}
