// SPDX-License-Identifier: GPL-2.0-only

import type { Trailer } from './series.ts';

/** Lines that only git writes; with one of them, a block may hold other lines too. */
const GIT_LINES = ['Signed-off-by: ', '(cherry picked from commit '];

/**
 * The trailers of a commit message as `git interpret-trailers --parse` finds them: the last paragraph, if it is all
 * trailers, or if git wrote one of its lines and at least a quarter are trailers. The first paragraph is the title
 * and never counts; put the subject before a body.
 */
export function parseTrailers(message: string): Trailer[] {
  const lines = message.split('\n');
  const end = endOfMessage(lines);
  const start = findBlock(lines, end);
  const trailers: Trailer[] = [];
  for (const line of lines.slice(start, end)) {
    const separator = findSeparator(line);
    const last = trailers.at(-1);
    if (separator >= 1 && !startsWithSpace(line)) {
      trailers.push({ key: line.slice(0, separator).trim(), value: line.slice(separator + 1).trim() });
    } else if (startsWithSpace(line) && last !== undefined) {
      trailers[trailers.length - 1] = { key: last.key, value: `${last.value} ${line.trim()}`.trim() };
    } else {
      // A line of another kind, or a comment, ends the one before: nothing is continued over it.
      trailers.push({ key: '', value: '' });
    }
  }
  return trailers.filter(({ key }) => key !== '');
}

/** Trailers of a mail that is not a commit message: any line that is one by its key, wherever it stands. */
export function parseReplyTrailers(body: string): Trailer[] {
  const trailers: Trailer[] = [];
  for (const line of body.split('\n')) {
    const match =
      /^([A-Z][A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,4}-by|Fixes|Closes|Link|Cc):\s+(\S.{0,500})$/.exec(line);
    if (match !== null) trailers.push({ key: match[1] ?? '', value: (match[2] ?? '').trim() });
  }
  return trailers;
}

/** Trailers in text whose line ends are lost: a key, a name and an address tell one. */
export function parseRunOnTrailers(text: string): Trailer[] {
  const trailer = /\b([A-Z][a-z]{1,20}(?:-[a-z]{1,20}){0,3}-by|Cc): ([^<>:\n]{1,80} <[^<>\s]{1,120}>)/g;
  return [...text.matchAll(trailer)].map((match) => ({ key: match[1] ?? '', value: match[2] ?? '' }));
}

/** Index after the last line of the message: a line of `---` or `--- ` begins the patch. */
function endOfMessage(lines: readonly string[]): number {
  const divider = lines.findIndex((line) => line === '---' || /^---\s/.test(line));
  let end = divider === -1 ? lines.length : divider;
  while (end > 0 && isIgnorable(lines[end - 1] ?? '')) end -= 1;
  return end;
}

function isIgnorable(line: string): boolean {
  return line.trim() === '' || line.startsWith('#');
}

/** Index of the first line of the trailer block, or `end` if there is none. */
function findBlock(lines: readonly string[], end: number): number {
  const titleEnd = endOfTitle(lines, end);
  let trailers = 0;
  let others = 0;
  let continued = 0;
  let gitWrote = false;
  for (let index = end - 1; index >= titleEnd; index -= 1) {
    const line = lines[index] ?? '';
    if (line.startsWith('#')) {
      others += continued;
      continued = 0;
    } else if (line.trim() === '') {
      others += continued;
      const enough = gitWrote ? trailers * 3 >= others : trailers > 0 && others === 0;
      return enough ? index + 1 : end;
    } else if (GIT_LINES.some((prefix) => line.startsWith(prefix))) {
      trailers += 1;
      continued = 0;
      gitWrote = true;
    } else if (findSeparator(line) >= 1 && !startsWithSpace(line)) {
      trailers += 1;
      continued = 0;
    } else if (startsWithSpace(line)) {
      continued += 1;
    } else {
      others += 1 + continued;
      continued = 0;
    }
  }
  return end;
}

function endOfTitle(lines: readonly string[], end: number): number {
  for (let index = 0; index < end; index += 1) {
    const line = lines[index] ?? '';
    if (!line.startsWith('#') && line.trim() === '') return index;
  }
  return end;
}

/** Offset of the colon after a trailer's key, or -1. A key has letters, digits and hyphens, then maybe spaces. */
function findSeparator(line: string): number {
  let spaceSeen = false;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index] ?? '';
    if (character === ':') return index;
    if (!spaceSeen && /[A-Za-z0-9-]/.test(character)) continue;
    if (index > 0 && (character === ' ' || character === '\t')) spaceSeen = true;
    else return -1;
  }
  return -1;
}

function startsWithSpace(line: string): boolean {
  return /^\s/.test(line);
}
