// SPDX-License-Identifier: GPL-2.0-only

import type { Finding } from '../../../report/review-schema.ts';
import { counted, padded, paddedLeft, span, type Line, type Style } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { ChangedFile, FunctionChange, Hunk, Patch, SeriesVersion } from '../posted.ts';
import type { Known } from '../known.ts';
import { gravestDefects } from '../order.ts';
import type { About, Look, Page, Row } from '../page.ts';
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
  const shown = new Set<string>();
  const files = patch.files.flatMap((file) => fileRows(file, findings, width, shown));
  const rows = [
    ...headRows(patch, version),
    ...findings.map((finding): Row => summaryRow(finding, shown.has(finding.id))),
    ...textRows(patch.message),
    ...(patch.notes.trim() === '' ? [] : [{ line: [span('---', 'dim')] }, ...textRows(patch.notes, 'dim')]),
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

function fileRows(file: ChangedFile, findings: readonly Finding[], width: number, shown: Set<string>): Row[] {
  const path = file.newPath ?? file.oldPath ?? '';
  const renamed = file.change === 'rename' || file.change === 'copy' ? ` (from ${file.oldPath ?? ''})` : '';
  const what = file.change === 'add' ? ', new' : file.change === 'delete' ? ', deleted' : renamed;
  const own = findings.filter(({ where }) => where.file === path);
  return [
    { line: [] },
    {
      line: [span(terminalText(path + what), 'heading'), span(`  +${file.added} -${file.removed}`, 'dim')],
      about: { file: path },
      stop: true,
    },
    ...(file.binary ? [{ line: [span('binary', 'dim')] }] : []),
    ...file.hunks.flatMap((hunk) => hunkRows(hunk, path, own, width, shown)),
  ];
}

function hunkRows(
  hunk: Hunk,
  path: string,
  findings: readonly Finding[],
  width: number,
  shown: Set<string>,
): Row[] {
  const { oldStart, oldCount, newStart, newCount, section, lines } = hunk;
  const name = /(\w+)\s*\(/.exec(section)?.[1];
  const about: About = { file: path, ...(name === undefined ? {} : { function: name }) };
  const head = `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@ ${section}`;
  const rows: Row[] = [{ line: [span(terminalText(head), 'command')], about }];
  let number = newStart;
  for (const { kind, text } of lines) {
    const isThere = kind !== 'removed';
    const gutter =
      width < NUMBERED_FROM ? '' : paddedLeft(isThere ? String(number) : '', GUTTER - 1).concat(' ');
    const line: Line = [span(gutter, 'dim'), span(MARKS[kind] + text, STYLES[kind])];
    rows.push({ line, about });
    if (!isThere) continue;
    for (const finding of findings.filter(({ where }) => where.line === number)) {
      shown.add(finding.id);
      rows.push(...findingAtLine(finding, gutter.length));
    }
    number += 1;
  }
  return rows;
}

/** Below its line: which promise it breaks, what was expected and what was seen. */
function findingAtLine(finding: Finding, gutter: number): Row[] {
  const indent = ' '.repeat(gutter + 1);
  const opens = { kind: 'explanation', id: finding.id } as const;
  const about = aboutFinding(finding);
  const { invariant, severity, expected, seen, id } = finding;
  return [
    {
      line: [span(`${indent}✗ ${severity}  ${invariant}`, 'bad')],
      opens,
      about,
      key: `at ${id}`,
      stop: true,
    },
    { line: [span(`${indent}    expected  `, 'dim'), span(terminalText(expected))], opens, about },
    { line: [span(`${indent}    seen      `, 'dim'), span(terminalText(seen), 'bad')], opens, about },
  ];
}
