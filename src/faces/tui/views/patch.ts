// SPDX-License-Identifier: GPL-2.0-only

import type { Finding } from '../../../report/review-schema.ts';
import { counted, padded, paddedLeft, span, type Style } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { ChangedFile, FunctionChange, Hunk, Patch, ReviewComment, SeriesVersion } from '../posted.ts';
import type { Known } from '../known.ts';
import { gravestDefects } from '../order.ts';
import type { About, Look, Page, Row } from '../page.ts';
import { commentRows } from './comment-rows.ts';
import { aboutFinding } from './finding-row.ts';

const MARKS = { context: ' ', added: '+', removed: '-' } as const;
const STYLES: Readonly<Record<keyof typeof MARKS, Style | undefined>> = {
  context: undefined,
  added: 'added',
  removed: 'removed',
};

const CHANGES: Readonly<Record<FunctionChange['change'], string>> = {
  added: 'adds',
  removed: 'removes',
  renamed: 'renames',
  modified: 'changes',
};

/** From this width on, lines have their numbers. */
const NUMBERED_FROM = 72;
const GUTTER = 6;

/** Whoever reads a patch without a review of it still gets its functions translated. */
const USUAL_MACHINE = 'arm64-4k';

/** A patch as it was posted, with what was found in it at its lines. */
export function patchPage(
  view: { readonly label: string; readonly patch: number; readonly finding?: string },
  known: Known,
  { width }: Look,
): Page {
  const version = known.series?.versions.find(({ label }) => label === view.label);
  const patch = version?.patches.find(({ index }) => index === view.patch);
  const machine = known.review?.machines[0]?.name ?? USUAL_MACHINE;
  const about: About = { label: view.label, patch: view.patch, machine };
  const title =
    `${view.label} ${view.patch}/${version?.total ?? '?'} ${terminalText(patch?.subject ?? '')}`.trimEnd();
  const page = { title, head: [], mode: 'text', columns: 1, about } as const;
  if (version === undefined || patch === undefined) {
    return { ...page, rows: [{ line: [span(`${view.label} has no patch ${view.patch}`, 'bad')] }] };
  }
  const findings = findingsOf(known, view.label, view.patch);
  const comments = version.comments.filter((comment) => comment.patch === view.patch);
  const shown = new Set<Finding | ReviewComment>();
  const files = patch.files.flatMap((file) => fileRows(file, { findings, comments, width, shown }));
  const elsewhere = comments.filter((comment) => !shown.has(comment));
  const rows = [
    ...headRows(patch, version),
    ...findings.map((finding): Row => summaryRow(finding, shown.has(finding))),
    ...textRows(patch.message),
    ...(patch.notes.trim() === '' ? [] : [{ line: [span('---', 'dim')] }, ...textRows(patch.notes, 'dim')]),
    ...elsewhere.flatMap((comment) => [{ line: [] }, ...commentRows(comment, width, 0, true)]),
    ...functionRows(patch.functions, about),
    ...files,
  ];
  const start = view.finding === undefined ? -1 : rows.findIndex(({ key }) => key === `at ${view.finding}`);
  return { ...page, rows, ...(start > 0 ? { start } : {}) };
}

function findingsOf({ review }: Known, label: string, patch: number): Finding[] {
  const own = review?.findings.filter((finding) => finding.label === label && finding.patch === patch) ?? [];
  return gravestDefects(own.map((finding) => ({ finding, elsewhere: [] }))).map(({ finding }) => finding);
}

function headRows(
  { author, date, messageId, commit, diffstat, files }: Patch,
  { rfc }: SeriesVersion,
): Row[] {
  const who = author === undefined ? 'no author' : author.name || author.address;
  const name = commit?.slice(0, 12) ?? (messageId === undefined ? undefined : `<${messageId}>`);
  const facts = [who, date?.slice(0, 10), rfc ? 'RFC' : undefined, name].filter((fact) => fact !== undefined);
  const size = `${counted(files.length, 'file')}, +${diffstat.added} -${diffstat.removed}`;
  return [{ line: [span(terminalText(`${facts.join(', ')}; ${size}`), 'dim')] }];
}

function summaryRow(finding: Finding, isInHunk: boolean): Row {
  const { severity, invariant, where, id } = finding;
  const place = `${where.file}:${where.line} in ${where.function}()`;
  return {
    line: [
      span('✗ ', 'bad'),
      span(`${padded(severity, 5)}${invariant}`, 'strong'),
      span(terminalText(`  ${place}`)),
      span(isInHunk ? '' : '  on a line that this patch leaves as it is', 'dim'),
    ],
    opens: { kind: 'explanation', id },
    about: aboutFinding(finding),
    stop: true,
    ...(isInHunk ? {} : { key: `at ${id}` }),
  };
}

function textRows(text: string, style?: Style): Row[] {
  const lines = text.replace(/\s+$/, '').split('\n');
  return lines.length === 1 && lines[0] === ''
    ? []
    : [{ line: [] }, ...lines.map((line) => ({ line: [span(line, style)] }))];
}

function functionRows(changes: readonly FunctionChange[], about: About): Row[] {
  if (changes.length === 0) return [];
  return [
    { line: [] },
    { line: [span('It', 'heading')], stop: true },
    ...changes.map(({ change, kind, name, previousName, file }): Row => {
      const shown = kind === 'function' ? `${name}()` : `${kind} ${name}`;
      const before = previousName === undefined ? '' : `${previousName} -> `;
      const { machine = USUAL_MACHINE, label = '', patch = 0 } = about;
      const hasCode = kind === 'function' && change !== 'removed';
      return {
        line: [
          span(`  ${padded(CHANGES[change], 8)}`),
          span(terminalText(before + shown), 'strong'),
          span(`  ${terminalText(file)}`, 'dim'),
        ],
        ...(hasCode
          ? {
              opens: { kind: 'code', file, function: name, machine, label, patch },
              about: { file, function: name },
            }
          : {}),
      };
    }),
  ];
}

/** What is to be set at lines, and what was already. */
interface Annotations {
  readonly findings: readonly Finding[];
  readonly comments: readonly ReviewComment[];
  readonly width: number;
  readonly shown: Set<Finding | ReviewComment>;
}

function fileRows(file: ChangedFile, annotations: Annotations): Row[] {
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
  const name = /(\w+)\s*\(/.exec(section)?.[1];
  const about: About = { file: path, ...(name === undefined ? {} : { function: name }) };
  const head = `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@ ${section}`;
  const rows: Row[] = [{ line: [span(terminalText(head), 'command')], about }];
  let [before, after] = [oldStart, newStart];
  for (const { kind, text } of lines) {
    const isThere = kind !== 'removed';
    const number = isThere ? String(after) : '';
    const gutter = annotations.width < NUMBERED_FROM ? '' : `${paddedLeft(number, GUTTER - 1)} `;
    rows.push({ line: [span(gutter, 'dim'), span(MARKS[kind] + text, STYLES[kind])], about });
    rows.push(...rowsAtLine({ path, before, after, kind }, gutter.length + 1, annotations));
    if (kind !== 'added') before += 1;
    if (isThere) after += 1;
  }
  return rows;
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
    ({ where }) => at.kind !== 'removed' && where.file === at.path && where.line === at.after,
  );
  const said = comments.filter(({ part, file, line, side }) => {
    if (part !== 'patch' || file !== at.path) return false;
    return side === 'old'
      ? at.kind !== 'added' && line === at.before
      : at.kind !== 'removed' && line === at.after;
  });
  for (const each of [...found, ...said]) shown.add(each);
  return [
    ...found.flatMap((finding) => findingAtLine(finding, indent)),
    ...said.flatMap((comment) => commentRows(comment, width, indent, false)),
  ];
}

/** Below its line: which promise it breaks, what was expected and what was seen. */
function findingAtLine(finding: Finding, indent: number): Row[] {
  const blank = ' '.repeat(indent);
  const opens = { kind: 'explanation', id: finding.id } as const;
  const about = aboutFinding(finding);
  const { invariant, severity, expected, seen, id } = finding;
  return [
    { line: [span(`${blank}✗ ${severity}  ${invariant}`, 'bad')], opens, about, key: `at ${id}`, stop: true },
    { line: [span(`${blank}    expected  `, 'dim'), span(terminalText(expected))], opens, about },
    { line: [span(`${blank}    seen      `, 'dim'), span(terminalText(seen), 'bad')], opens, about },
  ];
}
