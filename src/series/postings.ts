// SPDX-License-Identifier: GPL-2.0-only

import type { MailMessage } from '../ingest/mail-message.ts';
import { LoosePostings } from './loose-postings.ts';
import { parseSubject, plainTitle, type PatchSubject } from './subject.ts';

/** A message with its subject taken apart. */
export interface PatchMail {
  readonly message: MailMessage;
  readonly subject: PatchSubject;
  /** Position among all messages read. */
  readonly order: number;
}

/** The mails of one version as posted at one time: a cover letter, patches, and what was answered to them. */
export interface Posting {
  readonly version: number;
  cover: PatchMail | undefined;
  readonly patches: PatchMail[];
  readonly replies: PatchMail[];
}

/** How far up a thread to look for what a mail answers. */
const THREAD_LIMIT = 1000;

/**
 * Groups mails to postings. Patches belong together if they hang in one thread below a mail of the same version
 * (present or not); without threading, if version, count, sender and source agree and no number comes twice.
 * The order in which mails arrive does not matter.
 */
export function groupPostings(messages: readonly MailMessage[]): Posting[] {
  const mails = uniqueMails(messages);
  const grouping = new Grouping(mails);
  for (const mail of mails.filter(isCover)) grouping.addCover(mail);
  // Those that a thread leads to a cover letter come first, so that no stray patch takes their place.
  const patches = mails.filter(isPatch).sort(byIndex);
  const others = patches.filter((mail) => !grouping.addThreaded(mail));
  for (const mail of others) grouping.addPatch(mail);
  for (const mail of mails) if (!isCover(mail) && !isPatch(mail)) grouping.addReply(mail);
  return grouping.postings;
}

/** A mail that came by several ways (two lists, two folders) is one mail. */
function uniqueMails(messages: readonly MailMessage[]): PatchMail[] {
  const seen = new Set<string>();
  const mails: PatchMail[] = [];
  for (const [order, message] of messages.entries()) {
    const id = message.messageId;
    if (id !== undefined && seen.has(id)) continue;
    if (id !== undefined) seen.add(id);
    mails.push({ message, subject: parseSubject(message.subject), order });
  }
  return mails;
}

function isCover({ subject }: PatchMail): boolean {
  return !subject.reply && subject.isPatch && subject.index === 0;
}

function isPatch({ subject, message }: PatchMail): boolean {
  if (subject.reply || subject.index === 0) return false;
  // What mends a patch below it is no patch of the series by itself.
  if (subject.fixup && message.inReplyTo.length > 0) return false;
  // A commit's page of a web archive: its message is there, the patch is not.
  if (message.form === 'archive' && message.commit !== undefined) return true;
  return (
    (subject.isPatch || message.form === 'diff' || message.commit !== undefined) && hasDiff(message.body)
  );
}

function hasDiff(body: string): boolean {
  return /^diff --git /m.test(body) || (/^--- \S/m.test(body) && /^@@ -\d/m.test(body));
}

/** First patches first, so that a first patch stands when those that answer it come. */
function byIndex(left: PatchMail, right: PatchMail): number {
  return (left.subject.index ?? 1) - (right.subject.index ?? 1) || left.order - right.order;
}

class Grouping {
  readonly postings: Posting[] = [];
  private readonly mailById = new Map<string, PatchMail>();
  private readonly postingOfMail = new Map<PatchMail, Posting>();
  private readonly loose = new LoosePostings();
  /** Postings known only by a mail that is not there: its id and the version. */
  private readonly postingByAbsentParent = new Map<string, Posting>();
  private readonly postingByName = new Map<string, Posting>();
  private postingByPatchTitle: Map<string, Posting> | undefined;

  constructor(mails: readonly PatchMail[]) {
    for (const mail of mails) {
      if (mail.message.messageId !== undefined) this.mailById.set(mail.message.messageId, mail);
    }
  }

  addCover(mail: PatchMail): void {
    const posting = this.open(mail);
    posting.cover = mail;
  }

  /** Adds a patch if it hangs below a mail of its posting; says whether it does. */
  addThreaded(mail: PatchMail): boolean {
    const posting = this.findByThread(mail);
    if (posting === undefined) return false;
    this.put(mail, posting);
    return true;
  }

  addPatch(mail: PatchMail): void {
    this.put(mail, this.findByThread(mail) ?? this.findLoose(mail) ?? this.open(mail));
  }

  private put(mail: PatchMail, posting: Posting): void {
    posting.patches.push(mail);
    this.postingOfMail.set(mail, posting);
    this.loose.add(mail, posting);
  }

  /** A reply, or any mail that is neither cover nor patch: kept if it hangs below a posting or names one. */
  addReply(mail: PatchMail): void {
    const root = this.ancestor(mail, (found) => this.postingOfMail.has(found));
    const posting = root === undefined ? this.findByName(mail) : this.postingOfMail.get(root);
    if (posting !== undefined) posting.replies.push(mail);
  }

  private open(mail: PatchMail): Posting {
    const posting: Posting = { version: mail.subject.version, cover: undefined, patches: [], replies: [] };
    this.postings.push(posting);
    this.postingOfMail.set(mail, posting);
    this.loose.add(mail, posting);
    const parent = absentParentKey(mail, this.mailById);
    if (parent !== undefined && !isCover(mail)) this.postingByAbsentParent.set(parent, posting);
    this.postingByName.set(nameKey(mail), posting);
    return posting;
  }

  private findByThread(mail: PatchMail): Posting | undefined {
    const { version, total } = mail.subject;
    const fits = (found: PatchMail): boolean =>
      this.postingOfMail.has(found) &&
      !found.subject.reply &&
      found.subject.version === version &&
      found.subject.total === total &&
      total !== undefined;
    const found = this.ancestor(mail, fits);
    if (found !== undefined) return this.postingOfMail.get(found);
    const parent = absentParentKey(mail, this.mailById);
    return parent === undefined ? undefined : this.postingByAbsentParent.get(parent);
  }

  private findLoose(mail: PatchMail): Posting | undefined {
    const parent = mail.message.inReplyTo[0];
    if (mail.subject.total === undefined || (parent !== undefined && this.mailById.has(parent)))
      return undefined;
    return this.loose.find(mail);
  }

  /** Archive text has no ids: a reply's subject is then all that says what it answers. */
  private findByName(mail: PatchMail): Posting | undefined {
    if (!mail.subject.isPatch) return undefined;
    const found = this.postingByName.get(nameKey(mail)) ?? this.findByPatchTitle(mail);
    if (found !== undefined || mail.message.form !== 'archive') return found;
    return this.open(mail);
  }

  private findByPatchTitle(mail: PatchMail): Posting | undefined {
    if (mail.message.form !== 'archive') return undefined;
    this.postingByPatchTitle ??= this.indexPatchTitles();
    return this.postingByPatchTitle.get(titleKey(mail));
  }

  /** Made when all patches are there. */
  private indexPatchTitles(): Map<string, Posting> {
    const index = new Map<string, Posting>();
    for (const posting of this.postings.toReversed()) {
      for (const patch of posting.patches) index.set(titleKey(patch), posting);
    }
    return index;
  }

  /** The nearest mail above in the thread for which `fits` holds. */
  private ancestor(mail: PatchMail, fits: (found: PatchMail) => boolean): PatchMail | undefined {
    const seen = new Set<PatchMail>([mail]);
    let current: PatchMail | undefined = mail;
    for (let count = 0; current !== undefined && count < THREAD_LIMIT; count += 1) {
      const parent = this.parentOf(current);
      if (parent === undefined || seen.has(parent)) return undefined;
      if (fits(parent)) return parent;
      seen.add(parent);
      current = parent;
    }
    return undefined;
  }

  /** The mail that this one answers: In-Reply-To, or the nearest of its references that is there. */
  private parentOf({ message }: PatchMail): PatchMail | undefined {
    for (const id of [...message.inReplyTo.slice(0, 3), ...message.references.slice(-50).toReversed()]) {
      const found = this.mailById.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** For a mail that answers one that is not there: which posting that one would be. */
function absentParentKey(mail: PatchMail, present: ReadonlyMap<string, PatchMail>): string | undefined {
  const parent = mail.message.inReplyTo[0] ?? mail.message.references.at(-1);
  if (parent === undefined || present.has(parent)) return undefined;
  return JSON.stringify([parent, mail.subject.version, mail.subject.total]);
}

function nameKey({ subject }: PatchMail): string {
  return JSON.stringify([subject.version, subject.total, plainTitle(subject.title)]);
}

function titleKey({ subject }: PatchMail): string {
  return JSON.stringify([subject.version, plainTitle(subject.title)]);
}
