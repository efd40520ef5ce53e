// SPDX-License-Identifier: GPL-2.0-only

import type { Finding } from '../../report/review-schema.ts';
import type { ChangedFile, Hunk } from './posted.ts';

/** Where in a patch a finding is to be shown. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly file: string;
  /** In the file after the patch. */
  readonly line: number;
  /**
   * Whether it happens in this line, or in a function that this line calls; or, where the patch has no line that the run
   * went through, the first line that it changes in the function.
   */
  readonly by: 'line' | 'call' | 'function';
}

/** A line that the patch shows and that is there after it. */
interface ShownLine {
  readonly line: number;
  readonly isAdded: boolean;
  /** Named by the head of its hunk, or by a line above it in the hunk that begins a function. */
  readonly function: string | undefined;
}

/** The place of a finding among the lines that a patch shows; undefined where it has none to do with it. */
export function placeInPatch(finding: Finding, files: readonly ChangedFile[]): PlacedFinding | undefined {
  const shown = new Map(files.map((file) => [file.newPath ?? '', linesAfter(file)]));
  const has = (file: string, line: number): boolean =>
    shown.get(file)?.some((each) => each.line === line) === true;
  const { where, stack } = finding;
  if (has(where.file, where.line)) return { finding, file: where.file, line: where.line, by: 'line' };
  for (const { file, line } of stack) {
    if (file !== undefined && line !== undefined && has(file, line))
      return { finding, file, line, by: 'call' };
  }
  const own = shown.get(where.file)?.filter((each) => each.function === where.function) ?? [];
  const first = own.find(({ isAdded }) => isAdded) ?? own[0];
  return first === undefined ? undefined : { finding, file: where.file, line: first.line, by: 'function' };
}

function linesAfter({ hunks }: ChangedFile): ShownLine[] {
  return hunks.flatMap((hunk) => linesOfHunk(hunk));
}

function linesOfHunk({ newStart, section, lines }: Hunk): ShownLine[] {
  let line = newStart;
  let name = functionIn(section);
  return lines.flatMap(({ kind, text }): ShownLine[] => {
    if (kind === 'removed') return [];
    name = functionBegun(text) ?? name;
    line += 1;
    return [{ line: line - 1, isAdded: kind === 'added', function: name }];
  });
}

/** `vmap` of `void *vmap(struct page **pages,`. */
export function functionIn(text: string): string | undefined {
  return /(\w+)\s*\(/.exec(text)?.[1];
}

/** The function that begins in a line of C: in the first column, as diff looks for them too. */
export function functionBegun(text: string): string | undefined {
  return /^[A-Za-z_]/.test(text) && !text.trimEnd().endsWith(';') ? functionIn(text) : undefined;
}
