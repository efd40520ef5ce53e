// SPDX-License-Identifier: GPL-2.0-only

import type { Diagnostic, DiagnosticPlace } from '../base/diagnostic.ts';
import { isRange, parseRange } from './hunk-range.ts';

/** Signs, in the hunks of one mail, that a mail program or web page has changed their white space. */
interface Signs {
  /** Context lines that lack the space they must begin with. */
  bareContext: number;
  /** Lines indented by tabs; a kernel patch has almost only these. */
  tabbed: number;
  /** Lines indented by eight or more spaces. */
  spaced: number;
  /** No-break spaces. */
  noBreak: number;
  /** Hunk lines whose rest was wrapped to the next line. */
  wrapped: number;
  /** Index of the first line with any sign. */
  first: number;
}

/** Reports, without repairing anything, what looks like white space lost on the way. */
export function findMangledWhitespace(body: string, place: DiagnosticPlace): Diagnostic[] {
  if (!body.includes('@@ -')) return [];
  const signs = readSigns(body.split('\n'));
  const found: string[] = [];
  if (signs.bareContext > 0) found.push(`${signs.bareContext} context lines have lost their leading space`);
  if (signs.wrapped > 0) found.push(`${signs.wrapped} lines seem to be wrapped`);
  if (signs.noBreak > 0) found.push(`${signs.noBreak} lines hold no-break spaces`);
  if (signs.tabbed === 0 && signs.spaced > 2) {
    found.push(`all ${signs.spaced} indented lines use spaces, so tabs seem to be lost`);
  }
  if (found.length === 0) return [];
  const where = { file: place.file, line: (place.line ?? 1) + Math.max(signs.first, 0) };
  return [
    {
      code: 'ingest/mangled-whitespace',
      severity: 'warning',
      message: `the patch's white space looks changed on the way: ${found.join('; ')}`,
      where,
      hint: 'it is read as it stands; take the patch from the mail itself if it does not apply',
    },
  ];
}

function readSigns(lines: readonly string[]): Signs {
  const signs: Signs = { bareContext: 0, tabbed: 0, spaced: 0, noBreak: 0, wrapped: 0, first: -1 };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (isRange(line)) index = readHunkSigns(lines, index, signs) - 1;
  }
  return signs;
}

/** Reads one hunk; returns the index after it. */
function readHunkSigns(lines: readonly string[], start: number, signs: Signs): number {
  const range = parseRange(lines[start] ?? '');
  let oldLeft = range.oldCount;
  let newLeft = range.newCount;
  let index = start + 1;
  const note = (): void => {
    if (signs.first === -1) signs.first = index;
  };
  for (; index < lines.length && (oldLeft > 0 || newLeft > 0); index += 1) {
    const line = lines[index] ?? '';
    if (line.startsWith('\\')) continue;
    if (line.startsWith('diff --git ') || isRange(line) || line === '-- ') break;
    const mark = line[0] ?? ' ';
    if (mark !== '+') oldLeft -= 1;
    if (mark !== '-') newLeft -= 1;
    if (!' +-'.includes(mark)) {
      note();
      // After an added or removed line, what has no mark is rather the rest of that line.
      if ('+-'.includes(lines[index - 1]?.[0] ?? ' ') && mark !== '\t' && mark !== '}' && mark !== '{') {
        signs.wrapped += 1;
        oldLeft += 1;
        newLeft += 1;
      } else {
        signs.bareContext += 1;
      }
      continue;
    }
    const rest = line.slice(1);
    if (rest.startsWith('\t')) signs.tabbed += 1;
    else if (rest.startsWith('        ')) signs.spaced += 1;
    if (line.includes('\u00a0')) {
      signs.noBreak += 1;
      note();
    }
  }
  return index;
}
