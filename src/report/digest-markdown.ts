// SPDX-License-Identifier: GPL-2.0-only

import { changeItems } from './digest-changes-words.ts';
import type { Digest, DigestEntry } from './digest-schema.ts';
import { tellingRows } from './digest-text.ts';
import {
  changeText,
  claimOutcome,
  findingText,
  mailLink,
  MODEL_NOTE,
  newsText,
  noFindingText,
  oneLine,
  periodText,
  postedText,
  questionPlace,
  titleOf,
  totalsText,
  trailersText,
  waitsText,
} from './digest-words.ts';

/** A digest as Markdown, in which no word of a mail is markup. */
export function renderDigestMarkdown(digest: Digest): string {
  const title = `${digest.sources.map(oneLine).join(', ')}: ${periodText(digest)}`;
  const summary = digest.series.map(
    (entry, index) => `${index + 1}. ${plain(titleOf(entry))}: ${plain(entry.attention.join(', '))}`,
  );
  const blocks = [
    `# ${plain(title)}`,
    plain(totalsText(digest)),
    summary.length === 0 ? 'Nothing new.' : summary.join('\n'),
    ...digest.series.flatMap((entry) => entryBlocks(entry)),
    plain(MODEL_NOTE),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Text in which nothing is markup: HTML, links, emphasis, tables, lists, headings. */
function plain(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]{}()#+!|~>:@-]/g, (mark) => `\\${mark}`);
}

function entryBlocks(entry: DigestEntry): string[] {
  const { id, state, changes, claims } = entry;
  const title = plain(titleOf(entry));
  return [
    `## ${id === '' ? title : `[${title}](<${mailLink(id)}>)`}`,
    [postedText(entry), `New: ${newsText(entry)}`, `It ${waitsText(entry)}`, trailersText(entry)]
      .map((text) => `- ${plain(text)}`)
      .join('\n'),
    ...(changes === null
      ? []
      : [
          `### From ${plain(changes.from)} to ${plain(changes.to)}`,
          changeItems(changes)
            .map(({ text }) => `- ${plain(text)}`)
            .join('\n'),
        ]),
    ...(state.questions.length === 0
      ? []
      : [
          '### Open questions',
          state.questions
            .map((question) => {
              const place = plain(questionPlace(question));
              const linked =
                question.messageId === undefined ? place : `[${place}](<${mailLink(question.messageId)}>)`;
              return `- ${linked}: ${plain(oneLine(question.text))}`;
            })
            .join('\n'),
        ]),
    ...runBlocks(entry.run),
    ...(claims.length === 0
      ? []
      : [
          '### Claims',
          claims.map((claim) => `- ${plain(oneLine(claim.text))}: ${plain(claimOutcome(claim))}`).join('\n'),
        ]),
  ];
}

function runBlocks(run: DigestEntry['run']): string[] {
  if ('skipped' in run) return [`Not run: ${plain(oneLine(run.skipped))}`];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = tellingRows(run.rows).map(({ invariant, cells }) =>
    row([plain(invariant), ...cells.map(({ mark }) => plain(mark))]),
  );
  const table = [
    row(['', ...run.columns.map(plain)]),
    row(['---', ...run.columns.map(() => '---')]),
    ...rows,
  ];
  return [
    '### What running it shows',
    ...(rows.length === 0 ? [] : [table.join('\n')]),
    ...(run.findings.length === 0 ? [noFindingText(run)] : []),
    ...run.findings.flatMap((finding) => [
      `**${finding.severity}** ${plain(findingText(finding))}: expected ${plain(oneLine(finding.expected))}, seen ${plain(oneLine(finding.seen))}`,
      `    ${oneLine(finding.replay)}`,
    ]),
    ...(run.changes.length === 0
      ? []
      : [run.changes.map((change) => `- ${plain(changeText(change))}`).join('\n')]),
    ...run.notRun.map((text) => `Not run: ${plain(oneLine(text))}`),
  ];
}
