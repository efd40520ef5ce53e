// SPDX-License-Identifier: GPL-2.0-only

import type { MailMessage } from '../../src/ingest/mail-message.ts';

/** A mail for tests of threading: only what differs from a plain mail need be given. */
export function mailOf(
  subject: string,
  parts: Partial<MailMessage> & { id?: string; to?: string } = {},
): MailMessage {
  const { id, to, ...rest } = parts;
  const place = { file: 'list.mbox', line: 1 };
  return {
    form: 'mail',
    place,
    bodyPlace: place,
    messageId: id,
    inReplyTo: to === undefined ? [] : [to],
    references: to === undefined ? [] : [to],
    subject,
    from: { name: 'Series Author', address: 'author@example.org' },
    date: '2026-06-18T08:00:00Z',
    dateText: undefined,
    body: 'Text.\n',
    commit: undefined,
    ...rest,
  };
}

/** The body of a patch mail that changes one line of `file`, to return `value`. */
export function patchBody(file = 'mm/x.c', message = 'Because.', value = '1'): string {
  return `${message}\n\nSigned-off-by: Series Author <author@example.org>\n---\n ${file} | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\ndiff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -1,3 +1,3 @@ int f(void)\n {\n-\treturn 0;\n+\treturn ${value};\n }\n-- \n2.39.5\n`;
}

/** A whole posting: cover letter and patches that answer it. `version` 1 is not written. */
export function postingOf(
  name: string,
  version: number,
  titles: readonly string[],
  parts: Partial<MailMessage> & { to?: string; prefix?: string } = {},
): MailMessage[] {
  const { to, prefix = 'PATCH', ...rest } = parts;
  const tag = version === 1 ? prefix : `${prefix} v${version}`;
  const id = `${name}-v${version}`;
  const cover = mailOf(`[${tag} 0/${titles.length}] ${name}`, {
    id: `${id}-0`,
    ...(to === undefined ? {} : { to }),
    ...rest,
  });
  const patches = titles.map((title, index) =>
    mailOf(`[${tag} ${index + 1}/${titles.length}] ${title}`, {
      body: patchBody(undefined, undefined, title),
      ...rest,
      id: `${id}-${index + 1}`,
      to: `${id}-0`,
    }),
  );
  return [cover, ...patches];
}
