// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import type { MailMessage } from '../ingest/mail-message.ts';
import { linkPostings } from './link-postings.ts';
import { patchTitle } from './patch-body.ts';
import { groupPostings, type PatchMail, type Posting } from './postings.ts';
import { findChangeId } from './read-version.ts';

/** The mails of one series before they are taken apart: of a list, few series are looked at closely. */
export interface MailGroup {
  /** Of the newest posting that has a cover letter or a first patch. */
  readonly title: string;
  readonly changeId: string | undefined;
  /** Oldest first. */
  readonly postings: readonly Posting[];
}

/** What every mail that was read is: no mail is in two of the counts, and none is in none. */
export interface MailCounts {
  readonly read: number;
  readonly covers: number;
  readonly patches: number;
  readonly replies: number;
  /** The same mail once more, by its message id. */
  readonly copies: number;
  /** Neither patch nor answer to one. */
  readonly others: number;
}

interface Grouped extends WithDiagnostics<MailGroup[]> {
  readonly mails: MailCounts;
}

/** Puts mails together to postings, and postings to series, in the order of their first mail. */
export function groupMails(messages: readonly MailMessage[]): Grouped {
  const all = groupPostings(messages);
  const unused = unusedMails(messages, all);
  const value = linkPostings(all).map((postings): MailGroup => ({
    title: titleOf(postings),
    changeId: postings.map(findChangeId).find((id) => id !== undefined),
    postings,
  }));
  return { value, diagnostics: reportUnused(unused), mails: countMails(messages, all, unused) };
}

/** Every mail of a group. */
export function mailsOfGroup({ postings }: MailGroup): MailMessage[] {
  return mailsOfPostings(postings);
}

function titleOf(postings: readonly Posting[]): string {
  const whole = postings.findLast(({ cover, patches }) => cover !== undefined || hasFirst(patches));
  const { cover, patches, replies } = whole ?? postings.at(-1)!;
  const [first] = [...patches].sort((left, right) => numberOf(left) - numberOf(right));
  const title =
    cover?.subject.title ??
    (first === undefined ? replies[0]?.subject.title : (patchTitle(first.message) ?? first.subject.title));
  return title === undefined || title === '' ? untitled(first?.message.commit) : title;
}

function hasFirst(patches: readonly PatchMail[]): boolean {
  return patches.some((mail) => numberOf(mail) === 1);
}

function numberOf({ subject }: PatchMail): number {
  return subject.index ?? 1;
}

/** What stands for a title: a commit's page in a web archive may have lost its subject. */
function untitled(commit: string | undefined): string {
  return commit === undefined ? '(no subject)' : `commit ${commit.slice(0, 12)} (no subject)`;
}

/** Mails that are neither patches nor hang below one. */
function unusedMails(messages: readonly MailMessage[], postings: readonly Posting[]): MailMessage[] {
  const used = new Set<MailMessage | undefined>(mailsOfPostings(postings));
  const ids = new Set([...used].map((message) => message?.messageId));
  return messages.filter(
    (message) => !used.has(message) && (message.messageId === undefined || !ids.has(message.messageId)),
  );
}

/** The mails of postings, in no order that means anything. */
function mailsOfPostings(postings: readonly Posting[]): MailMessage[] {
  return postings.flatMap(({ cover, patches, replies }) =>
    [cover, ...patches, ...replies].flatMap((mail) => mail?.message ?? []),
  );
}

function countMails(
  messages: readonly MailMessage[],
  postings: readonly Posting[],
  unused: readonly MailMessage[],
): MailCounts {
  const sum = (pick: (posting: Posting) => number): number =>
    postings.reduce((total, posting) => total + pick(posting), 0);
  const ids = unused.flatMap(({ messageId }) => messageId ?? []);
  const others = unused.length - (ids.length - new Set(ids).size);
  return {
    read: messages.length,
    covers: sum(({ cover }) => (cover === undefined ? 0 : 1)),
    patches: sum(({ patches }) => patches.length),
    replies: sum(({ replies }) => replies.length),
    copies: countCopies(messages),
    others,
  };
}

function countCopies(messages: readonly MailMessage[]): number {
  const ids = messages.flatMap(({ messageId }) => messageId ?? []);
  return ids.length - new Set(ids).size;
}

/** Said once, since a list has many. */
function reportUnused(unused: readonly MailMessage[]): Diagnostic[] {
  const [first] = unused;
  if (first === undefined) return [];
  const subject = first.subject === '' ? 'no subject' : `\`${first.subject}\``;
  const message =
    unused.length === 1
      ? `this mail (${subject}) is neither a patch nor an answer to one that was read`
      : `${unused.length} mails are neither patches nor answers to one that was read; the first is ${subject}`;
  return [{ code: 'series/not-a-patch', severity: 'warning', message, where: first.place }];
}
