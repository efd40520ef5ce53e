// SPDX-License-Identifier: GPL-2.0-only

import MailComposer from 'nodemailer/lib/mail-composer';

/** A digest as it is mailed. Bodies are ended by newlines alone. */
export interface DigestMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly date: Date;
  /** Ids without brackets. */
  readonly messageId: string;
  /** The digest before this one: a list's digests make one thread. */
  readonly inReplyTo: string | undefined;
  readonly text: string;
  /** The alternative part. */
  readonly html: string | undefined;
}

/**
 * A complete message, RFC 5322: text/plain without format=flowed, in UTF-8 where that is needed. Lines are ended by
 * newlines alone, as git and mbox files have them.
 */
export async function composeMail(mail: DigestMail): Promise<string> {
  const { from, to, subject, date, messageId, inReplyTo, text, html } = mail;
  const composer = new MailComposer({
    from,
    to: [...to],
    subject,
    date,
    messageId: `<${messageId}>`,
    ...(inReplyTo === undefined ? {} : { inReplyTo: `<${inReplyTo}>`, references: `<${inReplyTo}>` }),
    text,
    // What 7bit cannot carry, letters beyond ASCII and links longer than a line of mail, still reads well so.
    ...(/[^\n\x20-\x7e]|.{77}/.test(text) ? { textEncoding: 'quoted-printable' as const } : {}),
    ...(html === undefined ? {} : { html }),
    headers: { Precedence: 'list', 'Auto-Submitted': 'auto-generated' },
    newline: 'unix',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const compiled = composer.compile();
  return (await compiled.build()).toString('utf8').replaceAll('\r\n', '\n');
}
