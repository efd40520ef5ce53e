// SPDX-License-Identifier: GPL-2.0-only

import type { ChangelogEntry } from './series.ts';

/** Which versions a heading speaks of. */
interface Heading {
  readonly from: number;
  readonly to: number;
}

/**
 * The changelog in a cover letter or below a patch's `---`: sections headed `Changes since v3:`, `v3 -> v4:`,
 * `Changes in v4`, with their entries. `firstLine` is the line number of the text's first line.
 */
export function parseChangelog(text: string, firstLine: number): ChangelogEntry[] {
  const entries: ChangelogEntry[] = [];
  let heading: Heading | undefined;
  let open: { text: string; line: number } | undefined;
  let bulleted = false;
  const close = (): void => {
    if (open !== undefined && heading !== undefined) entries.push(entryOf(heading, open));
    open = undefined;
  };
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trimEnd();
    const found = parseHeading(line);
    if (found !== undefined) {
      close();
      heading = found;
      bulleted = false;
      continue;
    }
    if (heading === undefined) continue;
    const bullet = /^\s{0,12}(?:[-*+•]|\d{1,2}[.)])\s+(\S.*)$/.exec(line);
    if (line === '---' || line.startsWith('diff --git ') || line === '-- ' || isDiffstat(line)) {
      close();
      heading = undefined;
    } else if (bullet !== null) {
      close();
      bulleted = true;
      open = { text: bullet[1] ?? '', line: firstLine + index };
    } else if (line.trim() === '') {
      close();
    } else if (open !== undefined) {
      open = { text: `${open.text} ${line.trim()}`, line: open.line };
    } else if (bulleted && !/^\s/.test(line)) {
      // Prose after the bullets: the section is over.
      heading = undefined;
    } else {
      open = { text: line.trim(), line: firstLine + index };
    }
  }
  close();
  return entries;
}

/** ` mm/vmalloc.c | 12 +++-`: git writes it right below what stands under a patch's `---`. */
function isDiffstat(line: string): boolean {
  return /^ \S[^|]{0,300} \|\s{1,20}(?:\d|Bin )/.test(line);
}

/** The versions that a line names as the heading of a changelog section, or undefined. */
export function parseHeading(line: string): Heading | undefined {
  if (line.length > 200) return undefined;
  const text = line
    .trim()
    .replace(/^[-*=#]+\s*/, '')
    .replace(/[\s:=*-]+$/, '');
  if (text.length > 80 || text === '') return undefined;
  const both =
    /^(?:change(?:s|log|\slog)?\s*)?(?:from\s|since\s|in\s)?(?:rfc\s)?\(?v(\d{1,3})\s*(?:->|=>|→|\.\.|to|-)\s*v(\d{1,3})\)?$/i.exec(
      text,
    );
  if (both !== null) return { from: Number(both[1]), to: Number(both[2]) };
  const since =
    /^(?:change(?:s|log|d)?\s+)?(?:since|from|against|compared to)\s+(?:the\s)?(?:rfc\s|patch\s)*v(\d{1,3})(?:\s+rfc)?(?:\s*\[\d{1,2}\])?$/i.exec(
      text,
    );
  if (since !== null) return { from: Number(since[1]), to: Number(since[1]) + 1 };
  const sinceRfc = /^change(?:s|log|d)?\s+(?:since|from)\s+(?:the\s)?rfc(?:\s*\[\d{1,2}\])?$/i.exec(text);
  if (sinceRfc !== null) return { from: 0, to: 1 };
  const into =
    /^(?:change(?:s|log|d)?\s+)?(?:(?:in|for)\s+)?(?:rfc\s|patch\s)*v(\d{1,3})(?:\s*\[\d{1,2}\])?(?:\s*\(.{0,30}\))?$/i.exec(
      text,
    );
  if (into === null) return undefined;
  // A bare `v4` is a heading only with its colon; without, it is a word in a sentence.
  const bare = /^v\d{1,3}$/i.test(text) && !/:\s*$/.test(line) && !/^[-*=#]+\s/.test(line);
  return bare ? undefined : { from: Number(into[1]) - 1, to: Number(into[1]) };
}

function entryOf(heading: Heading, open: { text: string; line: number }): ChangelogEntry {
  return {
    ...heading,
    text: open.text,
    patches: patchNumbers(open.text),
    credits: creditedNames(open.text),
    line: open.line,
  };
}

/** The patches that a text names: `(patch 4, 5)`, `patches 1-3`, `patch 3+4 and patch #7`. Sorted. */
export function patchNumbers(text: string): number[] {
  const numbers = new Set<number>();
  const list =
    /\bpatch(?:es)?\s{0,3}#?(\d{1,3}(?:\s{0,2}(?:,|\+|&|-|–|and|to)\s{0,2}(?:and\s)?(?:patch\s)?#?\d{1,3})*)(?![\w.])/gi;
  for (const match of text.matchAll(list)) {
    const parts = (match[1] ?? '').split(/,|\+|&|and/i);
    for (const part of parts) {
      const [first, last] = [...part.matchAll(/\d{1,3}/g)].map((digits) => Number(digits[0]));
      if (first === undefined) continue;
      // A range of hundreds is no list of patches.
      for (let number = first; number <= Math.min(last ?? first, first + 99); number += 1)
        numbers.add(number);
    }
  }
  return [...numbers].sort((left, right) => left - right);
}

/** People named in parentheses or brackets, or after `suggested by`: who asked for the change. */
export function creditedNames(text: string): string[] {
  const names = new Set<string>();
  const groups = [...text.matchAll(/[([]([^()[\]]{2,120})[)\]]/g)].map((match) => match[1] ?? '');
  const byline =
    /\b(?:suggested|reported|requested|pointed out|noted|spotted|found|asked) by ([^().,;]{2,60})/gi;
  for (const match of text.matchAll(byline)) groups.push(match[1] ?? '');
  for (const group of groups) {
    for (const part of group.split(/,|&|\band\b|\//)) {
      const name = part
        .trim()
        .replace(/^(?:per|thanks(?: to)?|by|from|as)\s+/i, '')
        .replace(/^@/, '');
      if (isPersonName(name)) names.add(name);
    }
  }
  return [...names];
}

function isPersonName(text: string): boolean {
  const words = text.split(/\s+/);
  if (words.length > 4 || text.length > 60) return false;
  return words.every(
    (word, index) => /^\p{Lu}[\p{Ll}\p{Lu}.'’-]{0,30}$/u.test(word) && (index > 0 || /\p{Ll}/u.test(word)),
  );
}
