// SPDX-License-Identifier: GPL-2.0-only

import { changeSummaries } from '../../../report/changes-text.ts';
import type { Finding } from '../../../report/review-schema.ts';
import { counted, padded, span, wrapped } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { FunctionChange, Patch, ReviewComment, SeriesVersion } from '../posted.ts';
import type { Known } from '../known.ts';
import { placeInPatch, type PlacedFinding } from '../finding-places.ts';
import { gravestDefects } from '../order.ts';
import type { About, Look, Page, Row, View } from '../page.ts';
import { claimNotes } from './claim-notes.ts';
import { commentRows } from './comment-rows.ts';
import { aboutFinding } from './finding-row.ts';
import { fileRows, LINE_KEY } from './hunk-rows.ts';

const CHANGES: Readonly<Record<FunctionChange['change'], string>> = {
  added: 'adds',
  removed: 'removes',
  renamed: 'renames',
  modified: 'changes',
};

/** Whoever reads a patch without a review of it still gets its functions translated. */
const USUAL_MACHINE = 'arm64-4k';

type PatchView = Extract<View, { kind: 'patch' }>;

/** A patch as it was posted, with what was found in it at its lines. */
export function patchPage(view: PatchView, known: Known, look: Look): Page {
  const { width } = look;
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
  const findings = findingsOf(known, view.label, view.patch).map((finding) => ({
    finding,
    place: placeInPatch(finding, patch.files),
  }));
  const placed = findings.flatMap(({ place }) => place ?? []);
  const comments = version.comments.filter((comment) => comment.patch === view.patch);
  const notes = claimNotes(view.label, view.patch, known, look);
  const shown = new Set<ReviewComment>();
  const files = patch.files.flatMap((file) => fileRows(file, { findings: placed, comments, width, shown }));
  const elsewhere = comments.filter((comment) => !shown.has(comment));
  const rows: Row[] = [
    ...headRows(patch, version),
    ...changeRows(known, view, width),
    ...findings.map(({ finding, place }): Row => summaryRow(finding, place)),
    ...(patch.message.trim() === '' ? [] : [{ line: [] }, ...notes.rows('message', patch.message)]),
    ...(patch.notes.trim() === ''
      ? []
      : [{ line: [span('---', 'dim')] }, ...notes.rows('notes', patch.notes, 'dim')]),
    ...elsewhere.flatMap((comment) => [{ line: [] }, ...commentRows(comment, width, 0, true)]),
    ...functionRows(patch.functions, about),
    ...files,
  ];
  const start = startOf(view, rows);
  return { ...page, rows, ...(start > 0 ? { start } : {}), asks: notes.asks };
}

/** At the finding, or at the first line of a hunk that is about the function. */
function startOf({ finding, function: name }: PatchView, rows: readonly Row[]): number {
  if (finding !== undefined) return rows.findIndex(({ key }) => key === `at ${finding}`);
  if (name === undefined) return -1;
  return rows.findIndex(
    ({ key, about }) =>
      key?.startsWith(LINE_KEY) === true &&
      about !== undefined &&
      'function' in about &&
      about.function === name,
  );
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

/** What it changes in what the kernel does, whether a promise is broken or not. */
function changeRows({ review }: Known, { label, patch }: PatchView, width: number): Row[] {
  const change = review && changeSummaries(review, label).find((each) => each.patch === patch);
  if (change === undefined) return [];
  return wrapped(`It ${change.text}`, width).map((text): Row => ({ line: [span(text, 'dim')] }));
}

function summaryRow(finding: Finding, place: PlacedFinding | undefined): Row {
  const { severity, invariant, where, id } = finding;
  const at = `${where.file}:${where.line} in ${where.function}()`;
  return {
    line: [
      span('✗ ', 'bad'),
      span(`${padded(severity, 5)}${invariant}`, 'strong'),
      span(terminalText(`  ${at}`)),
      span(place === undefined ? '  in none of its lines' : '', 'dim'),
    ],
    opens: { kind: 'explanation', id },
    about: aboutFinding(finding),
    stop: true,
    ...(place === undefined ? { key: `at ${id}` } : {}),
  };
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
