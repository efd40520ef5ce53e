// SPDX-License-Identifier: GPL-2.0-only

import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import { groupedBy } from '../base/grouped.ts';
import { isRevisionText, runGit } from './git-process.ts';
import { plainTreePath } from './tree-path.ts';

/** Largest file, in bytes, that is read from a tree; the kernel's largest generated headers are about a third. */
const FILE_LIMIT = 64 * 1024 * 1024;

/** How deep `list` goes, in folders. The kernel's deepest folder is at about ten. */
const DEPTH_LIMIT = 40;

/** Where C looks for what it includes by name: many headers of few folders. */
const IN_INCLUDE_PATH = /^(?:arch\/[^/]+\/)?include\/.*\.h$/;

/** Source text by path, as it stands at one moment. Reading is synchronous and never changes the tree. */
export interface SourceTree {
  /** What to call the tree in a report: as the user named it. */
  readonly title: string;
  /** The text of the file at `path` (from the tree's root, `/` between folders), undefined if there is none. */
  read(path: string): string | undefined;
  /** The paths of all files under the folder `prefix` (`''` for all), sorted. */
  list(prefix: string): string[];
  /** The texts of many files by path, in less time than one after the other; absent files are left out. */
  readAll(paths: readonly string[]): ReadonlyMap<string, string>;
}

/** Opens a folder on disk as a tree. Symbolic links that lead out of it are treated as missing files. */
export function openDirectoryTree(directory: string): WithDiagnostics<SourceTree | undefined> {
  if (!existsSync(directory))
    return noTree(directory, 'ingest/tree-missing', `\`${directory}\` does not exist`);
  if (!statSync(directory).isDirectory()) {
    return noTree(directory, 'ingest/tree-not-a-directory', `\`${directory}\` is not a directory`);
  }
  return { value: new DirectoryTree(directory), diagnostics: [] };
}

/** Opens a revision of the git repository in `directory` as a tree, without a checkout. */
export function openGitTree(directory: string, revision: string): WithDiagnostics<SourceTree | undefined> {
  const title = `${directory}@${revision}`;
  if (!existsSync(directory))
    return noTree(directory, 'ingest/tree-missing', `\`${directory}\` does not exist`);
  if (!isRevisionText(revision)) {
    return noTree(directory, 'ingest/bad-revision', `\`${revision}\` cannot be a git revision`);
  }
  const found = runGit(directory, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${revision}^{tree}`,
  ]);
  const hash = found.output.toString('latin1').trim();
  if (!found.ok || !/^[0-9a-f]{40,64}$/.test(hash)) {
    const isRepository = runGit(directory, ['rev-parse', '--git-dir']).ok;
    return isRepository
      ? noTree(directory, 'ingest/no-revision', `\`${revision}\` names no revision of this repository`)
      : noTree(
          directory,
          'ingest/no-repository',
          `\`${directory}\` is not a git repository that can be read`,
        );
  }
  return { value: new GitTree(title, directory, hash), diagnostics: [] };
}

/** A tree as the user names it. */
export interface TreeSpec {
  readonly directory: string;
  readonly revision: string | undefined;
}

/**
 * Takes `DIR` or `DIR@REV` apart. A directory whose own name holds an `@` and that exists is taken as it is;
 * otherwise the last `@` that has a directory before it divides (a revision such as `HEAD@{1}` has its own).
 */
export function parseTreeSpec(text: string): TreeSpec {
  if (!text.includes('@') || existsSync(text)) return { directory: text, revision: undefined };
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const directory = text.slice(0, at);
    if (directory !== '' && existsSync(directory)) return { directory, revision: text.slice(at + 1) };
  }
  const at = text.indexOf('@');
  return { directory: text.slice(0, at), revision: text.slice(at + 1) };
}

/** Opens `DIR` or `DIR@REV`. */
export function openTree(text: string): WithDiagnostics<SourceTree | undefined> {
  const { directory, revision } = parseTreeSpec(text);
  return revision === undefined ? openDirectoryTree(directory) : openGitTree(directory, revision);
}

/** A tree of texts held in memory. */
export class MemoryTree implements SourceTree {
  readonly title: string;
  private readonly files: ReadonlyMap<string, string>;

  constructor(title: string, files: ReadonlyMap<string, string>) {
    this.title = title;
    this.files = files;
  }

  read(path: string): string | undefined {
    const plain = plainTreePath(path);
    return plain === undefined ? undefined : this.files.get(plain);
  }

  readAll(paths: readonly string[]): ReadonlyMap<string, string> {
    return readEach(this, paths);
  }

  list(prefix: string): string[] {
    return pathsUnder([...this.files.keys()], prefix).sort();
  }
}

/** A tree with some files replaced (a text) or deleted (undefined) over another tree that stays as it is. */
export class OverlayTree implements SourceTree {
  readonly title: string;
  readonly base: SourceTree;
  /** What differs from `base`, by plain path. */
  readonly changed: ReadonlyMap<string, string | undefined>;

  constructor(title: string, base: SourceTree, changed: ReadonlyMap<string, string | undefined>) {
    this.title = title;
    // A tree after patch 6 would otherwise ask six overlays in turn for every file.
    this.base = base instanceof OverlayTree ? base.base : base;
    this.changed = base instanceof OverlayTree ? new Map([...base.changed, ...changed]) : changed;
  }

  read(path: string): string | undefined {
    const plain = plainTreePath(path);
    if (plain === undefined) return undefined;
    return this.changed.has(plain) ? this.changed.get(plain) : this.base.read(plain);
  }

  readAll(paths: readonly string[]): ReadonlyMap<string, string> {
    const own = paths.filter((path) => this.changed.has(plainTreePath(path) ?? ''));
    const others = paths.filter((path) => !own.includes(path));
    return new Map([...this.base.readAll(others), ...readEach(this, own)]);
  }

  list(prefix: string): string[] {
    const paths = new Set(this.base.list(prefix));
    for (const [path, text] of this.changed) {
      if (text === undefined) paths.delete(path);
      else if (isUnder(path, prefix)) paths.add(path);
    }
    return [...paths].sort();
  }
}

class DirectoryTree implements SourceTree {
  readonly title: string;
  private readonly root: string;
  private readonly texts = new Map<string, string | undefined>();

  constructor(directory: string) {
    this.title = directory;
    this.root = realpathSync(directory);
  }

  read(path: string): string | undefined {
    const plain = plainTreePath(path);
    if (plain === undefined) return undefined;
    if (!this.texts.has(plain)) this.texts.set(plain, this.readFromDisk(plain));
    return this.texts.get(plain);
  }

  readAll(paths: readonly string[]): ReadonlyMap<string, string> {
    return readEach(this, paths);
  }

  private readFromDisk(path: string): string | undefined {
    try {
      const real = realpathSync(join(this.root, path));
      if (!real.startsWith(this.root.endsWith(sep) ? this.root : this.root + sep)) return undefined;
      const status = statSync(real);
      return status.isFile() && status.size <= FILE_LIMIT ? readFileSync(real, 'utf8') : undefined;
    } catch {
      return undefined;
    }
  }

  list(prefix: string): string[] {
    const start = prefix === '' ? '' : plainTreePath(prefix);
    if (start === undefined) return [];
    const paths: string[] = [];
    this.collect(start, 0, paths);
    return paths.sort();
  }

  private collect(folder: string, depth: number, paths: string[]): void {
    if (depth > DEPTH_LIMIT) return;
    const absolute = join(this.root, folder);
    // A folder that is a link could lead out of the tree, or round in a circle.
    if (folder !== '' && (!existsSync(absolute) || lstatSync(absolute).isSymbolicLink())) return;
    if (!lstatSync(absolute).isDirectory()) return;
    for (const entry of readdirSync(absolute, { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== '.git') this.collect(path, depth + 1, paths);
      else if (entry.isFile()) paths.push(path);
    }
  }
}

class GitTree implements SourceTree {
  readonly title: string;
  private readonly directory: string;
  /** The tree object's hash: safe to put into arguments. */
  private readonly hash: string;
  private readonly texts = new Map<string, string | undefined>();
  private paths: readonly string[] | undefined;
  /** Headers by the folder that they are in. */
  private headerFolders: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(title: string, directory: string, hash: string) {
    this.title = title;
    this.directory = directory;
    this.hash = hash;
  }

  read(path: string): string | undefined {
    const plain = plainTreePath(path);
    if (plain === undefined) return undefined;
    if (!this.texts.has(plain)) {
      if (IN_INCLUDE_PATH.test(plain)) this.readHeadersBeside(plain);
      else this.readMissing([plain]);
    }
    return this.texts.get(plain);
  }

  /**
   * Who reads a header reads many, most of them of few folders, and asks for many more that do not exist: a process for each
   * takes longer than all else that a review of one patch does.
   */
  private readHeadersBeside(path: string): void {
    this.headerFolders ??= groupedBy(
      this.allPaths().filter((each) => IN_INCLUDE_PATH.test(each)),
      folderOf,
    );
    const beside = this.headerFolders.get(folderOf(path)) ?? [];
    if (!beside.includes(path)) this.texts.set(path, undefined);
    else if (!this.readMissing(beside)) this.readMissing([path]);
  }

  readAll(paths: readonly string[]): ReadonlyMap<string, string> {
    const plain = new Set(paths.flatMap((path) => plainTreePath(path) ?? []));
    // What could not be read at once is read one by one.
    this.readMissing([...plain]);
    return readEach(this, paths);
  }

  /** False where they are too much to be read at once. */
  private readMissing(paths: readonly string[]): boolean {
    const open = paths.filter((path) => !this.texts.has(path));
    const texts = this.readObjects(open);
    if (texts === undefined && open.length > 1) return false;
    for (const [index, path] of open.entries()) this.texts.set(path, texts?.[index]);
    return true;
  }

  /** One text for each path; undefined where git does not answer, or says too much. */
  private readObjects(paths: readonly string[]): (string | undefined)[] | undefined {
    if (paths.length === 0) return [];
    // Paths go in through stdin, so that nothing in them can be taken for an option.
    const wanted = paths.map((path) => `${this.hash}:${path}\n`).join('');
    const { ok, output } = runGit(this.directory, ['cat-file', '--batch'], wanted);
    if (!ok) return undefined;
    let at = 0;
    return paths.map(() => {
      const headEnd = output.indexOf(0x0a, at);
      if (headEnd === -1) return undefined;
      const head = output.subarray(at, headEnd).toString('latin1');
      const [, type, size] = /^[0-9a-f]{40,64} (\w+) (\d+)$/.exec(head) ?? [];
      const length = Number(size);
      // Of what is missing there is a line that says so, and no more.
      at = headEnd + 1;
      if (type === undefined) return undefined;
      at += length + 1;
      if (type !== 'blob' || length > FILE_LIMIT) return undefined;
      return output.subarray(headEnd + 1, headEnd + 1 + length).toString('utf8');
    });
  }

  list(prefix: string): string[] {
    return pathsUnder(this.allPaths(), prefix);
  }

  private allPaths(): readonly string[] {
    if (this.paths === undefined) {
      const answer = runGit(this.directory, ['ls-tree', '-r', '-z', '--full-tree', '--name-only', this.hash]);
      this.paths = answer.output
        .toString('utf8')
        .split('\0')
        .filter((path) => path !== '')
        .sort();
    }
    return this.paths;
  }
}

function readEach(tree: SourceTree, paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    paths.flatMap((path): [string, string][] => {
      const text = tree.read(path);
      return text === undefined ? [] : [[path, text]];
    }),
  );
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function isUnder(path: string, prefix: string): boolean {
  return pathsUnder([path], prefix).length > 0;
}

function pathsUnder(paths: readonly string[], prefix: string): string[] {
  if (prefix === '') return [...paths];
  const folder = plainTreePath(prefix);
  return folder === undefined ? [] : paths.filter((path) => path === folder || path.startsWith(`${folder}/`));
}

function noTree(
  file: string,
  code: string,
  message: string,
): { value: undefined; diagnostics: Diagnostic[] } {
  return { value: undefined, diagnostics: [{ code, severity: 'error', message, where: { file } }] };
}
