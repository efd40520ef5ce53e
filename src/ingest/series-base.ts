// SPDX-License-Identifier: GPL-2.0-only

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WithDiagnostics } from '../base/diagnostic.ts';
import { plainTreePath } from './tree-path.ts';

/** What a folder of patches says about where they start: its file `base`, one `key: value` a line. */
export interface SeriesBase {
  /** The file that says it. */
  readonly file: string;
  /** `DIR`, found from the file's folder upwards. */
  readonly tree: string;
  /** A folder with one version of another series, whose patches come first. */
  readonly after: string | undefined;
}

const NAME = 'base';

/** Longer than any two lines need be, in bytes. */
const SIZE_LIMIT = 4096;

/** How far up from a base file its tree is looked for, in folders. */
const MOST_FOLDERS = 8;

/**
 * The base file of the sources: in the folder that one names, or that a file lies in, or in the folder above (a version
 * of a series). Undefined where there is none.
 */
export function findBaseFile(sources: readonly string[]): string | undefined {
  for (const source of sources) {
    if (source === '-' || source.includes('\0') || !existsSync(source)) continue;
    const folder = statSync(source).isDirectory() ? source : dirname(source);
    for (const candidate of [join(folder, NAME), join(folder, '..', NAME)]) {
      if (isBaseFile(candidate)) return candidate;
    }
  }
  return undefined;
}

/** Is it a file whose every line reads as a base file's do? Others may be called `base` as well. */
export function isBaseFile(path: string): boolean {
  if (path.includes('\0') || !existsSync(path)) return false;
  const status = statSync(path);
  if (!status.isFile() || status.size > SIZE_LIMIT) return false;
  const lines = linesOf(path);
  return lines.length > 0 && lines.every((line) => /^(?:tree|after):/.test(line));
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

/** Reads a base file. The paths in it must not lead out of the folders above it, nor begin at the root. */
export function readBaseFile(file: string): WithDiagnostics<SeriesBase | undefined> {
  const values = new Map(
    linesOf(file).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const tree = values.get('tree') ?? '';
  const folder = dirname(file);
  const found = findUpwards(folder, tree);
  if (found === undefined) return bad(file, `names the tree \`${tree}\`, which is in no folder above it`);
  const after = values.get('after');
  if (after === undefined) return { value: { file, tree: found, after: undefined }, diagnostics: [] };
  const plain = plainTreePath(after);
  const path = plain === undefined ? undefined : join(folder, '..', plain);
  if (path === undefined || !existsSync(path)) {
    return bad(file, `names the patches \`${after}\`, which are not beside its folder`);
  }
  return { value: { file, tree: found, after: path }, diagnostics: [] };
}

/** The folder `path` as seen from `folder` or from the nearest folder above it that has one. */
function findUpwards(folder: string, path: string): string | undefined {
  const plain = plainTreePath(path);
  if (plain === undefined) return undefined;
  let from = folder;
  for (let step = 0; step <= MOST_FOLDERS; step += 1) {
    const candidate = join(from, plain);
    if (existsSync(candidate) && statSync(candidate).isDirectory()) return candidate;
    from = join(from, '..');
  }
  return undefined;
}

function bad(file: string, what: string): WithDiagnostics<undefined> {
  const message = `\`${file}\` ${what}`;
  return {
    value: undefined,
    diagnostics: [{ code: 'ingest/bad-base', severity: 'error', message, where: { file } }],
  };
}
