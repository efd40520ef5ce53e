// SPDX-License-Identifier: GPL-2.0-only

import { looksLikeArchiveText } from './archive-text.ts';
import { isHeaderLine } from './mail-headers.ts';
import { isMboxSeparator } from './mbox.ts';
import { findFirstPatchLine } from './unified-diff.ts';

export type TextKind = 'mbox' | 'mail' | 'diff' | 'archive' | 'empty' | 'binary' | 'unknown';

/** How many bytes at a file's start decide what it is. */
export const KIND_SAMPLE = 64 * 1024;

/** Headers of which a mail's first lines surely hold one. */
const MAIL_HEADERS = new Set(
  'from sender subject date message-id received return-path to cc list-id in-reply-to references mime-version content-type'.split(
    ' ',
  ),
);

/** Says from a file's first bytes (`KIND_SAMPLE` are enough) what it holds. */
export function kindOfText(bytes: Buffer): TextKind {
  if (bytes.length === 0) return 'empty';
  const lines = bytes.subarray(0, KIND_SAMPLE).toString('utf8').split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first === -1) return 'empty';
  if (isMboxSeparator(lines[first] ?? '')) return 'mbox';
  if (beginsWithMailHeaders(lines.slice(first))) return 'mail';
  // A mail may hold NUL bytes by mistake; nothing else that is read does.
  if (bytes.subarray(0, 8192).includes(0)) return 'binary';
  const patchLine = findFirstPatchLine(lines);
  if (patchLine === first) return 'diff';
  if (looksLikeArchiveText(lines)) return 'archive';
  return patchLine < lines.length ? 'diff' : 'unknown';
}

function beginsWithMailHeaders(lines: readonly string[]): boolean {
  let headers = 0;
  let known = 0;
  for (const line of lines) {
    if (line === '') break;
    if (line.startsWith(' ') || line.startsWith('\t')) continue;
    if (!isHeaderLine(line)) return false;
    headers += 1;
    if (MAIL_HEADERS.has(line.slice(0, line.indexOf(':')).toLowerCase())) known += 1;
  }
  // One line alone is a header longer than the sample.
  return known >= 1 && (headers >= 2 || lines.length === 1);
}
