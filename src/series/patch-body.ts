// SPDX-License-Identifier: GPL-2.0-only

import type { WithDiagnostics } from '../base/diagnostic.ts';
import { parseAddress } from '../ingest/mail.ts';
import type { MailMessage } from '../ingest/mail-message.ts';
import { findFirstPatchLine, parseUnifiedDiff } from '../ingest/unified-diff.ts';
import type { ChangedFile, Diffstat, Person } from './series.ts';

/** The body of a patch mail in its parts. */
export interface PatchBody {
  /** Headers that stand at the body's beginning, as git reads them: they win over the mail's own. */
  readonly author: Person | undefined;
  readonly subject: string | undefined;
  /** The commit message without its subject. */
  readonly message: string;
  /** 1-based line of the message's first line. */
  readonly messageLine: number;
  /** Between the `---` and the patch. */
  readonly notes: string;
  readonly notesLine: number;
  readonly files: readonly ChangedFile[];
}

/** Splits a patch mail's body as `git am` does: in-body headers, message, notes, patch. */
export function parsePatchBody(message: MailMessage): WithDiagnostics<PatchBody> {
  const lines = message.body.split('\n');
  const firstLine = message.bodyPlace.line ?? 1;
  const inBody = takeInBodyHeaders(lines);
  const patchLine = findFirstPatchLine(lines);
  const divider = lines.findIndex(
    (line, index) => index >= inBody.next && index < patchLine && line.trimEnd() === '---',
  );
  const messageEnd = divider === -1 ? patchLine : divider;
  const diff = parseUnifiedDiff(lines.slice(patchLine).join('\n'), {
    file: message.bodyPlace.file,
    line: firstLine + patchLine,
  });
  const notesStart = divider === -1 ? patchLine : divider + 1;
  return {
    value: {
      author: inBody.author,
      subject: inBody.subject,
      message: trimBlankLines(lines.slice(inBody.next, messageEnd)),
      messageLine: firstLine + inBody.next,
      notes: lines.slice(notesStart, patchLine).join('\n').trimEnd(),
      notesLine: firstLine + notesStart,
      files: diff.value,
    },
    diagnostics: diff.diagnostics,
  };
}

function takeInBodyHeaders(lines: readonly string[]): {
  author: Person | undefined;
  subject: string | undefined;
  next: number;
} {
  let next = 0;
  while (next < lines.length && (lines[next] ?? '').trim() === '') next += 1;
  let author: Person | undefined;
  let subject: string | undefined;
  const start = next;
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    if (line.startsWith('From: ')) author = parseAddress(line.slice('From: '.length));
    else if (line.startsWith('Subject: ')) subject = line.slice('Subject: '.length).trim();
    else if (!line.startsWith('Date: ') || next === start) break;
  }
  return { author, subject, next };
}

function trimBlankLines(lines: readonly string[]): string {
  return lines.join('\n').replace(/^\n+/, '').trimEnd();
}

/** The diffstat as the patch's lines give it. */
export function computeDiffstat(files: readonly ChangedFile[]): Diffstat {
  const entries = files.map((file) => ({
    path: file.newPath ?? file.oldPath ?? '',
    added: file.added,
    removed: file.removed,
    changed: file.added + file.removed,
  }));
  const sum = (pick: (file: ChangedFile) => number): number =>
    files.reduce((total, file) => total + pick(file), 0);
  return { files: entries, added: sum((file) => file.added), removed: sum((file) => file.removed) };
}

/** The last diffstat written in a text, or undefined if there is none. */
export function parseStatedDiffstat(text: string): Diffstat | undefined {
  const lines = text.split('\n');
  const last = lines.findLastIndex((line) => parseDiffstatSum(line) !== undefined);
  if (last === -1) return undefined;
  const files: { path: string; changed: number }[] = [];
  for (let index = last - 1; index >= 0; index -= 1) {
    const match = /^\s{0,4}(\S.{0,300}?)\s+\|\s+(\d{1,9})\s*[-+]{0,200}\s*$/.exec(lines[index] ?? '');
    if (match !== null) files.unshift({ path: match[1] ?? '', changed: Number(match[2]) });
    else if (!/\|\s+Bin\b/.test(lines[index] ?? '')) break;
  }
  return { files, ...(parseDiffstatSum(lines[last] ?? '') ?? { added: 0, removed: 0 }) };
}

function parseDiffstatSum(line: string): { added: number; removed: number } | undefined {
  if (!/^\s{0,4}\d{1,7} files? changed/.test(line)) return undefined;
  const count = (word: string): number => Number(new RegExp(`(\\d{1,9}) ${word}`).exec(line)?.[1] ?? 0);
  return { added: count('insertion'), removed: count('deletion') };
}
