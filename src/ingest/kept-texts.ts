// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** The quickest: texts that repeat themselves become a tenth of their size either way. */
const COMPRESSION = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

/** A text that says that it is longer than this, in bytes, is not believed. */
const LONGEST = 256 * 1024 * 1024;

/** A draft that is so many milliseconds older than the newest file was left by a run that was killed. */
const ABANDONED = 60 * 60 * 1000;

/** Marks what is still being written. */
const DRAFT = '.draft';

/**
 * Texts by name in a folder, from one run to the next. Whatever goes wrong with the folder, a text that cannot be read as it
 * was written is one that is not there: nothing depends on it but time.
 */
export class KeptTexts {
  readonly #directory: string;
  readonly #limit: number;
  #isTidy = false;

  /** @param limit bytes that the folder may take, about; what was written first goes first */
  constructor(directory: string, limit: number) {
    this.#directory = directory;
    this.#limit = limit;
  }

  /** @param name letters and digits */
  get(name: string): string | undefined {
    try {
      const bytes = readFileSync(join(this.#directory, name));
      const body = bytes.subarray(DIGEST_BYTES);
      if (!digestOf(body).equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
      return brotliDecompressSync(body, { maxOutputLength: LONGEST }).toString('utf8');
    } catch {
      return undefined;
    }
  }

  put(name: string, text: string): void {
    const draft = join(this.#directory, `${name}.${process.pid}${DRAFT}`);
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      this.#tidyOnce();
      const body = brotliCompressSync(text, COMPRESSION);
      writeFileSync(draft, Buffer.concat([digestOf(body), body]));
      renameSync(draft, join(this.#directory, name));
    } catch {
      removeIfThere(draft);
    }
  }

  /** Once a run is often enough: a run adds little to what may be there. */
  #tidyOnce(): void {
    if (this.#isTidy) return;
    this.#isTidy = true;
    const files = readdirSync(this.#directory).map((name) => {
      const path = join(this.#directory, name);
      const { size, mtimeMs } = statSync(path);
      return { path, size, mtimeMs };
    });
    const newest = Math.max(0, ...files.map(({ mtimeMs }) => mtimeMs));
    let total = 0;
    for (const { path, size, mtimeMs } of files.toSorted((a, b) => b.mtimeMs - a.mtimeMs)) {
      total += size;
      if (total > this.#limit || (path.endsWith(DRAFT) && mtimeMs < newest - ABANDONED)) rmSync(path);
    }
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What keeps it from being removed kept it from being written.
  }
}

const DIGEST_BYTES = 32;

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
