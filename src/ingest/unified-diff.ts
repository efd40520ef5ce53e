// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, DiagnosticPlace, WithDiagnostics } from '../base/diagnostic.ts';
import { isRange, parseRange } from './hunk-range.ts';
import { disputedReading } from './second-reading.ts';
import { plainTreePath } from './tree-path.ts';
import { unquotePath } from './quoted-path.ts';

/** What a patch does to one file. */
export interface FilePatch {
  readonly change: 'modify' | 'add' | 'delete' | 'rename' | 'copy';
  /** Undefined for a file that the patch adds. */
  readonly oldPath?: string | undefined;
  /** Undefined for a file that the patch deletes. */
  readonly newPath?: string | undefined;
  /** Octal, as written. */
  readonly oldMode?: string | undefined;
  readonly newMode?: string | undefined;
  /** True if the contents are not text, so that no hunks are given. */
  readonly binary: boolean;
  readonly hunks: readonly Hunk[];
  /** Counts of lines. */
  readonly added: number;
  readonly removed: number;
  /** 1-based line of the header in the text that was parsed, shifted by the caller's place. */
  readonly line: number;
}

export interface Hunk {
  /** 1-based first line before; 0 where there is none. */
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** What follows the second `@@`: usually the function that the hunk lies in. */
  readonly section: string;
  readonly lines: readonly HunkLine[];
  /** 1-based line of the `@@` in the text that was parsed. */
  readonly line: number;
  /** False if the hunk has fewer or more lines than its head says. It then cannot be applied. */
  readonly complete: boolean;
}

export interface HunkLine {
  readonly kind: 'context' | 'added' | 'removed';
  /** Without the leading mark and the line's end. */
  readonly text: string;
  /** True if no newline ends this line in the file. */
  readonly unterminated: boolean;
}

/**
 * Parses every file patch in `text`: git's extended form and plain `---`/`+++` pairs. Text around the patches (a
 * commit message, a signature) is passed over. `place` says where the text begins, for line numbers; a broken
 * hunk is reported and the rest still read.
 */
export function parseUnifiedDiff(text: string, place: DiagnosticPlace): WithDiagnostics<FilePatch[]> {
  const scan = new DiffScan(text, place);
  return { value: scan.parseFiles(), diagnostics: scan.diagnostics };
}

/**
 * Index of the first line of `lines` that begins a patch, or the number of lines if none does. A plain
 * `---`/`+++` pair counts only if a hunk's head follows, since `---` also ends a commit message.
 */
export function findFirstPatchLine(lines: readonly string[]): number {
  for (let index = 0; index < lines.length; index += 1) {
    if (beginsFile(lines, index)) return index;
  }
  return lines.length;
}

/** A file's name for messages: the path after, or the path before if it is deleted. */
export function filePatchName(file: Pick<FilePatch, 'oldPath' | 'newPath'>): string {
  return file.newPath ?? file.oldPath ?? '(no name)';
}

/** The mutable form of `FilePatch` while its header and hunks are read. */
interface OpenFile {
  oldPath: string | undefined;
  newPath: string | undefined;
  oldMode: string | undefined;
  newMode: string | undefined;
  change: FilePatch['change'];
  binary: boolean;
  hunks: Hunk[];
  line: number;
}

function beginsGitFile(line: string): boolean {
  return line.startsWith('diff --git ');
}

function beginsPlainFile(lines: readonly string[], index: number): boolean {
  return (
    lines[index]?.startsWith('--- ') === true &&
    lines[index + 1]?.startsWith('+++ ') === true &&
    lines[index + 2]?.startsWith('@@ -') === true
  );
}

function beginsFile(lines: readonly string[], index: number): boolean {
  return beginsGitFile(lines[index] ?? '') || beginsPlainFile(lines, index);
}

class DiffScan {
  readonly diagnostics: Diagnostic[] = [];
  private readonly lines: readonly string[];
  private readonly place: DiagnosticPlace;
  private readonly firstLine: number;
  private next = 0;
  /** Whether a plain diff's names stand without a leading folder, as a name without any folder shows. */
  private plainNames = false;

  constructor(text: string, place: DiagnosticPlace) {
    const lines = text.split('\n');
    // The last piece is what follows the last newline: not a line unless it holds something.
    if (lines.at(-1) === '') lines.pop();
    this.lines = lines;
    this.place = place;
    this.firstLine = place.line ?? 1;
  }

  parseFiles(): FilePatch[] {
    const files: FilePatch[] = [];
    while (this.next < this.lines.length) {
      const line = this.lines[this.next] ?? '';
      if (beginsFile(this.lines, this.next)) {
        const file = this.parseFile();
        if (file !== undefined) files.push(file);
      } else if (isRange(line)) {
        this.report('ingest/hunk-without-file', this.next, 'a hunk stands here with no file name before it');
        this.skipHunk();
      } else {
        this.next += 1;
      }
    }
    return files;
  }

  private parseFile(): FilePatch | undefined {
    const start = this.next;
    const file: OpenFile = {
      oldPath: undefined,
      newPath: undefined,
      oldMode: undefined,
      newMode: undefined,
      change: 'modify',
      binary: false,
      hunks: [],
      line: this.firstLine + start,
    };
    const fromGit = beginsGitFile(this.lines[start] ?? '');
    if (fromGit) this.parseGitHeader(file);
    this.parseNamePair(file, fromGit);
    const hunksStart = this.next;
    while (isRange(this.lines[this.next] ?? '')) file.hunks.push(this.parseHunk(file));
    this.readAgain(file, hunksStart);
    this.reportBadRange(file);
    return this.close(file, start);
  }

  /** Where a hunk should begin, a line that only looks like its head. */
  private reportBadRange(file: OpenFile): void {
    const line = this.lines[this.next] ?? '';
    if (!line.startsWith('@@ -')) return;
    const message = `\`${line.slice(0, 80)}\` is no head of a hunk, so that what follows it in \`${filePatchName(file)}\` is not applied`;
    this.report('ingest/hunk-without-range', this.next, message);
  }

  private readAgain(file: OpenFile, hunksStart: number): void {
    if (file.hunks.length === 0 || file.hunks.some((hunk) => !hunk.complete)) return;
    const dispute = disputedReading(this.lines.slice(hunksStart, this.next).join('\n'), file.hunks);
    if (dispute === undefined) return;
    const message = `\`${filePatchName(file)}\` can be read in two ways: ${dispute}`;
    this.report('ingest/diff-disputed', hunksStart, message, 'warning');
  }

  private parseGitHeader(file: OpenFile): void {
    const names = gitHeaderNames((this.lines[this.next] ?? '').slice('diff --git '.length));
    file.oldPath = names?.oldPath;
    file.newPath = names?.newPath;
    this.next += 1;
    while (this.next < this.lines.length && this.parseExtendedHeaderLine(file)) this.next += 1;
  }

  /** Takes one line of git's extended header; false if it is none. */
  private parseExtendedHeaderLine(file: OpenFile): boolean {
    const line = this.lines[this.next] ?? '';
    const after = (word: string): string | undefined =>
      line.startsWith(word) ? line.slice(word.length).trimEnd() : undefined;
    const value =
      after('old mode ') ?? after('deleted file mode ') ?? after('new mode ') ?? after('new file mode ');
    if (value !== undefined) {
      if (line.startsWith('old') || line.startsWith('deleted')) file.oldMode = value;
      else file.newMode = value;
      if (line.startsWith('deleted')) file.change = 'delete';
      if (line.startsWith('new file')) file.change = 'add';
      return true;
    }
    const source = after('rename from ') ?? after('copy from ');
    const target = after('rename to ') ?? after('copy to ');
    if (source !== undefined || target !== undefined) {
      file.change = line.startsWith('rename') ? 'rename' : 'copy';
      if (source !== undefined) file.oldPath = unquotePath(source);
      if (target !== undefined) file.newPath = unquotePath(target);
      return true;
    }
    if (line.startsWith('GIT binary patch') || line.startsWith('Binary files ')) {
      file.binary = true;
      return true;
    }
    return ['index ', 'similarity index ', 'dissimilarity index '].some((word) => line.startsWith(word));
  }

  private parseNamePair(file: OpenFile, fromGit: boolean): void {
    const before = this.lines[this.next] ?? '';
    const after = this.lines[this.next + 1] ?? '';
    if (!before.startsWith('--- ') || !after.startsWith('+++ ')) return;
    this.next += 2;
    const oldName = patchFileName(before.slice(4));
    const newName = patchFileName(after.slice(4));
    const renamed = file.change === 'rename' || file.change === 'copy';
    if (oldName === undefined) file.change = 'add';
    if (newName === undefined) file.change = 'delete';
    if (renamed) return;
    if (!fromGit && !oldName?.includes('/') && !newName?.includes('/')) this.plainNames = true;
    const bare = !fromGit && this.plainNames;
    const inTree = (name: string): string => (bare ? name : dropFirstFolder(name));
    file.oldPath = oldName === undefined ? undefined : inTree(oldName);
    file.newPath = newName === undefined ? undefined : inTree(newName);
  }

  private parseHunk(file: OpenFile): Hunk {
    const start = this.next;
    const range = parseRange(this.lines[start] ?? '');
    const lines: HunkLine[] = [];
    let oldLeft = range.oldCount;
    let newLeft = range.newCount;
    this.next += 1;
    while (oldLeft > 0 || newLeft > 0) {
      const line = hunkLine(this.lines, this.next);
      if (line === undefined) break;
      if (line.kind !== 'added') oldLeft -= 1;
      if (line.kind !== 'removed') newLeft -= 1;
      lines.push(line);
      this.next += line.unterminated ? 2 : 1;
    }
    const complete = this.checkCounts(file, { start, oldLeft, newLeft });
    return { ...range, lines, line: this.firstLine + start, complete };
  }

  private checkCounts(file: OpenFile, rest: { start: number; oldLeft: number; newLeft: number }): boolean {
    const name = filePatchName(file);
    const head = (this.lines[rest.start] ?? '').slice(0, 60);
    if (rest.oldLeft !== 0 || rest.newLeft !== 0) {
      const missing = `${rest.oldLeft} old and ${rest.newLeft} new lines short of what its head says`;
      const ends =
        this.next >= this.lines.length ? 'the text ends' : `line ${this.firstLine + this.next} ends it`;
      this.report(
        'ingest/hunk-truncated',
        rest.start,
        `the hunk \`${head}\` of \`${name}\` is ${missing}: ${ends}`,
      );
      return false;
    }
    if (followsOverlong(this.lines, this.next)) {
      const message = `the hunk \`${head}\` of \`${name}\` goes on after the lines that its head counts`;
      this.report('ingest/hunk-overlong', this.next, message);
      while (followsOverlong(this.lines, this.next)) this.next += 1;
      return false;
    }
    return true;
  }

  private skipHunk(): void {
    this.next += 1;
    while (this.next < this.lines.length && !beginsFile(this.lines, this.next)) {
      if (hunkLine(this.lines, this.next) === undefined) return;
      this.next += 1;
    }
  }

  private close(file: OpenFile, start: number): FilePatch | undefined {
    if (file.change === 'add') file.oldPath = undefined;
    if (file.change === 'delete') file.newPath = undefined;
    for (const path of [file.oldPath, file.newPath]) {
      if (path !== undefined && plainTreePath(path) !== path) {
        const shown = path.slice(0, 120);
        this.report(
          'ingest/bad-path',
          start,
          `the patch names \`${shown}\`, which could lead out of the tree`,
        );
        return undefined;
      }
    }
    if (file.oldPath === undefined && file.newPath === undefined) {
      this.report('ingest/bad-path', start, 'no file name can be read from this patch header');
      return undefined;
    }
    const lines = file.hunks.flatMap((hunk) => hunk.lines);
    const count = (kind: HunkLine['kind']): number => lines.filter((line) => line.kind === kind).length;
    return { ...file, added: count('added'), removed: count('removed') };
  }

  private report(
    code: string,
    index: number,
    message: string,
    severity: Diagnostic['severity'] = 'error',
  ): void {
    const where = { file: this.place.file, line: this.firstLine + index };
    this.diagnostics.push({ code, severity, message, where });
  }
}

/** The hunk line at `index`, or undefined if what stands there cannot belong to a hunk. */
function hunkLine(lines: readonly string[], index: number): HunkLine | undefined {
  const line = lines[index];
  if (line === undefined) return undefined;
  const unterminated = lines[index + 1]?.startsWith('\\ ') === true;
  // Mail programs drop the only space of an empty context line; git reads it as one too.
  if (line === '' || line === '\r') return { kind: 'context', text: line, unterminated };
  const text = line.slice(1);
  switch (line[0]) {
    case ' ':
      return { kind: 'context', text, unterminated };
    case '+':
      return { kind: 'added', text, unterminated };
    case '-':
      return { kind: 'removed', text, unterminated };
    default:
      return undefined;
  }
}

/** Whether the line after a finished hunk still looks like one of its lines. */
function followsOverlong(lines: readonly string[], index: number): boolean {
  const line = lines[index] ?? '';
  if (line.startsWith('+')) return true;
  // `-- ` opens a mail signature; `--- ` opens the next file.
  if (line.startsWith('-')) return !/^--\s*$/.test(line) && !beginsPlainFile(lines, index);
  return line.startsWith(' ') && line.trim() !== '';
}

/** The two names of `diff --git a/x b/x`; only certain if both are the same or both quoted. */
function gitHeaderNames(rest: string): { oldPath: string; newPath: string } | undefined {
  if (rest.startsWith('"')) {
    const end = rest.indexOf('" ', 1);
    if (end === -1) return undefined;
    const oldPath = dropFirstFolder(unquotePath(rest.slice(0, end + 1)));
    return { oldPath, newPath: dropFirstFolder(unquotePath(rest.slice(end + 2))) };
  }
  const half = (rest.length - 1) / 2;
  const oldPath = dropFirstFolder(rest.slice(0, half));
  const newPath = dropFirstFolder(rest.slice(half + 1));
  if (Number.isInteger(half) && oldPath === newPath) return { oldPath, newPath };
  const parts = rest.split(' ');
  if (parts.length !== 2) return undefined;
  return { oldPath: dropFirstFolder(parts[0] ?? ''), newPath: dropFirstFolder(parts[1] ?? '') };
}

/** The name after `--- ` or `+++ `: undefined for /dev/null; a time stamp after a tab is dropped. */
function patchFileName(rest: string): string | undefined {
  const name = unquotePath(rest.startsWith('"') ? rest.trimEnd() : (rest.split('\t')[0] ?? '').trimEnd());
  return name === '/dev/null' ? undefined : name;
}

function dropFirstFolder(path: string): string {
  const slash = path.indexOf('/');
  return slash === -1 ? path : path.slice(slash + 1);
}
