// SPDX-License-Identifier: GPL-2.0-only

import { readSources } from './ingest/read-sources.ts';
import type { MailAddress, MailMessage } from './ingest/mail-message.ts';

/** A mail to be read, with its place in a thread. */
export interface ThreadMail {
  readonly subject: string;
  readonly author: MailAddress | undefined;
  /** RFC 3339, UTC. */
  readonly date: string | undefined;
  readonly messageId: string | undefined;
  readonly body: string;
  /** How many mails it answers one below the other, as far as those were read. */
  readonly depth: number;
}

/** Most mails that are taken: a thread is read by a person. */
const MOST_MAILS = 2000;

/** The mails that the sources hold, each answer below what it answers. What is no mail of somebody is left out. */
export async function readThread(sources: readonly string[]): Promise<readonly ThreadMail[]> {
  const { value } = await readSources(sources);
  const mails = value
    .filter(({ from, subject }) => from !== undefined && subject !== '')
    .slice(0, MOST_MAILS);
  return inThreads(mails);
}

/** In the order of reading: threads by date, and in each the answers below their mail. Loops are cut. */
function inThreads(mails: readonly MailMessage[]): ThreadMail[] {
  const byId = new Map(
    mails.flatMap((mail) => (mail.messageId === undefined ? [] : [[mail.messageId, mail]])),
  );
  const answers = new Map<MailMessage | undefined, MailMessage[]>();
  for (const mail of mails) {
    const parent = [...mail.inReplyTo, ...mail.references.toReversed()]
      .map((id) => byId.get(id))
      .find((each) => each !== undefined && each !== mail);
    answers.set(parent, [...(answers.get(parent) ?? []), mail]);
  }
  const ordered: ThreadMail[] = [];
  const told = new Set<MailMessage>();
  // A stack of its own: a thread may be deeper than calls can be.
  const tell = (roots: readonly MailMessage[]): void => {
    const waiting = byDate(roots).map((mail) => ({ mail, depth: 0 }));
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { mail, depth } = next;
      if (told.has(mail)) continue;
      told.add(mail);
      const { subject, from: author, date, messageId, body } = mail;
      ordered.push({ subject, author, date, messageId, body, depth });
      waiting.unshift(...byDate(answers.get(mail) ?? []).map((each) => ({ mail: each, depth: depth + 1 })));
    }
  };
  tell(answers.get(undefined) ?? []);
  // Mails that answer each other in a circle answer none that was told.
  tell(mails.filter((mail) => !told.has(mail)));
  return ordered;
}

function byDate(mails: readonly MailMessage[]): MailMessage[] {
  return mails.toSorted((a, b) => (a.date ?? '').localeCompare(b.date ?? ''));
}
