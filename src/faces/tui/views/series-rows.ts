// SPDX-License-Identifier: GPL-2.0-only

import { counted, padded, span, textWidth } from '../../../report/styled-text.ts';
import { terminalText } from '../../../report/terminal-text.ts';
import type { Series } from '../posted.ts';
import type { Row } from '../page.ts';

/** The series as it was posted, newest version first: what there is to read while nothing has been run. */
export function seriesRows({ versions }: Series, width: number): Row[] {
  return versions.toReversed().flatMap(({ label, date, total, cover, patches, replies }): Row[] => {
    const facts = [
      date?.slice(0, 10) ?? 'no date',
      counted(total, 'patch', 'patches'),
      ...(replies.length === 0 ? [] : [counted(replies.length, 'reply', 'replies')]),
    ];
    const numberWidth = textWidth(`${total}/${total}`) + 1;
    return [
      { line: [span(label, 'heading'), span(`  ${facts.join(', ')}`, 'dim')] },
      ...(cover === undefined
        ? []
        : [
            {
              line: [span(padded(`  0/${total}`, numberWidth + 2)), span(terminalText(cover.subject))],
              opens: { kind: 'letter', label },
              about: { label },
              key: `${label} 0`,
              stop: true,
            } satisfies Row,
          ]),
      ...patches.map(({ index, subject, diffstat }): Row => ({
        line: [
          span(padded(`  ${index}/${total}`, numberWidth + 2)),
          span(terminalText(subject)),
          ...(width < 100 ? [] : [span(`  +${diffstat.added} -${diffstat.removed}`, 'dim')]),
        ],
        opens: { kind: 'patch', label, patch: index },
        about: { label, patch: index },
        key: `${label} ${index}`,
      })),
      { line: [] },
    ];
  });
}
