// SPDX-License-Identifier: GPL-2.0-only

import type { ExercisedPatch } from './report/review-schema.ts';
import { sourcesBeside } from './review-brought.ts';
import type { Answer } from './review-coverage.ts';
import type { ReviewInput } from './review-input.ts';
import type { SourceState } from './review-states.ts';
import type { JobResult } from './run/job.ts';
import { translatedPaths } from './run/source.ts';
import { findCFunctions } from './series/c-functions.ts';
import type { ChangedFile, Hunk, Patch } from './series/series.ts';

type Missed = ExercisedPatch['missed'][number];

/** Lines of one file that can be executed; of each the function, and whether some scenario did on some machine. */
type Lines = Map<number, { readonly function: string; executed: boolean }>;

/**
 * Of each patch that was run, the lines that it adds and that some scenario executed, behind it or behind a later patch of
 * the version, and those that none did: what a green cell says nothing about. Lines that do nothing by themselves (declarations, braces, what the configuration leaves out)
 * are neither; of a function that nothing leads to, the first line stands for all.
 */
export function exercisedPatches({ versions }: ReviewInput, answers: readonly Answer[]): ExercisedPatch[] {
  return versions.flatMap(({ version }) =>
    version.patches.flatMap((patch): ExercisedPatch[] => {
      const own = answers.filter(({ state }) => state.label === version.label && state.patch === patch.index);
      if (own[0] === undefined) return [];
      const lines = linesOf(own.map(({ result }) => result));
      const { executed, missed } = countPatch(patch, own[0].state, lines);
      const unreached = unreachedFunctions(patch, own, lines);
      if (executed + missed.length + unreached.length === 0) return [];
      const of = { version: version.version, label: version.label, patch: patch.index };
      const all = [...missed, ...unreached];
      const later = answers.filter(({ state }) => state.label === version.label && state.patch > patch.index);
      const never = all.length === 0 ? [] : all.filter((one) => !isExecutedIn(later, one));
      return [{ ...of, executed: executed + all.length - never.length, missed: never }];
    }),
  );
}

/** Is the line executed behind one of these patches, with all others of its function that read the same? */
function isExecutedIn(answers: readonly Answer[], { file, function: name, text }: Missed): boolean {
  return answers.some(({ state, result }) => {
    const own = result.lines.filter((each) => each.file === file && each.function === name);
    const executed = own.flatMap((each) => each.executed);
    if (executed.length === 0) return false;
    const source = state.tree.read(file)?.split('\n') ?? [];
    const isAlike = (line: number): boolean => source[line - 1]?.trim() === text;
    return executed.some(isAlike) && !own.flatMap((each) => each.missed).some(isAlike);
  });
}

function linesOf(results: readonly JobResult[]): ReadonlyMap<string, Lines> {
  const files = new Map<string, Lines>();
  for (const { function: name, file, executed, missed } of results.flatMap((result) => result.lines)) {
    const lines: Lines = files.get(file) ?? new Map();
    files.set(file, lines);
    for (const line of missed) if (!lines.has(line)) lines.set(line, { function: name, executed: false });
    for (const line of executed) lines.set(line, { function: name, executed: true });
  }
  return files;
}

function countPatch(
  { files }: Patch,
  { tree }: SourceState,
  lines: ReadonlyMap<string, Lines>,
): Pick<ExercisedPatch, 'executed' | 'missed'> {
  let executed = 0;
  const missed: Missed[] = [];
  for (const file of files) {
    const path = file.newPath;
    const runnable = path === undefined ? undefined : lines.get(path);
    if (path === undefined || runnable === undefined) continue;
    const text = tree.read(path)?.split('\n') ?? [];
    for (const line of addedLines(file, text)) {
      const found = runnable.get(line);
      if (found === undefined) continue;
      if (found.executed) executed++;
      else missed.push({ file: path, line, function: found.function, text: (text[line - 1] ?? '').trim() });
    }
  }
  return { executed, missed };
}

/**
 * Functions that the patch brings or changes in files that are run, and that nothing which scenarios call leads to, or
 * that are not compiled: of each its first line, since which of its lines do something is not known.
 */
function unreachedFunctions(
  { files }: Patch,
  answers: readonly Answer[],
  lines: ReadonlyMap<string, Lines>,
): Missed[] {
  const { tree } = answers[0]!.state;
  const run = new Set(
    answers.flatMap(({ machine }) => [...translatedPaths(machine), ...sourcesBeside(tree, machine)]),
  );
  return files.flatMap((file) => {
    const path = file.newPath;
    const whole = path === undefined || !run.has(path) ? undefined : tree.read(path);
    if (path === undefined || whole === undefined) return [];
    const linked = new Set([...(lines.get(path)?.values() ?? [])].map((each) => each.function));
    const text = whole.split('\n');
    const added = addedLines(file, text).filter((line) => !NO_CODE.test(text[line - 1]!));
    return findCFunctions(whole).flatMap(({ name, startLine, endLine }) => {
      const isChanged = added.some((line) => line >= startLine && line <= endLine);
      if (!isChanged || linked.has(name)) return [];
      return [{ file: path, line: startLine, function: name, text: text[startLine - 1]!.trim() }];
    });
  });
}

/** Blank, a directive, or in a comment as the kernel writes them. */
const NO_CODE = /^\s*(?:$|#|\/\/|\/?\*(?:[\s*/]|$))/;

/** Numbers, 1-based, of the lines that a patch adds, in the file as it is behind the patch. */
function addedLines({ hunks }: ChangedFile, text: readonly string[]): number[] {
  return hunks.flatMap((hunk) => {
    const after = hunk.lines.filter(({ kind }) => kind !== 'removed');
    const start = placeOf(hunk, text);
    return start === undefined
      ? []
      : after.flatMap(({ kind }, i) => (kind === 'added' ? [start + i + 1] : []));
  });
}

/** Index of the hunk's first line in the file; a hunk may have been applied some lines off. */
function placeOf({ lines, newStart }: Hunk, text: readonly string[]): number | undefined {
  const after = lines.filter(({ kind }) => kind !== 'removed').map((line) => line.text);
  const fits = (start: number): boolean => after.every((line, i) => text[start + i] === line);
  for (let off = 0; off < text.length; off++) {
    if (newStart - 1 + off >= 0 && fits(newStart - 1 + off)) return newStart - 1 + off;
    if (newStart - 1 - off >= 0 && fits(newStart - 1 - off)) return newStart - 1 - off;
  }
  return undefined;
}
