// SPDX-License-Identifier: GPL-2.0-only

import type { Hunk, HunkLine } from './unified-diff.ts';

/** Where a hunk failed, at the position where most of its lines match. */
export interface HunkMiss {
  /** 1-based line, in the patch's text, of the first hunk line that does not match. */
  readonly line: number;
  /** 1-based line in the file as far as it is patched. */
  readonly fileLine: number;
  readonly expected: string;
  /** Undefined if the file ends before. */
  readonly found: string | undefined;
  /** Why it may not stand there, where all of its lines do. */
  readonly barred?: string;
}

/** A file's text while hunks are applied to it. Lines keep their newline, so that a missing one is seen. */
export class HunkTarget {
  private lines: string[];
  /** Lines that a hunk has written or matched: a later hunk may not match them again. */
  private taken: boolean[];

  constructor(text: string) {
    this.lines = text.split('\n').map((line) => `${line}\n`);
    const last = (this.lines.pop() ?? '').slice(0, -1);
    if (last !== '') this.lines.push(last);
    this.taken = this.lines.map(() => false);
  }

  text(): string {
    return this.lines.join('');
  }

  /** Applies a complete hunk; returns where it failed if it matches nowhere. */
  apply(hunk: Hunk): HunkMiss | undefined {
    const before = hunk.lines.filter((line) => line.kind !== 'added').map(fileLine);
    const after = hunk.lines.filter((line) => line.kind !== 'removed').map(fileLine);
    const at = this.find(hunk, before);
    if (at === undefined) return this.explainMiss(hunk, before);
    const end = at + before.length;
    this.lines = [...this.lines.slice(0, at), ...after, ...this.lines.slice(end)];
    this.taken = [...this.taken.slice(0, at), ...after.map(() => true), ...this.taken.slice(end)];
    return undefined;
  }

  private find(hunk: Hunk, before: readonly string[]): number | undefined {
    const lastStart = this.lines.length - before.length;
    if (lastStart < 0) return undefined;
    // A hunk that reaches the file's first or last line has no context beyond it, and must stay there.
    const mustBegin = hunk.oldStart <= 1;
    const mustEnd = hunk.lines.at(-1)?.kind !== 'context';
    if (mustBegin || mustEnd) {
      const at = mustBegin ? 0 : lastStart;
      return (!mustEnd || at === lastStart) && this.matches(at, before) ? at : undefined;
    }
    const expected = Math.min(Math.max(hunk.newStart - 1, 0), this.lines.length);
    for (let distance = 0; distance <= this.lines.length; distance += 1) {
      if (this.matches(expected + distance, before)) return expected + distance;
      if (distance > 0 && this.matches(expected - distance, before)) return expected - distance;
    }
    return undefined;
  }

  private matches(at: number, before: readonly string[]): boolean {
    if (at < 0 || at + before.length > this.lines.length) return false;
    return before.every((line, index) => this.lines[at + index] === line && this.taken[at + index] !== true);
  }

  private explainMiss(hunk: Hunk, before: readonly string[]): HunkMiss {
    const at = this.bestPosition(hunk, before);
    let index = before.findIndex((line, offset) => this.lines[at + offset] !== line);
    const barred = index === -1 ? { barred: this.whyNotAt(at, hunk, before.length) } : {};
    if (index === -1) index = 0;
    const found = this.lines[at + index];
    return {
      ...barred,
      line: hunk.line + 1 + lineIndexInHunk(hunk.lines, index),
      fileLine: at + index + 1,
      expected: (before[index] ?? '').trimEnd(),
      found: found?.trimEnd(),
    };
  }

  /** Everything matches, yet the place is not allowed. */
  private whyNotAt(at: number, hunk: Hunk, length: number): string {
    if (this.taken.slice(at, at + length).includes(true)) return 'but an earlier hunk has changed them';
    if (hunk.oldStart <= 1 && at > 0)
      return 'but its head says that it begins the file, which has other lines before';
    return 'but no context follows its last change, so that it must end the file, which goes on';
  }

  /** The position with most matching lines, nearest to where the hunk says it lies. */
  private bestPosition(hunk: Hunk, before: readonly string[]): number {
    const expected = Math.min(Math.max(hunk.newStart - 1, 0), this.lines.length);
    let best = expected;
    let bestScore = -1;
    for (let at = 0; at < this.lines.length; at += 1) {
      let score = 0;
      for (let index = 0; index < before.length; index += 1) {
        if (this.lines[at + index] === before[index]) score += 1;
      }
      const nearer = Math.abs(at - expected) < Math.abs(best - expected);
      if (score > bestScore || (score === bestScore && nearer)) {
        best = at;
        bestScore = score;
      }
    }
    return best;
  }
}

function fileLine(line: HunkLine): string {
  return line.unterminated ? line.text : `${line.text}\n`;
}

/** Index among all hunk lines of the `index`-th one that is not an added line. */
function lineIndexInHunk(lines: readonly HunkLine[], index: number): number {
  let left = index;
  for (const [position, line] of lines.entries()) {
    if (line.kind === 'added') continue;
    if (left === 0) return position;
    left -= 1;
  }
  return 0;
}
