// SPDX-License-Identifier: GPL-2.0-only
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mail of a small list. */
interface ListMail {
  readonly id: string;
  readonly subject: string;
  readonly to?: string;
  readonly from?: string;
  readonly date: string;
  readonly body: string;
}

const AUTHOR = 'Series Author <author@example.org>';
const REVIEWER = 'Reviewer A <reviewer-a@example.org>';

/** A patch to a file that nothing runs. */
export function patchBody(line: string): string {
  return `Say it.

Signed-off-by: ${AUTHOR}
---
 Documentation/mm/said.rst | 1 +
 1 file changed, 1 insertion(+)

diff --git a/Documentation/mm/said.rst b/Documentation/mm/said.rst
--- a/Documentation/mm/said.rst
+++ b/Documentation/mm/said.rst
@@ -1,2 +1,3 @@
 one
+${line}
 two
-- 
2.39.5
`;
}

/** Two versions of a series, a question to the second that nobody answers, and another series. */
const list: readonly ListMail[] = [
  {
    id: 'a1',
    subject: '[PATCH 1/1] mm: say it',
    date: 'Mon, 4 May 2026 10:00:00 +0000',
    body: patchBody('first'),
  },
  {
    id: 'a2',
    subject: '[PATCH v2] mm: say it',
    date: 'Mon, 11 May 2026 10:00:00 +0000',
    body: patchBody('second').replace('---\n', '---\nChanges since v1:\n- say it better (Reviewer A)\n\n'),
  },
  {
    id: 'r1',
    to: 'a2',
    from: REVIEWER,
    subject: 'Re: [PATCH v2] mm: say it',
    date: 'Tue, 12 May 2026 10:00:00 +0000',
    body: '> +second\nWhy not third?\n',
  },
  {
    id: 'b1',
    subject: '[PATCH] mm: other words',
    date: 'Wed, 13 May 2026 10:00:00 +0000',
    body: patchBody('other'),
  },
];

/** Two versions of a C patch that differ in `vmap_two()` alone; the second one's changelog says more than that. */
export function changelogList(): readonly ListMail[] {
  const body = (line: string, log = ''): string => `Say more.

Signed-off-by: ${AUTHOR}
---
${log} mm/said.c | 1 +
 1 file changed, 1 insertion(+)

diff --git a/mm/said.c b/mm/said.c
--- a/mm/said.c
+++ b/mm/said.c
@@ -1,4 +1,5 @@ int vmap_two(void)
 {
+\tsay(${line});
 \treturn vmap_one();
 }
-- 
2.39.5
`;
  const log = 'Changes since v1:\n- make vmap_two() say more\n- rename vmap_one()\n\n';
  return [
    { id: 'c1', subject: '[PATCH] mm: say', date: 'Mon, 4 May 2026 10:00:00 +0000', body: body('1') },
    {
      id: 'c2',
      subject: '[PATCH v2] mm: say',
      date: 'Mon, 11 May 2026 10:00:00 +0000',
      body: body('2', log),
    },
  ];
}

function mboxOf(mails: readonly ListMail[]): string {
  return mails
    .map(
      ({ id, subject, to, from, date, body }) =>
        `From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: ${from ?? AUTHOR}\nTo: linux-mm@example.org\n` +
        `Subject: ${subject}\nDate: ${date}\nMessage-ID: <${id}@example.org>\n` +
        `${to === undefined ? '' : `In-Reply-To: <${to}@example.org>\n`}\n${body}\n`,
    )
    .join('');
}

/** A folder of its own with the list in `list.mbox`. */
export function folderWithList(mails: readonly ListMail[] = list): string {
  const folder = mkdtempSync(join(tmpdir(), 'rewalk-digest-'));
  writeFileSync(join(folder, 'list.mbox'), mboxOf(mails));
  return folder;
}
