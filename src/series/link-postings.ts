// SPDX-License-Identifier: GPL-2.0-only

import { isTakenOver, likeness, PostingLook } from './posting-likeness.ts';
import { plainName } from './person-name.ts';
import type { Posting } from './postings.ts';
import { findChangeId } from './read-version.ts';

/** Most postings that one is compared with: the nearest before it. */
const CANDIDATES_LIMIT = 200;

/** How far, in milliseconds, two senders' clocks may be apart. */
const CLOCK_ERROR = 24 * 60 * 60 * 1000;

/**
 * Puts the postings of one series together, oldest version first: by change-id, by a thread that leads from one to
 * the other, or by the same sender and like patches.
 */
export function linkPostings(postings: readonly Posting[]): Posting[][] {
  const looks = postings.map((posting) => new PostingLook(posting));
  const groups = new Groups(looks.map(numberOf));
  linkByChangeId(postings, groups);
  linkByThread(looks, groups);
  linkByLikeness(looks, groups);
  linkTakenOver(looks, groups);
  return groups.members().map((indices) => byAge(indices.flatMap((index) => looks[index] ?? [])));
}

/** Oldest first. An RFC's numbers may begin anew without it, and of two equal numbers the date decides. */
function byAge(looks: readonly PostingLook[]): Posting[] {
  const plain = looks.filter(({ rfc }) => !rfc);
  const wasBegunAnew = (look: PostingLook): boolean =>
    look.rfc && plain.some((other) => other.posting.version <= look.posting.version && !isAfter(look, other));
  const rank = new Map(looks.map((look) => [look, wasBegunAnew(look) ? 0 : 1]));
  const order = [...looks].sort(
    (left, right) =>
      rank.get(left)! - rank.get(right)! ||
      left.posting.version - right.posting.version ||
      (left.time ?? 0) - (right.time ?? 0),
  );
  return order.map(({ posting }) => posting);
}

function isAfter(left: PostingLook, right: PostingLook): boolean {
  return left.time !== undefined && right.time !== undefined && left.time > right.time;
}

/** What no two postings of one series share, but for a resend: the number, an RFC's apart. */
function numberOf({ rfc, posting }: PostingLook): string {
  return `${rfc ? 'rfc ' : ''}${posting.version}`;
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

function linkByThread(looks: readonly PostingLook[], groups: Groups): void {
  const postingOfId = new Map<string, number>();
  const ownMails = ({ posting }: PostingLook): Posting['patches'] =>
    posting.cover === undefined ? posting.patches : [posting.cover, ...posting.patches];
  for (const [index, look] of looks.entries()) {
    for (const { message } of ownMails(look)) {
      if (message.messageId !== undefined) postingOfId.set(message.messageId, index);
    }
  }
  for (const [index, look] of looks.entries()) {
    for (const { message, subject } of ownMails(look)) {
      for (const id of [...message.inReplyTo, ...message.references.slice(-50)]) {
        const parent = postingOfId.get(id);
        const older = parent === undefined ? undefined : looks[parent];
        // A patch of someone else that answers a posting is a suggestion, not its next version.
        if (parent === undefined || older === undefined || parent === index) continue;
        const comesAfter = isOlder(older, look) || (subject.resend && numberOf(older) === numberOf(look));
        if (comesAfter && senderOf(look) !== '' && senderOf(older) === senderOf(look))
          groups.join(parent, index);
      }
    }
  }
}

/** Whether `older` may be a version before `look`, by their numbers and when they were sent. */
function isOlder(older: PostingLook, look: PostingLook): boolean {
  if (older.sent !== undefined && look.sent !== undefined && older.sent - look.sent > CLOCK_ERROR)
    return false;
  return older.posting.version < look.posting.version || (older.rfc && !look.rfc);
}

/** Each posting that lacks the versions before it joins the one before it that is most like it. */
function linkByLikeness(looks: readonly PostingLook[], groups: Groups): void {
  const senders = new Map<string, Sender>();
  const inTime = [...looks.keys()].sort(
    (left, right) =>
      (looks[left]?.time ?? 0) - (looks[right]?.time ?? 0) ||
      (looks[left]?.posting.version ?? 0) - (looks[right]?.posting.version ?? 0) ||
      left - right,
  );
  for (const index of inTime) {
    const look = looks[index]!;
    const name = senderOf(look);
    if (name === '') continue;
    const sender = senders.get(name) ?? new Sender();
    senders.set(name, sender);
    sender.add(index, look);
  }
  for (const index of inTime) {
    const look = looks[index]!;
    if (groups.hasAllBefore(index, look.posting.version)) continue;
    for (const other of predecessors(index, looks, senders.get(senderOf(look)))) {
      if (groups.same(index, other)) break;
      const resend = numberOf(looks[other]!) === numberOf(look);
      if (!resend && groups.clash(index, other)) continue;
      groups.join(index, other);
      break;
    }
  }
}

/** A series whose first versions are missing may have been begun by someone else, who called it the same. */
function linkTakenOver(looks: readonly PostingLook[], groups: Groups): void {
  const byTitle = new Map<string, number[]>();
  for (const [index, { title }] of looks.entries()) {
    const found = byTitle.get(title);
    if (found === undefined) byTitle.set(title, [index]);
    else found.push(index);
  }
  for (const [index, look] of looks.entries()) {
    if (look.posting.version === 1 || groups.hasAllBefore(index, look.posting.version)) continue;
    const others = byTitle.get(look.title) ?? [];
    const before = others.slice(0, CANDIDATES_LIMIT).find((other) => {
      const older = looks[other]!;
      return isOlder(older, look) && !groups.clash(index, other) && isTakenOver(older, look);
    });
    if (before !== undefined) groups.join(index, before);
  }
}

/** Postings that one may be the next version of, most like it first. */
function predecessors(index: number, looks: readonly PostingLook[], sender: Sender | undefined): number[] {
  const look = looks[index]!;
  const found = (sender?.near(index, look) ?? []).flatMap((other) => {
    const older = looks[other]!;
    const strict = !isOlder(older, look);
    // Patches bear the dates of their commits, so that only between two of one number do dates say which is older.
    const comesLater = isAfter(older, look) || (older.time === look.time && other > index);
    if (strict && (numberOf(older) !== numberOf(look) || comesLater)) return [];
    const score = likeness(older, look, strict);
    return score === undefined ? [] : [{ other, score, older }];
  });
  found.sort(
    (left, right) =>
      right.score - left.score ||
      Number(isAfter(left.older, look)) - Number(isAfter(right.older, look)) ||
      (right.older.time ?? 0) - (left.older.time ?? 0) ||
      right.older.posting.version - left.older.posting.version,
  );
  return found.map(({ other }) => other);
}

function senderOf({ posting }: PostingLook): string {
  // What was only answered has no sender here: the replies are others'.
  const from = (posting.cover ?? posting.patches[0])?.message.from;
  return plainName(from?.name ?? '') || (from?.address ?? '').toLowerCase();
}

/** One sender's postings, by what two versions of a series have in common. */
class Sender {
  readonly #byFeature = new Map<string, number[]>();

  /** Postings are added in the order of their dates. */
  add(index: number, look: PostingLook): void {
    for (const feature of featuresOf(look)) {
      const found = this.#byFeature.get(feature);
      if (found === undefined) this.#byFeature.set(feature, [index]);
      else found.push(index);
    }
  }

  /** Postings that share a title or a file with one, or of which there is only a cover letter. */
  near(index: number, look: PostingLook): number[] {
    const found = new Set<number>();
    for (const feature of [...featuresOf(look), NO_PATCHES]) {
      const all = this.#byFeature.get(feature) ?? [];
      const at = all.indexOf(index);
      const end = at === -1 ? all.length : Math.min(all.length, at + CANDIDATES_LIMIT / 2);
      for (const other of all.slice(Math.max(0, end - CANDIDATES_LIMIT), end)) found.add(other);
    }
    found.delete(index);
    return [...found];
  }
}

const NO_PATCHES = 'no patches';

function featuresOf(look: PostingLook): Set<string> {
  const features = new Set([`title ${look.title}`]);
  if (look.patches.length === 0) features.add(NO_PATCHES);
  for (const { title, files } of look.patches) {
    features.add(`title ${title}`);
    for (const file of files) features.add(`file ${file}`);
  }
  return features;
}

/** Which postings belong together: disjoint sets of indices, each with the version numbers in it. */
class Groups {
  readonly #parent: number[];
  readonly #numbers: Set<string>[];

  constructor(numbers: readonly string[]) {
    this.#parent = numbers.map((_, index) => index);
    this.#numbers = numbers.map((number) => new Set([number]));
  }

  join(left: number, right: number): void {
    const [one, other] = [this.#root(left), this.#root(right)];
    if (one === other) return;
    const [root, child] = [Math.min(one, other), Math.max(one, other)];
    this.#parent[child] = root;
    for (const number of this.#numbers[child]!) this.#numbers[root]!.add(number);
  }

  same(left: number, right: number): boolean {
    return this.#root(left) === this.#root(right);
  }

  /** Whether two sets have a number in common, so that they are two series. */
  clash(left: number, right: number): boolean {
    const [one, other] = [this.#numbers[this.#root(left)]!, this.#numbers[this.#root(right)]!];
    return [...one].some((number) => other.has(number));
  }

  /** Whether a posting's set has every version below `version`, and there is one. */
  hasAllBefore(index: number, version: number): boolean {
    const numbers = this.#numbers[this.#root(index)]!;
    for (let below = version - 1; below > 0; below -= 1) {
      if (!numbers.has(`${below}`) && !numbers.has(`rfc ${below}`)) return false;
    }
    return version > 1;
  }

  members(): number[][] {
    const byRoot = new Map<number, number[]>();
    for (const index of this.#parent.keys()) {
      const root = this.#root(index);
      const found = byRoot.get(root);
      if (found === undefined) byRoot.set(root, [index]);
      else found.push(index);
    }
    return [...byRoot.values()];
  }

  #root(index: number): number {
    let current = index;
    for (let up = this.#parent[current] ?? current; up !== current; up = this.#parent[current] ?? current) {
      // Halves the way for those who come after.
      this.#parent[current] = this.#parent[up] ?? up;
      current = up;
    }
    return current;
  }
}
