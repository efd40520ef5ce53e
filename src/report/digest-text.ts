// SPDX-License-Identifier: GPL-2.0-only

import { changeItems } from './digest-changes-words.ts';
import type { Digest, DigestEntry, DigestRun } from './digest-schema.ts';
import {
  changeText,
  claimOutcome,
  findingText,
  mailLink,
  MODEL_NOTE,
  newsText,
  noFindingText,
  oneLine,
  postedText,
  questionPlace,
  titleOf,
  trailersText,
  waitsText,
} from './digest-words.ts';
import { renderSummary } from './digest-summary-text.ts';
import { renderCommand, storyOfPlace } from './finding-text.ts';
import { clipped, counted, padded, span, textWidth, wrapped, type Line, type Style } from './styled-text.ts';

/** Most of each kind that an entry shows in full. */
const MOST = { questions: 8, claims: 8, changes: 10, findings: 3, notRun: 4, patches: 12 } as const;

/** A digest as text: one screen of summary, then each series. */
export function renderDigest(digest: Digest, width: number): Line[] {
  return [
    ...renderSummary(digest, width),
    ...digest.series.flatMap((entry, index) => [[], ...renderEntry(entry, index + 1, width)]),
    [],
    ...wrapped(MODEL_NOTE, width).map((text): Line => [span(text, 'dim')]),
  ];
}

/** One series, under its number in the summary. */
export function renderEntry(entry: DigestEntry, number: number, width: number): Line[] {
  const title = wrapped(`${number}. ${titleOf(entry)}`, width);
  const paragraph = (text: string, style?: Style): Line[] => set(text, '   ', width, style);
  return [
    [span('-'.repeat(Math.min(width, 72)), 'dim')],
    ...title.map((text, index): Line => [span(index === 0 ? text : `   ${text}`, 'heading')]),
    ...(entry.id === '' ? [] : [[span(`   ${mailLink(entry.id)}`, 'command')]]),
    ...paragraph(postedText(entry)),
    ...paragraph(`New: ${newsText(entry)}`),
    ...paragraph(sentence(waitsText(entry)), 'strong'),
    ...paragraph(trailersText(entry)),
    ...renderChanges(entry, width),
    ...renderQuestions(entry, width),
    ...renderRun(entry.run, width),
    ...renderClaims(entry, width),
  ];
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text set in, wrapped, each line behind `indent`. */
function set(text: string, indent: string, width: number, style?: Style): Line[] {
  return wrapped(text, width - indent.length).map((part) => [span(indent + part, style)]);
}

/** An item of a list: `- ` and what follows below its first word. */
function item(text: string, width: number, style?: Style): Line[] {
  return set(text, '     ', width, style).map((line, index) =>
    index === 0 ? [span(`   - ${line[0]!.text.trimStart()}`, style)] : line,
  );
}

function head(text: string): Line[] {
  return [[], [span(`   ${text}`, 'strong')]];
}

function rest(count: number, most: number): Line[] {
  return count > most ? [[span(`     and ${count - most} more`, 'dim')]] : [];
}

function renderChanges({ changes }: DigestEntry, width: number): Line[] {
  if (changes === null) return [];
  const { from, to } = changes;
  const [patches, ...others] = changeItems(changes);
  return [
    ...head(`What changed from ${from} to ${to}`),
    ...[...(patches === undefined ? [] : [patches]), ...others.slice(0, MOST.changes)].flatMap(
      ({ text, style }) => item(text, width, style),
    ),
    ...rest(others.length, MOST.changes),
  ];
}

function renderQuestions({ state: { questions, answered } }: DigestEntry, width: number): Line[] {
  if (questions.length === 0 && answered === 0) return [];
  const told = answered === 0 ? '' : `; ${answered} answered`;
  return [
    ...head(`${counted(questions.length, 'open question')}${told}`),
    ...questions
      .slice(0, MOST.questions)
      .flatMap((question) => [
        ...item(`${questionPlace(question)}:`, width),
        ...set(clipped(oneLine(question.text), 280), '     > ', width),
        ...(question.messageId === undefined
          ? []
          : [[span(`     ${mailLink(question.messageId)}`, 'command')] as Line]),
      ]),
    ...rest(questions.length, MOST.questions),
  ];
}

function renderRun(run: DigestEntry['run'], width: number): Line[] {
  if ('skipped' in run)
    return [
      [],
      ...set(
        `Not run: ${oneLine(run.skipped)}`,
        '   ',
        width,
        run.kind === 'not-modelled' ? 'dim' : 'unknown',
      ),
    ];
  const { states, machines, tree, findings, fixed, notRun } = run;
  return [
    ...head('What running it shows'),
    ...set(
      `${states.done} of ${states.total} states on ${machines.join(', ')}; tree ${oneLine(tree)}`,
      '   ',
      width,
      'dim',
    ),
    ...renderRows(run, width),
    ...(findings.length === 0 ? set(noFindingText(run), '   ', width) : []),
    ...findings
      .slice(0, MOST.findings)
      .flatMap((finding) => [
        ...item(`${finding.severity}: ${findingText(finding)}`, width, 'bad'),
        ...set(
          `at ${finding.where.file}:${finding.where.line} in ${finding.where.function}()`,
          '     ',
          width,
        ),
        ...storyOfPlace(finding).flatMap(([label, text]) => set(oneLine(`${label} ${text}`), '     ', width)),
        ...set(`expected ${oneLine(finding.expected)}`, '     ', width),
        ...set(`seen ${oneLine(finding.seen)}`, '     ', width),
        ...renderCommand(finding.replay, width),
      ]),
    ...rest(findings.length, MOST.findings),
    ...run.changes
      .slice(0, MOST.patches)
      .flatMap((change) => item(changeText(change), width, change.differing === 0 ? 'dim' : undefined)),
    ...rest(run.changes.length, MOST.patches),
    ...(fixed === 0 ? [] : item(`${counted(fixed, 'defect')} of the version before gone`, width, 'good')),
    ...notRun.slice(0, MOST.notRun).flatMap((text) => item(`not run: ${oneLine(text)}`, width, 'unknown')),
    ...rest(notRun.length, MOST.notRun),
  ];
}

/** The rows that say more than that all holds, and how many do. */
function renderRows({ columns, rows }: DigestRun, width: number): Line[] {
  const telling = tellingRows(rows);
  const calm = rows.filter(({ cells }) => cells.every(({ verdict }) => verdict === 'holds')).length;
  const unreached = rows.length - calm - telling.length;
  const said = [
    ...(calm === 0 ? [] : [`${counted(calm, 'promise')} held throughout`]),
    ...(unreached === 0 ? [] : [`${unreached} never put to the test`]),
  ].join(', ');
  const conclusion = said === '' ? [] : set(said, '   ', width, 'dim');
  if (telling.length === 0) return conclusion;
  const nameWidth =
    Math.min(width - 20, Math.max(...telling.map(({ invariant }) => textWidth(invariant)))) + 2;
  const widths = columns.map(
    (label, index) =>
      Math.max(textWidth(label), ...telling.map(({ cells }) => textWidth(cells[index]?.mark ?? ''))) + 2,
  );
  const line = (name: string, marks: readonly string[]): string =>
    `   ${padded(clipped(name, nameWidth - 1), nameWidth)}${marks.map((mark, index) => padded(mark, widths[index]!)).join('')}`.trimEnd();
  return [
    [span(line('', columns), 'dim')],
    ...telling.map(({ invariant, cells }): Line => [
      span(
        line(
          invariant,
          cells.map(({ mark }) => mark),
        ),
        cells.at(-1)?.verdict === 'violated' ? 'bad' : undefined,
      ),
    ]),
    ...conclusion,
  ];
}

/** Rows of which some cell is neither `holds` nor `not reached`, or where these mix. */
export function tellingRows(rows: DigestRun['rows']): DigestRun['rows'] {
  return rows.filter(({ cells }) => {
    const verdicts = new Set(cells.map(({ verdict }) => verdict));
    return verdicts.size > 1 || !(verdicts.has('holds') || verdicts.has('not-reached'));
  });
}

function renderClaims({ claims }: DigestEntry, width: number): Line[] {
  if (claims.length === 0) return [];
  return [
    ...head(counted(claims.length, 'claim')),
    ...claims
      .slice(0, MOST.claims)
      .flatMap((claim) => [
        ...item(`"${clipped(oneLine(claim.text), 120)}"`, width),
        ...set(claimOutcome(claim), '     ', width, claim.outcome === 'differs' ? 'bad' : 'dim'),
      ]),
    ...rest(claims.length, MOST.claims),
  ];
}
