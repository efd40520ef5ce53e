// SPDX-License-Identifier: GPL-2.0-only

import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Diagnostic, WithDiagnostics } from '../../base/diagnostic.ts';

/** What a digest remembers from one run to the next. */
export interface DigestState {
  /** Marks of the mails that were told of, the oldest first. */
  readonly told: readonly string[];
  /** Message id of the last digest that was mailed. */
  readonly lastDigest: string | undefined;
  /** Of the last digest in the form of RFC 1153. */
  readonly lastIssue: Issue | undefined;
  /** Mirrors that were read to their end: the newest commit of each, by folder. */
  readonly mirrors: ReadonlyMap<string, string>;
  /** RFC 3339, UTC: what such a mirror holds from before then was not told, and is no news later. */
  readonly since: string | undefined;
}

/** How digests of RFC 1153 are counted: the year in which they are sent, and a number in it. */
export interface Issue {
  readonly volume: number;
  readonly number: number;
}

/** What is remembered before there is a file. */
export const NOTHING_TOLD: DigestState = {
  told: [],
  lastDigest: undefined,
  lastIssue: undefined,
  mirrors: new Map(),
  since: undefined,
};

/** The issue that follows, sent at `now` (milliseconds since 1970). */
export function issueAfter(last: Issue | undefined, now: number): Issue {
  const volume = new Date(now).getUTCFullYear();
  return { volume, number: last?.volume === volume ? last.number + 1 : 1 };
}

/** Most mails that are remembered; the oldest are forgotten first. 16 bytes each, so the file stays below 2 MB. */
const MOST_TOLD = 100_000;

/** Most mirrors that are remembered; those named first are forgotten first. */
const MOST_MIRRORS = 100;

const StateFile = z.object({
  format: z.literal(1),
  lastDigest: z.string().max(1000).optional(),
  lastIssue: z.object({ volume: z.int().positive(), number: z.int().positive() }).optional(),
  mirrors: z
    .array(z.object({ folder: z.string().max(4096), newest: z.string().regex(/^[0-9a-f]{40,64}$/) }))
    .max(MOST_MIRRORS)
    .default([]),
  since: z.iso.datetime().optional(),
  told: z.array(z.string().regex(/^[\w-]{12}$/)),
});

/** The mark of a mail: a hash of its key, so that nothing of a mail's text lies in the file. */
export function markOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 12);
}

/** The state that a file holds; an empty one where there is no file yet. Undefined where the file is something else. */
export function readState(file: string): WithDiagnostics<DigestState | undefined> {
  const refuse = (message: string): WithDiagnostics<undefined> => {
    const why: Diagnostic = { code: 'digest/bad-state', severity: 'error', message, where: { file } };
    return { value: undefined, diagnostics: [why] };
  };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { value: NOTHING_TOLD, diagnostics: [] };
    return refuse(`the state cannot be read (${code ?? 'unknown'})`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('the file is no state of `rewalk digest`: it is not JSON');
  }
  const { data } = StateFile.safeParse(json);
  if (data === undefined) return refuse('the file is no state of `rewalk digest` in format 1');
  const { told, lastDigest, lastIssue, since } = data;
  const mirrors = new Map(data.mirrors.map(({ folder, newest }) => [folder, newest]));
  return { value: { told, lastDigest, lastIssue, mirrors, since }, diagnostics: [] };
}

/** Writes the state with what was told since. A reader finds the old state or the new one, after a loss of power too. */
export function writeState(file: string, { told, lastDigest, lastIssue, mirrors, since }: DigestState): void {
  const kept = [...new Set(told)].slice(-MOST_TOLD);
  const known = [...mirrors].slice(-MOST_MIRRORS).map(([folder, newest]) => ({ folder, newest }));
  // What is undefined is left out.
  writeWhole(
    file,
    `${JSON.stringify({ format: 1, lastDigest, lastIssue, mirrors: known, since, told: kept })}\n`,
  );
}

/** Writes a file beside its place and moves it there whole. */
export function writeWhole(file: string, text: string): void {
  const path = resolve(file);
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const descriptor = openSync(draft, 'wx', 0o666);
    try {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
