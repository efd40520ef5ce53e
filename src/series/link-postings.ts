// SPDX-License-Identifier: GPL-2.0-only

import type { PatchMail, Posting } from './postings.ts';
import { findChangeId } from './read-version.ts';
import { plainTitle, titleSimilarity } from './subject.ts';

/** How alike the titles of two postings' patches must be on average for them to be one series. */
const PATCHES_ALIKE = 0.5;

/** How alike two cover letters' titles must be. */
const COVERS_ALIKE = 0.6;

/**
 * Puts the postings of one series together, oldest version first: by change-id, by a thread that leads from one to
 * the other, by the same sender and a like title, or by the same sender and like patches.
 */
export function linkPostings(postings: readonly Posting[]): Posting[][] {
  const groups = new Groups(postings.length);
  linkByChangeId(postings, groups);
  linkByThread(postings, groups);
  linkByLikeness(postings, groups);
  return groups
    .members()
    .map((indices) => indices.map((index) => postings[index]).filter((posting) => posting !== undefined))
    .map((members) => members.sort(byAge));
}

function byAge(left: Posting, right: Posting): number {
  const [leftDate, rightDate] = [dateOf(left), dateOf(right)];
  // An RFC's numbers may begin anew without it, so that of two equal numbers the date decides.
  if (left.version !== right.version) return left.version - right.version;
  return leftDate < rightDate ? -1 : leftDate > rightDate ? 1 : 0;
}

function dateOf(posting: Posting): string {
  return head(posting)?.message.date ?? '';
}

function head(posting: Posting): PatchMail | undefined {
  return posting.cover ?? posting.patches[0] ?? posting.replies[0];
}

function linkByChangeId(postings: readonly Posting[], groups: Groups): void {
  const byId = new Map<string, number>();
  for (const [index, posting] of postings.entries()) {
    const id = findChangeId(posting);
    if (id === undefined) continue;
    const first = byId.get(id);
    if (first === undefined) byId.set(id, index);
    else groups.join(first, index);
  }
}

function linkByThread(postings: readonly Posting[], groups: Groups): void {
  const postingOfId = new Map<string, number>();
  for (const [index, posting] of postings.entries()) {
    for (const { message } of [posting.cover, ...posting.patches].filter((mail) => mail !== undefined)) {
      if (message.messageId !== undefined) postingOfId.set(message.messageId, index);
    }
  }
  for (const [index, posting] of postings.entries()) {
    for (const { message } of [posting.cover, ...posting.patches].filter((mail) => mail !== undefined)) {
      for (const id of [...message.inReplyTo, ...message.references.slice(-50)]) {
        const parent = postingOfId.get(id);
        const older = parent === undefined ? undefined : postings[parent];
        // A patch of someone else that answers a posting is a suggestion, not its next version.
        if (parent === undefined || older === undefined || parent === index) continue;
        if (older.version < posting.version && sameSender(older, posting)) groups.join(parent, index);
      }
    }
  }
}

function linkByLikeness(postings: readonly Posting[], groups: Groups): void {
  const bySender = new Map<string, number[]>();
  for (const [index, posting] of postings.entries()) {
    const sender = senderOf(posting);
    if (sender !== '') bySender.set(sender, [...(bySender.get(sender) ?? []), index]);
  }
  for (const indices of bySender.values()) {
    for (const [at, left] of indices.entries()) {
      for (const right of indices.slice(at + 1, at + 500)) {
        const [one, other] = [postings[left], postings[right]];
        if (one === undefined || other === undefined || groups.same(left, right)) continue;
        if (areAlike(one, other)) groups.join(left, right);
      }
    }
  }
}

function areAlike(left: Posting, right: Posting): boolean {
  // Two postings of one number are one series only if they say the same: a resend, or an RFC and its successor.
  const strict = left.version === right.version;
  const [leftTitle, rightTitle] = [head(left)?.subject.title ?? '', head(right)?.subject.title ?? ''];
  if (plainTitle(leftTitle) === plainTitle(rightTitle) && leftTitle !== '') return true;
  if (strict) return false;
  const covers = left.cover !== undefined && right.cover !== undefined;
  if (covers && titleSimilarity(leftTitle, rightTitle) >= COVERS_ALIKE) return true;
  return patchesAlike(left.patches, right.patches) >= PATCHES_ALIKE;
}

/** How alike the patches of two postings are, 0 to 1: each of the smaller one against its best match. */
function patchesAlike(left: readonly PatchMail[], right: readonly PatchMail[]): number {
  const [few, many] = left.length <= right.length ? [left, right] : [right, left];
  if (few.length === 0 || few.length * many.length > 40_000) return 0;
  const best = few.map(({ subject }) =>
    Math.max(...many.map((other) => titleSimilarity(subject.title, other.subject.title))),
  );
  return best.reduce((sum, value) => sum + value, 0) / best.length;
}

function sameSender(left: Posting, right: Posting): boolean {
  return senderOf(left) !== '' && senderOf(left) === senderOf(right);
}

function senderOf(posting: Posting): string {
  // What was only answered has no sender here: the replies are others'.
  const from = (posting.cover ?? posting.patches[0])?.message.from;
  return (from?.name || from?.address || '').toLowerCase();
}

/** Which postings belong together: disjoint sets of indices. */
class Groups {
  private readonly parent: number[];

  constructor(size: number) {
    this.parent = Array.from({ length: size }, (_, index) => index);
  }

  join(left: number, right: number): void {
    const [one, other] = [this.root(left), this.root(right)];
    this.parent[Math.max(one, other)] = Math.min(one, other);
  }

  same(left: number, right: number): boolean {
    return this.root(left) === this.root(right);
  }

  members(): number[][] {
    const byRoot = new Map<number, number[]>();
    for (const index of this.parent.keys()) {
      const root = this.root(index);
      byRoot.set(root, [...(byRoot.get(root) ?? []), index]);
    }
    return [...byRoot.values()];
  }

  private root(index: number): number {
    let current = index;
    for (let up = this.parent[current] ?? current; up !== current; up = this.parent[current] ?? current)
      current = up;
    return current;
  }
}
