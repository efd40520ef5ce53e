// SPDX-License-Identifier: GPL-2.0-only

import { paddedLeft, span, type Style } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { About, Row } from '../page.ts';
import type { ChangedFile, Hunk, ReviewComment } from '../posted.ts';
import { expandTabs } from '../cut-line.ts';
import { functionBegun, functionIn, type PlacedFinding } from '../finding-places.ts';
import { commentRows } from './comment-rows.ts';
import { aboutFinding } from './finding-row.ts';

const MARKS = { context: ' ', added: '+', removed: '-' } as const;
const STYLES: Readonly<Record<keyof typeof MARKS, Style | undefined>> = {
  context: undefined,
  added: 'added',
  removed: 'removed',
};

/** From this width on, lines have their numbers: the usual line of C still fits beside them. */
const NUMBERED_FROM = 92;
const GUTTER = 6;

/** The keys of lines of hunks begin so. */
export const LINE_KEY = 'hunk ';

/** What is to be set at lines, and what was already. */
export interface Annotations {
  readonly findings: readonly PlacedFinding[];
  readonly comments: readonly ReviewComment[];
  readonly width: number;
  readonly shown: Set<ReviewComment>;
}

/** What a patch does to a file, with findings and comments at their lines. */
export function fileRows(file: ChangedFile, annotations: Annotations): Row[] {
  const { change, oldPath, newPath, binary, added, removed, hunks } = file;
  const path = newPath ?? oldPath ?? '';
  const renamed = change === 'rename' || change === 'copy' ? ` (from ${oldPath ?? ''})` : '';
  const what = change === 'add' ? ', new' : change === 'delete' ? ', deleted' : renamed;
  return [
    { line: [] },
    {
      line: [span(terminalText(path + what), 'heading'), span(`  +${added} -${removed}`, 'dim')],
      about: { file: path },
      stop: true,
    },
    ...(binary ? [{ line: [span('binary', 'dim')] }] : []),
    ...hunks.flatMap((hunk) => hunkRows(hunk, path, annotations)),
  ];
}

function hunkRows(hunk: Hunk, path: string, annotations: Annotations): Row[] {
  const { oldStart, oldCount, newStart, newCount, section, lines } = hunk;
  let about = aboutLine(path, functionIn(section));
  const head = `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@ ${section}`;
  const rows: Row[] = [{ line: [span(terminalText(head), 'command')], about }];
  let [before, after] = [oldStart, newStart];
  for (const { kind, text } of lines) {
    const isThere = kind !== 'removed';
    const begun = functionBegun(text);
    if (begun !== undefined) about = aboutLine(path, begun);
    const number = isThere ? String(after) : '';
    const gutter = annotations.width < NUMBERED_FROM ? '' : `${paddedLeft(number, GUTTER - 1)} `;
    rows.push({
      line: [span(gutter, 'dim'), span(expandTabs(MARKS[kind] + text, 0), STYLES[kind])],
      about,
      key: `${LINE_KEY}${path} ${kind} ${before} ${after}`,
    });
    rows.push(...rowsAtLine({ path, before, after, kind }, gutter.length + 1, annotations));
    if (kind !== 'added') before += 1;
    if (isThere) after += 1;
  }
  return rows;
}

function aboutLine(file: string, name: string | undefined): About {
  return { file, ...(name === undefined ? {} : { function: name }) };
}

/** Findings and comments that are about one line of a hunk. */
function rowsAtLine(
  at: {
    readonly path: string;
    readonly before: number;
    readonly after: number;
    readonly kind: keyof typeof MARKS;
  },
  indent: number,
  { findings, comments, width, shown }: Annotations,
): Row[] {
  const found = findings.filter(
    ({ file, line }) => at.kind !== 'removed' && file === at.path && line === at.after,
  );
  const said = comments.filter(({ part, file, line, side }) => {
    if (part !== 'patch' || file !== at.path) return false;
    return side === 'old'
      ? at.kind !== 'added' && line === at.before
      : at.kind !== 'removed' && line === at.after;
  });
  for (const each of said) shown.add(each);
  return [
    ...found.flatMap((finding) => findingAtLine(finding, indent)),
    ...said.flatMap((comment) => commentRows(comment, width, indent, false)),
  ];
}

/** Below its line: which promise it breaks, what was expected and what was seen. */
function findingAtLine({ finding, by }: PlacedFinding, indent: number): Row[] {
  const blank = ' '.repeat(indent);
  const opens = { kind: 'explanation', id: finding.id } as const;
  const about = aboutFinding(finding);
  const { invariant, severity, expected, seen, id, where } = finding;
  const place = `${where.function}() ${where.file}:${where.line}`;
  const how = by === 'line' ? '' : by === 'call' ? `  below this call, in ${place}` : `  in ${place}`;
  return [
    {
      line: [span(`${blank}✗ ${severity}  ${invariant}`, 'bad'), span(terminalText(how), 'dim')],
      opens,
      about,
      key: `at ${id}`,
      stop: true,
    },
    { line: [span(`${blank}    expected  `, 'dim'), span(terminalText(expected))], opens, about },
    { line: [span(`${blank}    seen      `, 'dim'), span(terminalText(seen), 'bad')], opens, about },
  ];
}
