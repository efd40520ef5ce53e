// SPDX-License-Identifier: GPL-2.0-only

import type { PatchMail, Posting } from './postings.ts';
import { plainTitle, titleSimilarity, titleWords } from './subject.ts';

/** How alike the patches of two postings must be on average for them to be one series. */
const PATCHES_ALIKE = 0.5;

/** How alike two cover letters' titles must be, and how alike the patches below them at least. */
const COVERS_ALIKE = 0.6;
const PATCHES_BELOW_COVERS = 0.25;

/** Share of changed lines below which two patches to one file have nothing in common. */
const SAME_WORK = 0.1;

/** How alike the titles of two patches to one file must be to be one patch, whatever their lines. */
const SAME_TITLE = 0.7;

/** A title of fewer words, such as `fix a typo`, may be that of several patches. */
const TELLING_WORDS = 4;

/** Most pairs of patches of two postings that are compared. */
const PAIRS_LIMIT = 40_000;

/** What is compared of one patch. */
export interface PatchLook {
  readonly title: string;
  /** Words of the title behind the last colon: what comes before it says only where. */
  readonly words: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
  /** What git names behind the heads of hunks: mostly the functions that they lie in. */
  readonly sections: ReadonlySet<string>;
  /** Added and removed lines with their marks; none that any patch may have. */
  readonly lines: ReadonlySet<string>;
}

/** What is compared of a posting; its patches are taken apart when they are first asked for. */
export class PostingLook {
  readonly posting: Posting;
  readonly title: string;
  readonly words: ReadonlySet<string>;
  /** Milliseconds since 1970; undefined if the mail has no date. */
  readonly time: number | undefined;
  /** When it was sent, likewise; commits bear other dates. */
  readonly sent: number | undefined;
  readonly rfc: boolean;
  /** The release that it is for, if it is for one. */
  readonly release: string | undefined;
  #patches: readonly PatchLook[] | undefined;

  constructor(posting: Posting) {
    const head = posting.cover ?? posting.patches[0] ?? posting.replies[0];
    const title = head?.subject.title ?? '';
    this.posting = posting;
    this.title = plainTitle(title);
    this.words = titleWords(title);
    const date = head?.message.date;
    this.time = date === undefined ? undefined : Date.parse(date);
    this.sent = head?.message.commit === undefined ? this.time : undefined;
    this.rfc = head?.subject.rfc ?? false;
    this.release = head?.subject.release;
  }

  get patches(): readonly PatchLook[] {
    this.#patches ??= this.posting.patches.map(lookOf);
    return this.#patches;
  }
}

function lookOf({ message, subject }: PatchMail): PatchLook {
  const files = new Set<string>();
  const lines = new Set<string>();
  const sections = new Set<string>();
  let inHunks = false;
  for (const line of message.body.split('\n')) {
    const mark = line[0];
    if (line.startsWith('diff --git ')) inHunks = false;
    else if (line.startsWith('@@ ')) {
      inHunks = true;
      const section = line.slice(line.indexOf('@@', 3) + 2).trim();
      if (section !== '') sections.add(section);
    } else if (!inHunks && (line.startsWith('+++ ') || line.startsWith('--- '))) {
      const path = line
        .slice(4)
        .replace(/\t.*$/, '')
        .trim()
        .replace(/^[ab]\//, '');
      if (path !== '' && path !== '/dev/null') files.add(path);
    } else if (inHunks && (mark === '+' || mark === '-')) {
      const plain = line.slice(1).trim();
      if (plain.length > 2) lines.add(mark + plain);
    }
  }
  const colon = subject.title.lastIndexOf(': ');
  return {
    title: plainTitle(subject.title),
    words: titleWords(subject.title.slice(colon + 1)),
    files,
    sections,
    lines,
  };
}

/**
 * How alike two postings are if they are versions of one series, 0 to 1; undefined if they are not. With
 * `strict`, for two postings of one number, they must say the same.
 */
export function likeness(left: PostingLook, right: PostingLook, strict: boolean): number | undefined {
  // What is sent for one release is not the next version of what is sent for another.
  if (left.release !== right.release) return undefined;
  const sameTitle = left.title !== '' && left.title === right.title;
  const bothCovers = left.posting.cover !== undefined && right.posting.cover !== undefined;
  const titles = sameTitle ? 1 : bothCovers ? titleSimilarity(left.words, right.words) : 0;
  if (left.patches.length === 0 || right.patches.length === 0) {
    return sameTitle || (!strict && titles >= COVERS_ALIKE) ? titles : undefined;
  }
  if (strict && !sameTitle) return undefined;
  const patches = patchesAlike(left.patches, right.patches, strict ? linesAlike : patchAlike);
  if (strict) return patches >= PATCHES_ALIKE ? patches : undefined;
  const alike =
    patches >= PATCHES_ALIKE || (bothCovers && titles >= COVERS_ALIKE && patches >= PATCHES_BELOW_COVERS);
  return alike ? (patches + titles) / 2 : undefined;
}

/** Whether two postings of two senders are versions of one series: one title that tells, and mostly one patch. */
export function isTakenOver(left: PostingLook, right: PostingLook): boolean {
  if (left.release !== right.release || left.title !== right.title) return false;
  if (left.words.size < TELLING_WORDS || left.patches.length === 0 || right.patches.length === 0)
    return false;
  return patchesAlike(left.patches, right.patches, linesAlike) >= PATCHES_ALIKE;
}

/** How alike the patches of two postings are, 0 to 1: each of the smaller one against its best match. */
function patchesAlike(
  left: readonly PatchLook[],
  right: readonly PatchLook[],
  alike: (left: PatchLook, right: PatchLook) => number,
): number {
  const [few, many] = left.length <= right.length ? [left, right] : [right, left];
  if (few.length * many.length > PAIRS_LIMIT) return 0;
  let sum = 0;
  for (const patch of few) {
    let best = 0;
    for (let at = 0; at < many.length && best < 1; at += 1) best = Math.max(best, alike(patch, many[at]!));
    sum += best;
  }
  return sum / few.length;
}

function patchAlike(left: PatchLook, right: PatchLook): number {
  const sameTitle = left.title === right.title;
  if (sameTitle && left.words.size >= TELLING_WORDS) return 1;
  if (!shareOne(left.files, right.files)) return 0;
  if (sameTitle) return 1;
  // Two patches that do the same have lines in common; what a file's patches are called is much alike anyway.
  const lines = titleSimilarity(left.lines, right.lines);
  if (lines >= SAME_WORK) return Math.max(lines, titleSimilarity(left.words, right.words));
  // A patch may be written anew, but `convert this()` and `convert that()` are two, as are two functions of a file.
  const titles = titleSimilarity(left.words, right.words);
  const elsewhere =
    left.sections.size > 0 && right.sections.size > 0 && !shareOne(left.sections, right.sections);
  return titles < SAME_TITLE || elsewhere ? 0 : titles;
}

/** Two postings of one number are one and a resend only if they change the same. */
function linesAlike(left: PatchLook, right: PatchLook): number {
  if (left.lines.size === 0 && right.lines.size === 0) return left.title === right.title ? 1 : 0;
  return titleSimilarity(left.lines, right.lines);
}

function shareOne(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  for (const each of left) if (right.has(each)) return true;
  return false;
}
