// SPDX-License-Identifier: GPL-2.0-only

import type { ExercisedPatch } from './report/review-schema.ts';
import { sourcesBeside } from './review-brought.ts';
import type { Answer } from './review-coverage.ts';
import type { ReviewInput } from './review-input.ts';
import type { SourceState } from './review-states.ts';
import type { JobResult } from './run/job.ts';
import { translatedPaths } from './run/source.ts';
import { findCFunctions } from './series/c-functions.ts';
import type { ChangedFile, Patch } from './series/series.ts';

type Missed = ExercisedPatch['missed'][number];

/** Lines of one file that can be executed; of each the function, and whether some scenario did on some machine. */
type Lines = Map<number, { readonly function: string; executed: boolean }>;

/**
 * Of each patch that was run, the lines that it adds and that some scenario executed, behind it or behind a later patch of
 * the version, and those that none did: what a green cell says nothing about. Lines that do nothing by themselves (declarations, braces, what the configuration leaves out)
 * are neither; of a function that nothing leads to, the first line stands for all. Lines that it takes away and that no
 * scenario executed before it are told where nothing is missed of what it puts into their function.
 */
export function exercisedPatches({ versions }: ReviewInput, answers: readonly Answer[]): ExercisedPatch[] {
  const before = (label: string, patch: number): Answer[] =>
    answers.filter(({ state }) =>
      patch === 1 ? state.version === 0 : state.label === label && state.patch === patch - 1,
    );
  return versions.flatMap(({ version }) =>
    version.patches.flatMap((patch): ExercisedPatch[] => {
      const own = answers.filter(({ state }) => state.label === version.label && state.patch === patch.index);
      if (own[0] === undefined) return [];
      const lines = linesOf(own.map(({ result }) => result));
      const { executed, missed } = countPatch(patch, own[0].state, lines);
      const unreached = unreachedFunctions(patch, own, lines);
      const told = new Set([...missed, ...unreached].map((each) => each.function));
      const gone = goneUnexecuted(patch, before(version.label, patch.index)).filter(
        (line) => !told.has(line.function),
      );
      if (executed + missed.length + unreached.length + gone.length === 0) return [];
      const of = { version: version.version, label: version.label, patch: patch.index };
      const all = [...missed, ...unreached];
      const later = answers.filter(({ state }) => state.label === version.label && state.patch > patch.index);
      const never = all.length === 0 ? [] : all.filter((one) => !isExecutedIn(later, one));
      return [
        {
          ...of,
          executed: executed + all.length - never.length,
          missed: never,
          ...(gone.length > 0 && { gone }),
        },
      ];
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
    for (const line of changedLines(file, 'added', text)) {
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
    const added = changedLines(file, 'added', text).filter((line) => !NO_CODE.test(text[line - 1]!));
    return findCFunctions(whole).flatMap(({ name, startLine, endLine }) => {
      const isChanged = added.some((line) => line >= startLine && line <= endLine);
      if (!isChanged || linked.has(name)) return [];
      return [{ file: path, line: startLine, function: name, text: text[startLine - 1]!.trim() }];
    });
  });
}

/** Blank, a directive, or in a comment as the kernel writes them. */
const NO_CODE = /^\s*(?:$|#|\/\/|\/?\*(?:[\s*/]|$))/;

/** Lines that the patch takes away, moved ones apart, which no scenario executed in the state before it. */
function goneUnexecuted({ files }: Patch, before: readonly Answer[]): Missed[] {
  const { tree } = before[0]?.state ?? {};
  if (tree === undefined) return [];
  const lines = linesOf(before.map(({ result }) => result));
  const kept = new Set(
    files.flatMap(({ hunks }) =>
      hunks.flatMap((hunk) =>
        hunk.lines.flatMap(({ kind, text }) => (kind === 'added' ? [text.trim()] : [])),
      ),
    ),
  );
  return files.flatMap((file): Missed[] => {
    const path = file.oldPath;
    const runnable = path === undefined ? undefined : lines.get(path);
    if (path === undefined || runnable === undefined) return [];
    const source = tree.read(path)?.split('\n') ?? [];
    return changedLines(file, 'removed', source).flatMap((line): Missed[] => {
      const found = runnable.get(line);
      const text = (source[line - 1] ?? '').trim();
      if (found === undefined || found.executed || kept.has(text)) return [];
      return [{ file: path, line, function: found.function, text }];
    });
  });
}

/** Numbers, 1-based, of the lines that a patch adds, in the file as it is behind the patch, or of those it removes before it. */
function changedLines(
  { hunks }: ChangedFile,
  change: 'added' | 'removed',
  text: readonly string[],
): number[] {
  const other = change === 'added' ? 'removed' : 'added';
  return hunks.flatMap((hunk) => {
    const side = hunk.lines.filter(({ kind }) => kind !== other);
    const start = placeOf(
      side.map((line) => line.text),
      change === 'added' ? hunk.newStart : hunk.oldStart,
      text,
    );
    return start === undefined ? [] : side.flatMap(({ kind }, i) => (kind === change ? [start + i + 1] : []));
  });
}

/** Index of the hunk's first line in the file; a hunk may have been applied some lines off. */
function placeOf(side: readonly string[], stated: number, text: readonly string[]): number | undefined {
  const fits = (start: number): boolean => side.every((line, i) => text[start + i] === line);
  for (let off = 0; off < text.length; off++) {
    if (fits(stated - 1 + off)) return stated - 1 + off;
    if (fits(stated - 1 - off)) return stated - 1 - off;
  }
  return undefined;
}
