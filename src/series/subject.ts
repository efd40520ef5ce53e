// SPDX-License-Identifier: GPL-2.0-only

/** A mail's subject taken apart: `Re: [RFC PATCH mm-unstable v2 3/7] mm/vmalloc: Do it`. */
export interface PatchSubject {
  /** It begins with `Re:` or the like. */
  readonly reply: boolean;
  /** Something in brackets says that this is a patch. */
  readonly isPatch: boolean;
  readonly version: number;
  /** Which round of a version: 1 for `v2.1`, as single patches are sent again; else 0. */
  readonly round: number;
  /** 0 for a cover letter; undefined if there is no count. */
  readonly index: number | undefined;
  readonly total: number | undefined;
  readonly rfc: boolean;
  readonly resend: boolean;
  /** It mends a patch that was posted, and is to be squashed into that. */
  readonly fixup: boolean;
  /** The release that it is for, where the brackets name one: `6.1`, `6.1.y`. */
  readonly release: string | undefined;
  /** The words in brackets without version and count. */
  readonly prefix: string;
  /** What follows the brackets. */
  readonly title: string;
}

/** How many bracketed groups a subject may begin with. */
const GROUP_LIMIT = 6;

/** As long as a line of mail may be, in characters: what is longer was made to be. */
const LENGTH_LIMIT = 998;

/** Takes a subject apart; any text is a subject. */
export function parseSubject(subject: string): PatchSubject {
  const { reply, rest } = dropReplyMarks(subject.replace(/\s+/g, ' ').trim().slice(0, LENGTH_LIMIT));
  const { words, title } = takeGroups(rest);
  let version = 1;
  let round = 0;
  let index: number | undefined;
  let total: number | undefined;
  const prefix: string[] = [];
  for (const word of words) {
    const count = /^(\d{1,4})\/(\d{1,4})$/.exec(word);
    const numbered = /^(PATCH|RFC)?-?v(\d{1,3})(?:\.(\d{1,3}))?$/i.exec(word);
    if (count !== null) {
      index = Number(count[1]);
      total = Number(count[2]);
    } else if (numbered !== null) {
      version = Number(numbered[2]);
      round = Number(numbered[3] ?? 0);
      if (numbered[1] !== undefined) prefix.push(numbered[1].toUpperCase());
    } else {
      prefix.push(word);
    }
  }
  const saysPatch = prefix.some(
    (word) => /^(?:RFC|RFT)?-?\/?PATCH(?:es|set)?$/i.test(word) || /^RFC$/i.test(word),
  );
  // `[GIT PULL 2/3]` counts requests to pull.
  const counts = index !== undefined && !prefix.some((word) => /^PULL$/i.test(word));
  return {
    reply,
    isPatch: saysPatch || counts,
    version,
    round,
    index,
    total,
    rfc: prefix.some((word) => /^RFC/i.test(word)),
    resend: prefix.some((word) => /^(?:RESEND|REPOST)$/i.test(word)),
    fixup: prefix.some((word) => /^fix(?:up)?\d?$/i.test(word)) || /^(?:fixup|squash)! /.test(title),
    release: prefix.find((word) => /^v?\d{1,2}\.\d{1,3}(?:\.(?:y|x|\d{1,3}))?$/.test(word)),
    prefix: prefix.join(' '),
    title: title === '' ? rest : title,
  };
}

function dropReplyMarks(subject: string): { reply: boolean; rest: string } {
  let rest = subject;
  for (let count = 0; count < GROUP_LIMIT; count += 1) {
    const mark = /^(?:re|aw|fwd?|sv|antw|回复)(?:\[\d{1,3}\])?: ?/i.exec(rest);
    if (mark === null) return { reply: count > 0, rest };
    rest = rest.slice(mark[0].length);
  }
  return { reply: true, rest };
}

/** The words of the bracketed groups at the beginning, and what follows them. */
function takeGroups(subject: string): { words: string[]; title: string } {
  const words: string[] = [];
  let rest = subject;
  for (let count = 0; count < GROUP_LIMIT && rest.startsWith('['); count += 1) {
    const close = rest.indexOf(']');
    if (close === -1 || close > 200) break;
    words.push(
      ...rest
        .slice(1, close)
        .split(/[\s,]+/)
        .filter((word) => word !== ''),
    );
    rest = rest.slice(close + 1).trimStart();
  }
  return { words, title: rest };
}

/** A title in a form that survives small edits: lower case, words and figures only. */
export function plainTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, ' ')
    .trim();
}

/** The words of a title, to compare it with many others. */
export function titleWords(title: string): ReadonlySet<string> {
  return new Set(plainTitle(title).split(' '));
}

/** Share of words that two titles have in common, 0 to 1. */
export function titleSimilarity(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  let common = 0;
  for (const word of left) if (right.has(word)) common += 1;
  return common / Math.max(left.size + right.size - common, 1);
}
