// SPDX-License-Identifier: GPL-2.0-only

import type { Divergence } from './explain-divergence.ts';
import type { ExplainedHunk, HunkReason } from './report/explanation.ts';
import type { Frame } from './run/call-stack.ts';
import type { Hunk, Patch } from './series/series.ts';

/** A line of a patched file, 1-based: in the source before the patch, or behind it. */
interface PatchedLine {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly side: 'before' | 'after';
}

/**
 * The hunk that a reader should look at. The one that changes a line of the call stack, from the named place outwards; else,
 * as what matters may be a line that is gone, the one at which the run first differs from the one before the patch.
 * Else one near the call stack.
 * @param divergenceOf costs two runs
 */
export function hunkFor(
  patch: Patch,
  frames: readonly Frame[],
  divergenceOf: () => Divergence | undefined,
): ExplainedHunk | undefined {
  const changed = firstAt(patch, frames, 'after', 'line', true);
  if (changed !== undefined) return changed;
  const divergence = divergenceOf() ?? { before: [], after: [] };
  return (
    firstAt(patch, divergence.before, 'before', 'removed', true) ??
    firstAt(patch, divergence.after, 'after', 'added', true) ??
    firstInFunction(patch, divergence.after, 'after', 'diverges') ??
    firstInFunction(patch, divergence.before, 'before', 'diverges') ??
    firstAt(patch, frames, 'after', 'near', false) ??
    firstInFunction(patch, frames, 'after', 'way')
  );
}

/** The hunk that holds a frame's line, the innermost frame that has one. @param changes it must change that very line */
function firstAt(
  patch: Patch,
  frames: readonly Frame[],
  side: PatchedLine['side'],
  reason: HunkReason,
  changes: boolean,
): ExplainedHunk | undefined {
  for (const { file, line } of frames) {
    const place = { file, line, side };
    const found = hunkAt(patch, place, line ?? 0);
    if (found === undefined) continue;
    const quoted = quote(patch, found, place, reason);
    if (!changes || quoted.lines.some(({ kind, here }) => here && kind !== 'context')) return quoted;
  }
  return undefined;
}

/** A hunk in the innermost function that the patch changes; one that takes something away, if there is one. */
function firstInFunction(
  patch: Patch,
  frames: readonly Frame[],
  side: PatchedLine['side'],
  reason: HunkReason,
): ExplainedHunk | undefined {
  for (const { function: name, file } of frames) {
    const change = patch.functions.find((each) => each.name === name && each.file === file);
    if (change === undefined) continue;
    const range = change[side];
    const place = { file, line: undefined, side };
    // Of a series that was read without its tree only the heads of hunks say which function they are in.
    const inside = hunksOf(patch, file).filter((hunk) =>
      range === undefined
        ? hunk.section.includes(`${name}(`)
        : overlaps(hunk, side, range.startLine, range.endLine),
    );
    const found = inside.find(({ lines }) => lines.some(({ kind }) => kind === 'removed')) ?? inside[0];
    if (found !== undefined) return quote(patch, found, place, reason);
  }
  return undefined;
}

function hunkAt(patch: Patch, { file, side }: PatchedLine, line: number): Hunk | undefined {
  return hunksOf(patch, file).find((hunk) => overlaps(hunk, side, line, line));
}

function hunksOf({ files }: Patch, file: string | undefined): readonly Hunk[] {
  return files.find(({ newPath, oldPath }) => newPath === file || oldPath === file)?.hunks ?? [];
}

function overlaps(hunk: Hunk, side: PatchedLine['side'], first: number, last: number): boolean {
  const { oldStart, oldCount, newStart, newCount } = hunk;
  const [start, count] = side === 'before' ? [oldStart, oldCount] : [newStart, newCount];
  return start <= last && start + count > first;
}

function quote(
  { index, subject }: Patch,
  hunk: Hunk,
  { file, line: wanted, side }: PatchedLine,
  reason: HunkReason,
): ExplainedHunk {
  const elsewhere = side === 'before' ? 'added' : 'removed';
  let line = side === 'before' ? hunk.oldStart : hunk.newStart;
  const lines = hunk.lines.map(({ kind, text }) => {
    const counts = kind !== elsewhere;
    const here = counts && line === wanted;
    if (counts) line += 1;
    return { kind, text, here };
  });
  const { oldStart, oldCount, newStart, newCount, section } = hunk;
  const head = `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@ ${section}`.trimEnd();
  return { patch: index, subject, file: file!, head, lines, reason };
}
