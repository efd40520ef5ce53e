// SPDX-License-Identifier: GPL-2.0-only

import { counted, span, wrapped, type Line } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import {
  entryVerdict,
  renderFunction,
  renderMove,
  renderOnTheWay,
  renderOutcome,
  renderUnmentioned,
} from '../../../report/version-diff-text.ts';
import type { About, Row, View } from '../page.ts';
import type { FunctionDiff, PatchOutcome, VersionDiff } from '../posted.ts';
import { entryMark, NO_MARK } from './claim-marks.ts';

/** Wider than this, prose cannot be followed. */
const MOST_COLUMNS = 110;

/** Sections of what differs between two versions, each with its heading; the empty ones are left out. */
export function versionDiffSections(diff: VersionDiff, width: number): Row[][] {
  const { from, to, patches, moves, functions, onTheWay, entries, unmentioned, names } = diff;
  const seen = entries.filter(({ verdict }) => verdict === 'seen').length;
  const at = (line: Line, name: string | undefined, own: readonly number[]): Row => ({
    line,
    ...functionView(name, own, to),
  });
  return [
    titled(
      'Patches, marked as git range-diff does; ~ where only the message differs',
      patches.map((patch): Row => ({ line: renderOutcome(patch), ...outcomeView(patch, from, to) })),
    ),
    titled(
      'Lines that moved to another patch',
      moves.map((move) => at(renderMove(move), move.functions[0], [move.after])),
    ),
    titled(
      `What ${to} says of itself: ${seen} of ${counted(entries.length, 'entry', 'entries')} seen`,
      entries.flatMap((entry) => entryRows(entry, to, Math.min(width, MOST_COLUMNS))),
    ),
    titled(
      'Changed, and not in the changelog',
      unmentioned.map((change) => at(renderUnmentioned(change), change.name, change.after)),
    ),
    titled(
      'Functions',
      functions.flatMap((change) => functionRows(change, diff)),
    ),
    titled(
      'Functions that end the same, changed by other patches than before',
      onTheWay.map((change) => at(renderOnTheWay(change), change.name, change.after)),
    ),
    titled(
      'Names in commit messages that no changed file has',
      names.map(({ patch, name }) =>
        at([span(`  patch ${patch}: `), span(`${terminalText(name)}()`, 'warn')], undefined, [patch]),
      ),
    ),
  ].filter((section) => section.length > 0);
}

/** What is seen needs no more words here: the letter has them. */
function entryRows(entry: VersionDiff['entries'][number], to: string, width: number): Row[] {
  const { text, patch, verdict } = entry;
  const words = wrapped(terminalText(text), width - 4);
  const reasons = verdict === 'seen' ? [] : wrapped(entryVerdict(entry), width - 6);
  const view = entryView(patch, to);
  return [
    ...words.map((line, index): Row => ({
      line: [span('  '), index === 0 ? entryMark(entry) : NO_MARK, span(line)],
      ...view,
    })),
    ...reasons.map((line): Row => ({ line: [span(`      ${line}`, 'dim')], ...view })),
  ];
}

/** A heading above rows; nothing without them. */
export function titled(title: string, rows: readonly Row[]): Row[] {
  return rows.length === 0 ? [] : [{ line: [span(title, 'heading')], stop: true }, ...rows];
}

/** Tab stops at each function: what differs in it may be long. */
function functionRows(change: FunctionDiff, diff: VersionDiff): Row[] {
  const { name, file, before, after } = change;
  const isThere = after.length > 0;
  const target = functionView(name, isThere ? after : before, isThere ? diff.to : diff.from);
  const about = { ...target.about, file };
  return renderFunction(change, diff).map((line, index): Row =>
    index === 0 ? { line, ...target, about, stop: true } : { line, ...target, about },
  );
}

type Target = Pick<Row, 'opens'> & { readonly about?: About };

/** The patch that changes a function, at the function. */
function functionView(name: string | undefined, patches: readonly number[], label: string): Target {
  const [patch] = patches;
  if (patch === undefined) return {};
  const at = name === undefined ? {} : { function: name };
  const view: View = { kind: 'patch', label, patch, ...at };
  return { opens: view, about: { label, patch, ...at } };
}

function outcomeView({ before, after }: PatchOutcome, from: string, to: string): Target {
  if (after !== undefined) return functionView(undefined, [after], to);
  return functionView(undefined, before === undefined ? [] : [before], from);
}

function entryView(patch: number, label: string): Target {
  if (patch > 0) return functionView(undefined, [patch], label);
  return { opens: { kind: 'letter', label }, about: { label } };
}
