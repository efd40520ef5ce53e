// SPDX-License-Identifier: GPL-2.0-only

import { lineKey, type PatchLine, type PatchLineCache } from './patch-lines.ts';
import type { ChangelogEntry, Patch, ReviewComment, SeriesVersion } from './series.ts';

/** How many of the quoted lines above a comment it is taken to be about. */
const ABOUT_LINES = 5;

/** The lines of a version's patches by file, to look up what became of a comment's lines. */
export class VersionLines {
  readonly version: SeriesVersion;
  readonly #cache: PatchLineCache;
  /** By file, then by kind and key. */
  readonly #files = new Map<string, Map<string, PatchLine[]>>();

  constructor(version: SeriesVersion, cache: PatchLineCache) {
    this.version = version;
    this.#cache = cache;
  }

  /** Whether any patch touches the file. */
  touches(file: string | undefined): boolean {
    return file !== undefined && this.#linesOf(file).size > 0;
  }

  /** Whether a patch has a line of this kind that is the same as `line`. */
  has(kind: PatchLine['kind'], line: PatchLine): boolean {
    const alike = this.#linesOf(line.file ?? '').get(`${kind} ${line.key}`) ?? [];
    return alike.some((other) => sameLine(line, other));
  }

  #linesOf(file: string): Map<string, PatchLine[]> {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const byKey = new Map<string, PatchLine[]>();
    for (const patch of this.version.patches) {
      if (!patch.files.some(({ oldPath, newPath }) => (newPath ?? oldPath) === file)) continue;
      for (const line of this.#cache.linesOf(patch)) {
        if (line.file !== file) continue;
        const key = `${line.kind} ${line.key}`;
        const alike = byKey.get(key);
        if (alike === undefined) byKey.set(key, [line]);
        else alike.push(line);
      }
    }
    this.#files.set(file, byKey);
    return byKey;
  }
}

type InNext = NonNullable<ReviewComment['changedInNext']>;
type Credit = NonNullable<ReviewComment['creditedIn']>[number];

/**
 * Whether the lines that a comment quotes last stand in the next version as they were. `after` is what the patch
 * became there; a line that moved to another patch of that version counts as kept.
 */
export function linesInNext(
  quoted: readonly PatchLine[],
  after: Patch | undefined,
  next: VersionLines,
): InNext {
  const about = linesAbout(quoted);
  const of = { version: next.version.label, ...(after === undefined ? {} : { patch: after.index }) };
  const [first] = about;
  if (first === undefined || (first.kind === 'message' && after === undefined)) {
    return { ...of, outcome: 'cannot-be-told', lines: 0, kept: 0 };
  }
  const kept = first.kind === 'message' ? keptInMessage(about, after) : keptInPatches(about, next);
  if (kept === undefined) return { ...of, outcome: 'cannot-be-told', lines: about.length, kept: 0 };
  const outcome = kept === about.length ? 'same' : 'changed';
  return { ...of, outcome, lines: about.length, kept };
}

/** The last lines of the quote that say something, all of one kind: added, or else whatever the last one is. */
function linesAbout(quoted: readonly PatchLine[]): PatchLine[] {
  const telling = quoted.filter(({ key, kind }) => /\w{2}/.test(key) && kind !== 'file' && kind !== 'hunk');
  const last = telling.at(-1);
  if (last === undefined) return [];
  const file = last.file;
  const start = telling.findLastIndex((line) => line.kind !== last.kind || line.file !== file);
  return telling.slice(start + 1).slice(-ABOUT_LINES);
}

function keptInMessage(about: readonly PatchLine[], after: Patch | undefined): number {
  // Words are compared as a stream: a message that is wrapped anew says the same.
  const message = lineKey(after?.message ?? '');
  return about.filter(({ key }) => message.includes(key)).length;
}

/** How many lines the next version has too; undefined if none of its patches touches the file any more. */
function keptInPatches(about: readonly PatchLine[], next: VersionLines): number | undefined {
  const [first] = about;
  if (first === undefined || !next.touches(first.file)) return undefined;
  // A context line that no later patch touches is the tree's own: only its removal would show.
  if (first.kind === 'context') return about.filter((line) => !next.has('removed', line)).length;
  return about.filter((line) => next.has(first.kind, line)).length;
}

/** Equal lines of one function; short ones, such as `return 0;`, are not enough where the function differs. */
function sameLine(left: PatchLine, right: PatchLine): boolean {
  if (left.key !== right.key) return false;
  return left.key.length >= 16 || left.function === undefined || left.function === right.function;
}

/** Entries of the next version's changelogs that name the reviewer, or the function that the comment is about. */
export function creditsFor(comment: ReviewComment, version: SeriesVersion, next: SeriesVersion): Credit[] {
  const logs = [
    ...(next.cover?.changelog ?? []).map((entry) => ({ patch: 0, entry })),
    ...next.patches.flatMap(({ index, changelog }) => changelog.map((entry) => ({ patch: index, entry }))),
  ];
  return logs
    .filter(({ entry }) => entry.to === next.version && entry.from >= version.version)
    .flatMap(({ patch, entry }) => {
      const by = [
        ...(names(entry, comment.author?.name) ? (['reviewer'] as const) : []),
        ...(mentions(entry.text, comment.function) ? (['function'] as const) : []),
      ];
      return by.length === 0 ? [] : [{ version: next.label, patch, line: entry.line, text: entry.text, by }];
    });
}

function names(entry: ChangelogEntry, name: string | undefined): boolean {
  if (name === undefined || name === '') return false;
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/\s*\(.*\)$/, '')
      .trim();
  const wanted = plain(name);
  const [first = ''] = wanted.split(' ');
  // A first name alone credits too, if it is one.
  return entry.credits.some(
    (credit) => plain(credit) === wanted || (first.length > 2 && plain(credit) === first),
  );
}

function mentions(text: string, name: string | undefined): boolean {
  return name !== undefined && text.split(/\W+/).includes(name);
}
