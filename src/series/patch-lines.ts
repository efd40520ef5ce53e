// SPDX-License-Identifier: GPL-2.0-only

import { lineFunctions } from './hunk-functions.ts';
import type { CoverLetter, Hunk, Patch } from './series.ts';

/** One line of a patch mail, with what it is a line of. */
export interface PatchLine {
  readonly kind: 'message' | 'file' | 'hunk' | 'context' | 'added' | 'removed';
  /** What it says without white space and marks: the form in which lines are compared. */
  readonly key: string;
  readonly text: string;
  readonly file?: string;
  /** Line in the file: after the patch, or before it for a removed line. */
  readonly line?: number;
  readonly function?: string;
}

/** A line in the form in which lines are compared: programs that quote change white space. */
export function lineKey(text: string): string {
  return text.replace(/\s+/g, '');
}

/** The lines of a cover letter's text. */
export function coverLines(cover: CoverLetter): PatchLine[] {
  return messageLines(cover.body);
}

function messageLines(text: string): PatchLine[] {
  return text.split('\n').map((line) => ({ kind: 'message', key: lineKey(line), text: line }));
}

/** The lines of a patch in the order in which its mail has them. */
export function patchLines(patch: Patch): PatchLine[] {
  return [
    ...messageLines(patch.message),
    ...messageLines(patch.notes),
    ...patch.files.flatMap((file): PatchLine[] => {
      const path = file.newPath ?? file.oldPath ?? '';
      const heads = [
        `diff --git a/${file.oldPath ?? path} b/${file.newPath ?? path}`,
        `--- ${file.oldPath === undefined ? '/dev/null' : `a/${file.oldPath}`}`,
        `+++ ${file.newPath === undefined ? '/dev/null' : `b/${file.newPath}`}`,
      ];
      const head = (text: string): PatchLine => ({ kind: 'file', key: lineKey(text), text, file: path });
      return [...heads.map(head), ...file.hunks.flatMap((hunk) => hunkLines(hunk, path))];
    }),
  ];
}

function hunkLines(hunk: Hunk, file: string): PatchLine[] {
  const functions = lineFunctions(hunk);
  const range = `@@ -${hunk.oldStart},${hunk.oldCount} +${hunk.newStart},${hunk.newCount} @@ ${hunk.section}`;
  let [oldLine, newLine] = [hunk.oldStart, hunk.newStart];
  const head: PatchLine = { kind: 'hunk', key: lineKey(range), text: range, file, line: hunk.newStart };
  const lines = hunk.lines.map(({ kind, text }, index): PatchLine => {
    const line = kind === 'removed' ? oldLine : newLine;
    if (kind !== 'added') oldLine += 1;
    if (kind !== 'removed') newLine += 1;
    const name = functions[index];
    const key = lineKey(text);
    return { kind, key, text, file, line, ...(name === undefined ? {} : { function: name }) };
  });
  return [head, ...lines];
}

/** The lines of patches, each taken apart when it is first asked for. */
export class PatchLineCache {
  readonly #lines = new Map<Patch, readonly PatchLine[]>();

  linesOf(patch: Patch): readonly PatchLine[] {
    const lines = this.#lines.get(patch) ?? patchLines(patch);
    this.#lines.set(patch, lines);
    return lines;
  }
}
