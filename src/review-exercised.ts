// SPDX-License-Identifier: GPL-2.0-only

import type { ExercisedPatch } from './report/review-schema.ts';
import type { Answer } from './review-coverage.ts';
import type { ReviewInput } from './review-input.ts';
import type { SourceState } from './review-states.ts';
import type { JobResult } from './run/job.ts';
import type { ChangedFile, Hunk, Patch } from './series/series.ts';

/** Lines of one file that can be executed; of each the function, and whether some scenario did on some machine. */
type Lines = Map<number, { readonly function: string; executed: boolean }>;

/**
 * Of each patch that was run, the lines that it adds and that some scenario executed, and those that none did: what a green
 * cell says nothing about. Lines that do nothing by themselves (declarations, braces, what the configuration leaves out)
 * are neither.
 */
export function exercisedPatches({ versions }: ReviewInput, answers: readonly Answer[]): ExercisedPatch[] {
  return versions.flatMap(({ version }) =>
    version.patches.flatMap((patch): ExercisedPatch[] => {
      const own = answers.filter(({ state }) => state.label === version.label && state.patch === patch.index);
      if (own[0] === undefined) return [];
      const counted = countPatch(patch, own[0].state, linesOf(own.map(({ result }) => result)));
      if (counted.executed + counted.missed.length === 0) return [];
      return [{ version: version.version, label: version.label, patch: patch.index, ...counted }];
    }),
  );
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
  const missed: ExercisedPatch['missed'][number][] = [];
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
