// SPDX-License-Identifier: GPL-2.0-only

import { dirname } from 'node:path';
import type { PatchMail, Posting } from './postings.ts';

/** Mails of one posting without threading are sent within this time, in milliseconds. */
const LOOSE_WINDOW = 6 * 60 * 60 * 1000;

/** Postings of one key that were sent at about one time, in the order in which they were opened. */
interface Bucket {
  readonly postings: { readonly posting: Posting; readonly order: number }[];
  /** By a patch's number: how many of the first postings have that patch. */
  readonly complete: Map<number, number>;
}

/**
 * Finds the posting of a patch that answers nothing: one of the same version, count, sender and source, sent at about
 * the same time, that lacks the patch.
 */
export class LoosePostings {
  readonly #buckets = new Map<string, Bucket>();
  readonly #orders = new Map<Posting, number>();

  /** Notes that a mail belongs to a posting. */
  add(mail: PatchMail, posting: Posting): void {
    const order = this.#orders.get(posting) ?? this.#orders.size;
    this.#orders.set(posting, order);
    const key = looseKey(mail);
    for (const time of ['any', bucketTime(mail)]) {
      const name = `${time} ${key}`;
      const bucket: Bucket = this.#buckets.get(name) ?? { postings: [], complete: new Map() };
      this.#buckets.set(name, bucket);
      if (bucket.postings.at(-1)?.posting !== posting) bucket.postings.push({ posting, order });
    }
  }

  /** The first posting that a patch may belong to. */
  find(mail: PatchMail): Posting | undefined {
    const key = looseKey(mail);
    const time = bucketTime(mail);
    const times = typeof time === 'number' ? [time - 1, time, time + 1, 'undated'] : ['any'];
    let first: { readonly posting: Posting; readonly order: number } | undefined;
    for (const each of times) {
      const bucket = this.#buckets.get(`${each} ${key}`);
      const found = bucket === undefined ? undefined : firstThatLacks(bucket, mail);
      if (found !== undefined && (first === undefined || found.order < first.order)) first = found;
    }
    return first?.posting;
  }
}

function firstThatLacks(bucket: Bucket, mail: PatchMail): Bucket['postings'][number] | undefined {
  const number = mail.subject.index ?? 1;
  const lacks = ({ patches }: Posting): boolean =>
    patches.every(({ subject }) => subject.index !== mail.subject.index);
  let complete = bucket.complete.get(number) ?? 0;
  // A posting that has the patch will not lose it.
  while (complete < bucket.postings.length && !lacks(bucket.postings[complete]!.posting)) complete += 1;
  bucket.complete.set(number, complete);
  for (let at = complete; at < bucket.postings.length; at += 1) {
    const found = bucket.postings[at]!;
    const { cover, patches } = found.posting;
    const isNear = (other: PatchMail | undefined): boolean =>
      other !== undefined && isNearInTime(mail, other);
    if (lacks(found.posting) && [cover, ...patches].some(isNear)) return found;
  }
  return undefined;
}

/** Two mails that are near in time are in one bucket or in two neighbours. Where dates say nothing, it is a word. */
function bucketTime({ message }: PatchMail): number | string {
  if (message.commit !== undefined) return 'commit';
  const time = message.date === undefined ? NaN : Date.parse(message.date);
  return Number.isNaN(time) ? 'undated' : Math.floor(time / LOOSE_WINDOW);
}

function looseKey({ message, subject }: PatchMail): string {
  const sender = message.from?.address || message.from?.name || '';
  const { file } = message.place;
  // Patches in one folder belong together; so do those of one mbox or range.
  const source = /\.(?:patch|eml|diff|txt|cover)$/.test(file)
    ? dirname(file)
    : file.replace(/@[0-9a-f]{12}:m$/, '');
  const kind = message.commit === undefined ? 'mail' : 'commits';
  // A range's commits have many authors, and a plain diff none.
  return JSON.stringify([source, kind, subject.version, subject.total, kind === 'commits' ? '' : sender]);
}

function isNearInTime(left: PatchMail, right: PatchMail): boolean {
  // Commits are as old as they are; what one range or folder gives belongs together.
  if (left.message.commit !== undefined && right.message.commit !== undefined) return true;
  if (left.message.date === undefined || right.message.date === undefined) return true;
  return Math.abs(Date.parse(left.message.date) - Date.parse(right.message.date)) <= LOOSE_WINDOW;
}
