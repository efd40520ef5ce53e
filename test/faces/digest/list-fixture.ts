// SPDX-License-Identifier: GPL-2.0-only
import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from '../../ingest/git-fixture.ts';

/** A mail of a small list. */
export interface ListMail {
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
export const list: readonly ListMail[] = [
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

/** A later answer to the series that stands alone in the list. */
export const lateReply: ListMail = {
  id: 'r2',
  to: 'b1',
  from: REVIEWER,
  subject: 'Re: [PATCH] mm: other words',
  date: 'Thu, 14 May 2026 10:00:00 +0000',
  body: '> +other\nWhy these?\n',
};

function textOf({ id, subject, to, from, date, body }: ListMail): string {
  return (
    `From: ${from ?? AUTHOR}\nTo: linux-mm@example.org\n` +
    `Subject: ${subject}\nDate: ${date}\nMessage-ID: <${id}@example.org>\n` +
    `${to === undefined ? '' : `In-Reply-To: <${to}@example.org>\n`}\n${body}\n`
  );
}

function mboxOf(mails: readonly ListMail[]): string {
  return mails.map((mail) => `From mboxrd@z Thu Jan  1 00:00:00 1970\n${textOf(mail)}`).join('');
}

/** A folder of its own with the list in `list.mbox`. */
export function folderWithList(mails: readonly ListMail[] = list): string {
  const folder = mkdtempSync(join(tmpdir(), 'rewalk-digest-'));
  writeFileSync(join(folder, 'list.mbox'), mboxOf(mails));
  return folder;
}

/** The list in the forms in which people keep lists, in a folder of its own, and how a mail comes to it. */
export const keptAs: Readonly<
  Record<string, (folder: string) => { source: string; add(mail: ListMail): void }>
> = {
  mbox(folder) {
    const source = join(folder, 'list.mbox');
    return { source, add: (mail) => appendFileSync(source, mboxOf([mail])) };
  },
  maildir(folder) {
    const source = join(folder, 'maildir');
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(source, part), { recursive: true });
    return {
      source,
      add: (mail) => writeFileSync(join(source, 'cur', `1.${mail.id}.host:2,S`), textOf(mail)),
    };
  },
  'public-inbox'(folder) {
    const source = join(folder, 'mirror');
    const epoch = join(source, 'git/0.git');
    mkdirSync(epoch, { recursive: true });
    git(epoch, ['init', '-q', '--bare', '-b', 'master']);
    let parent: readonly string[] = [];
    return {
      source,
      add(mail) {
        const blob = git(epoch, ['hash-object', '-w', '--stdin'], textOf(mail)).trim();
        const tree = git(epoch, ['mktree'], `100644 blob ${blob}\tm\n`).trim();
        const commit = git(epoch, ['commit-tree', tree, ...parent], mail.subject).trim();
        git(epoch, ['update-ref', 'refs/heads/master', commit]);
        parent = ['-p', commit];
      },
    };
  },
};
