// SPDX-License-Identifier: GPL-2.0-only

import { isRange, parseRange } from '../ingest/hunk-range.ts';
import { headName } from './hunk-functions.ts';
import { lineKey, type PatchLine } from './patch-lines.ts';
import type { QuotedLine, ReplyPart } from './reply-parts.ts';

/** Where in a patch a quote ends. */
export interface QuotedPosition {
  /** The last quoted line that is the patch's. */
  readonly at: PatchLine;
  /** The quoted lines around it that are the patch's, in order, `at` last. */
  readonly lines: readonly PatchLine[];
}

/** Most quoted lines, from the end, that are looked at. */
const LOOK_BACK = 60;

/** Parts of a line that was wrapped must have this many characters to be known again. */
const PART_LENGTH = 12;

/** Most lines of a patch that a quote may leave out between two of its lines. */
const LEFT_OUT = 40;

/** Most places of one line that are compared. */
const PLACES_LIMIT = 400;

/** The lines of one mail, so that those like a quoted line are found without going over all of them. */
export class QuotableLines {
  readonly #read: () => readonly PatchLine[];
  /** Indices of lines by how their keys begin and end; keys too short to be known by a part are there whole. */
  #byStart: Map<string, number[]> | undefined;
  #byEnd: Map<string, number[]> | undefined;

  /** `read` is called when the lines are first needed. */
  constructor(read: () => readonly PatchLine[]) {
    this.#read = read;
  }

  get lines(): readonly PatchLine[] {
    return this.#read();
  }

  /** Indices of the lines that a quoted line matches, in order. */
  matching(keys: readonly string[]): number[] {
    const { lines } = this;
    const byStart = (this.#byStart ??= indexLines(lines, startOf));
    const byEnd = (this.#byEnd ??= indexLines(lines, endOf));
    const near = new Set<number>();
    for (const key of keys) {
      for (const index of byStart.get(startOf(key)) ?? []) near.add(index);
      for (const index of byEnd.get(endOf(key)) ?? []) near.add(index);
    }
    return [...near].filter((index) => matches(keys, lines[index])).sort((left, right) => left - right);
  }
}

function startOf(key: string): string {
  return key.slice(0, PART_LENGTH);
}

function endOf(key: string): string {
  return key.slice(-PART_LENGTH);
}

function indexLines(lines: readonly PatchLine[], partOfKey: (key: string) => string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, { key }] of lines.entries()) {
    if (key === '') continue;
    const part = partOfKey(key);
    const others = found.get(part);
    if (others === undefined) found.set(part, [index]);
    else others.push(index);
  }
  return found;
}

/**
 * Finds the place in a patch that a quote ends at: of all lines equal to the last quoted one, that before which
 * most of the other quoted lines stand. White space does not count, and a line may be wrapped. Undefined if no
 * line is found, or two places are equally good.
 */
export function findQuoted(
  quoted: readonly QuotedLine[],
  quotable: QuotableLines,
): QuotedPosition | undefined {
  const { lines } = quotable;
  const keys = quoted.slice(-LOOK_BACK).map(({ text }) => quotedKeys(text));
  for (let last = keys.length - 1; last >= 0; last -= 1) {
    const ends = quotable.matching(keys[last] ?? []).slice(0, PLACES_LIMIT);
    if (ends.length === 0) continue;
    const traces = ends.map((end) => traceBack(keys, last, lines, end));
    const best = Math.max(...traces.map((trace) => trace.length));
    const winners = traces.filter((trace) => trace.length === best);
    const [trace] = winners;
    if (trace === undefined || winners.length > 1) return undefined;
    const found = trace.toReversed().flatMap((index) => lines[index] ?? []);
    const at = found.at(-1);
    return at === undefined ? undefined : { at, lines: found };
  }
  return undefined;
}

/** A quoted line as it may stand in a patch: with its mark, and without. Empty lines say nothing. */
function quotedKeys(text: string): string[] {
  const key = lineKey(text);
  if (key === '' || /^[+-]$/.test(key)) return [];
  return /^[+-]/.test(text) ? [key, lineKey(text.slice(1))] : [key];
}

function matches(keys: readonly string[] | undefined, line: PatchLine | undefined): boolean {
  if (keys === undefined || keys.length === 0 || line === undefined || line.key === '') return false;
  const [whole = '', bare] = keys;
  const marked = line.kind === 'added' || line.kind === 'removed';
  if (marked && bare === undefined) return partOf(whole, line.key) && whole !== line.key;
  if (marked && whole.startsWith('+') !== (line.kind === 'added')) return false;
  const text = marked ? (bare ?? '') : whole;
  return text === line.key || partOf(text, line.key);
}

/** Whether a long enough text is the beginning or the end of a line that was wrapped. */
function partOf(text: string, key: string): boolean {
  return text.length >= PART_LENGTH && (key.startsWith(text) || key.endsWith(text));
}

/** Indices of lines that are quoted one above the other, from `end` up. Both sides may leave lines out. */
function traceBack(
  keys: readonly (readonly string[])[],
  last: number,
  lines: readonly PatchLine[],
  end: number,
): number[] {
  const trace = [end];
  let at = end;
  for (let index = last - 1; index >= 0 && at >= 0; index -= 1) {
    if ((keys[index] ?? []).length === 0) continue;
    for (let above = at; above >= Math.max(0, at - LEFT_OUT); above -= 1) {
      const line = lines[above];
      if (line === undefined || !matches(keys[index], line)) continue;
      if (above === at && line.key.length < PART_LENGTH) continue;
      if (above !== at) trace.push(above);
      at = above;
      break;
    }
  }
  return trace;
}

/** Like `headName`, for text whose indentation may be lost: a type must come before the name. */
function beginsFunction(text: string): string | undefined {
  const typed = /^(?:static|inline|void|int|bool|unsigned|long|struct \w+|const|asmlinkage|extern)\b/.test(
    text,
  );
  return typed && !/[;=]/.test(text) ? headName(text) : undefined;
}

/**
 * The lines of a patch that was not read, as far as a reply quotes it, by the reply's lines. Line numbers are counted
 * from the last quoted head of a hunk, and unknown after something was left out. Between two parts of a reply a
 * file's head may have been left out too, so that a hunk there belongs to no file that can be told.
 */
export function quotedPatchLines(parts: readonly ReplyPart[]): Map<number, PatchLine> {
  const scan = new QuotedPatch();
  for (const { quoted } of parts) {
    scan.fileIsSure = false;
    for (const { text, line } of quoted) scan.take(text, line);
  }
  return scan.found;
}

class QuotedPatch {
  readonly found = new Map<number, PatchLine>();
  fileIsSure = false;
  private file: string | undefined;
  private function: string | undefined;
  private inHunk = false;
  /** Line numbers before and after the patch. */
  private next: { old: number; new: number } | undefined;

  take(text: string, line: number): void {
    const header = /^(?:diff --git .{0,500} b\/|\+\+\+ b\/)(\S{1,500})/.exec(text);
    if (header !== null) {
      [this.file, this.fileIsSure, this.inHunk] = [header[1], true, false];
    } else if (isRange(text)) {
      const range = parseRange(text);
      if (!this.fileIsSure) this.file = undefined;
      this.next = { old: range.oldStart, new: range.newStart };
      [this.inHunk, this.function] = [true, headName(range.section)];
    } else if (/^\[?\s?(?:\.{3}|snip|…)/i.test(text.trim())) {
      this.next = undefined;
    } else if (this.inHunk) {
      this.takeHunkLine(text, line);
    }
  }

  private takeHunkLine(marked: string, at: number): void {
    const kind = marked.startsWith('+') ? 'added' : marked.startsWith('-') ? 'removed' : 'context';
    const text = kind === 'context' ? marked : marked.slice(1);
    this.function = beginsFunction(text) ?? this.function;
    const line = kind === 'removed' ? this.next?.old : this.next?.new;
    this.found.set(at, {
      kind,
      key: lineKey(text),
      text,
      ...(this.file === undefined ? {} : { file: this.file }),
      ...(line === undefined ? {} : { line }),
      ...(this.function === undefined ? {} : { function: this.function }),
    });
    if (text === '}') this.function = undefined;
    if (this.next !== undefined && kind !== 'added') this.next.old += 1;
    if (this.next !== undefined && kind !== 'removed') this.next.new += 1;
  }
}
