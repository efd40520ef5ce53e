// SPDX-License-Identifier: GPL-2.0-only

import type { Finding } from './report/review-schema.ts';
import { baseState, type SourceState } from './review-states.ts';
import type { ReviewInput } from './review-input.ts';
import type { JobViolation } from './run/job.ts';
import { findFunctionChanges } from './series/function-changes.ts';

/** A function that a patch changes, where it begins and ends behind the patch. */
export type ChangedFunction = NonNullable<Finding['changed']>['functions'][number] & { readonly end: number };

/**
 * The functions that a patch changes, brings or renames, from the whole files before and behind it; none where the patch
 * or the one before it was not built.
 */
export function functionsChangedBy(
  input: ReviewInput,
  states: readonly SourceState[],
  { label, patch }: { readonly label: string; readonly patch: number },
): readonly ChangedFunction[] {
  const stateAt = (at: number): SourceState | undefined =>
    at === 0 ? baseState(input) : states.find((each) => each.label === label && each.patch === at);
  const [before, after] = [stateAt(patch - 1), stateAt(patch)];
  const own = input.versions.find(({ version }) => version.label === label)?.version.patches;
  const files = own?.find(({ index }) => index === patch)?.files ?? [];
  if (before === undefined || after === undefined) return [];
  return files.flatMap(({ newPath, oldPath }) => {
    if (newPath === undefined || !/\.[ch]$/.test(newPath)) return [];
    const was = oldPath === undefined ? undefined : before.tree.read(oldPath);
    return findFunctionChanges(newPath, was, after.tree.read(newPath)).flatMap((change) =>
      change.kind === 'function' && change.after !== undefined
        ? [{ function: change.name, file: newPath, line: change.after.startLine, end: change.after.endLine }]
        : [],
    );
  });
}

/**
 * What a finding has to do with its patch where it shows in a function that the patch does not change: the innermost
 * function on the call stack that it does change; else those that the scenario runs. Undefined where there is none, and
 * where the place itself is the patch's.
 */
export function changedOnTheWay(
  { where, stack, ran }: Pick<JobViolation, 'where' | 'stack' | 'ran'>,
  changed: readonly ChangedFunction[],
): Finding['changed'] {
  const find = (name: string, file: string | undefined): ChangedFunction | undefined =>
    changed.find((each) => each.function === name && each.file === file);
  // An entry point goes by the name that callers know: vrealloc() begins where vrealloc_noprof() does.
  const isPlace = ({ file, line, end }: ChangedFunction): boolean =>
    file === where.file && line <= where.line && where.line <= end;
  if (changed.some(isPlace)) return undefined;
  for (const { function: name, file, line } of stack) {
    const found = find(name, file);
    if (found !== undefined)
      return { onStack: true, functions: [placeOf({ ...found, line: line ?? found.line })] };
  }
  const functions = changed.filter((each) =>
    ran.some((one) => one.function === each.function && one.file === each.file),
  );
  return functions.length === 0 ? undefined : { onStack: false, functions: functions.map(placeOf) };
}

function placeOf({
  function: name,
  file,
  line,
}: ChangedFunction): NonNullable<Finding['changed']>['functions'][number] {
  return { function: name, file, line };
}
