// SPDX-License-Identifier: GPL-2.0-only

import { countsAgainstSeries } from '../../../report/matrix-summary.ts';
import type { Review } from '../../../report/review-schema.ts';
import { counted, padded, span, textWidth, type Style } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Patch, Series, SeriesVersion } from '../posted.ts';
import type { Row } from '../page.ts';
import { replyRows } from './mail.ts';

/** From this width on there is room for sizes beside subjects. */
const SIZED_FROM = 90;

/** The series as it was posted, newest version first: what there is to read while nothing has been run. */
export function seriesRows({ versions }: Series, width: number): Row[] {
  return versions
    .toReversed()
    .flatMap((version): Row[] => [...versionRows(version, undefined, width), { line: [] }]);
}

/**
 * A version's letter and patches, each with what a maintainer looks for: findings of it that are known, replies, and
 * the trailers of those who vouch for it.
 */
export function versionRows(version: SeriesVersion, review: Review | undefined, width: number): Row[] {
  const { label, date, total, cover, patches, replies } = version;
  const facts = [
    date?.slice(0, 10) ?? 'no date',
    counted(total, 'patch', 'patches'),
    ...(replies.length === 0 ? [] : [counted(replies.length, 'reply', 'replies')]),
  ];
  const mails: readonly Mail[] = [
    ...(cover === undefined ? [] : [{ index: 0, subject: cover.subject, trailers: cover.trailers }]),
    ...patches,
  ];
  const marks = mails.map((mail) => marksOf(mail, version, review));
  const markWidths =
    marks[0]?.map((_, at) => Math.max(...marks.map((own) => textWidth(own[at]!.text)))) ?? [];
  const numberWidth = textWidth(`${total}/${total}`);
  return [
    { line: [span(label, 'heading'), span(`  ${facts.join(', ')}`, 'dim')], stop: true },
    ...mails.map((mail, row): Row => {
      const { index, subject, diffstat } = mail;
      const size = diffstat === undefined ? '' : `  +${diffstat.added} -${diffstat.removed}`;
      return {
        line: [
          span(`${`${index}/${total}`.padStart(numberWidth)} `),
          ...marks[row]!.flatMap(({ text, style }, at) =>
            markWidths[at] === 0 ? [] : [span(padded(text, markWidths[at]! + 1), style)],
          ),
          span(terminalText(subject)),
          ...(width < SIZED_FROM ? [] : [span(size, 'dim')]),
        ],
        opens: index === 0 ? { kind: 'letter', label } : { kind: 'patch', label, patch: index },
        about: index === 0 ? { label } : { label, patch: index },
        key: `${label} ${index}`,
      };
    }),
    ...replyRows(label, replies, total),
  ];
}

type Mail = Pick<Patch, 'index' | 'subject' | 'trailers'> & Partial<Pick<Patch, 'diffstat'>>;

interface Mark {
  readonly text: string;
  readonly style: Style;
}

/** Findings that it brought, replies to it, and who reviewed, acked and tested it; empty where there is none. */
function marksOf(
  { index, trailers }: Mail,
  { label, replies }: SeriesVersion,
  review: Review | undefined,
): readonly Mark[] {
  const found =
    review?.findings.filter(
      (finding) => finding.label === label && finding.patch === index && countsAgainstSeries(finding),
    ) ?? [];
  const own = replies.filter(({ toPatch }) => toPatch === index);
  const given = [...trailers, ...own.flatMap((reply) => reply.trailers)];
  const vouched = (['reviewed', 'acked', 'tested'] as const).flatMap((how) => {
    const keys = given.filter(({ key }) => key.toLowerCase() === `${how}-by`);
    const people = new Set(keys.map(({ value }) => value)).size;
    return people === 0 ? [] : [`${how.charAt(0).toUpperCase()}${people}`];
  });
  return [
    { text: found.length === 0 ? '' : `✗ ${found.length}`, style: 'bad' },
    { text: own.length === 0 ? '' : `» ${own.length}`, style: 'warn' },
    { text: vouched.join(' '), style: 'good' },
  ];
}

/** What stands before subjects in a list of patches. */
export const PATCH_MARKS: readonly (readonly [string, string])[] = [
  ['✗ 2', 'findings that the patch brought'],
  ['» 3', 'replies to it'],
  ['R1 A1 T1', 'how many reviewed, acked and tested it'],
];
