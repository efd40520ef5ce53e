// SPDX-License-Identifier: GPL-2.0-only

import type { WithDiagnostics } from '../base/diagnostic.ts';
import { parseAddress } from '../ingest/mail-address.ts';
import { isoDate } from '../ingest/mail.ts';
import type { MailMessage } from '../ingest/mail-message.ts';
import { findFirstPatchLine, parseUnifiedDiff } from '../ingest/unified-diff.ts';
import type { ChangedFile, Diffstat, Person } from './series.ts';
import { parseSubject } from './subject.ts';

/** The body of a patch mail in its parts. */
export interface PatchBody {
  /** Headers that stand at the body's beginning, as git reads them: they win over the mail's own. */
  readonly author: Person | undefined;
  readonly subject: string | undefined;
  /** RFC 3339, UTC: when the commit was made. */
  readonly date: string | undefined;
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
  const messageEnd = divider === -1 ? beforeIndexLine(lines, patchLine) : divider;
  const diff = parseUnifiedDiff(lines.slice(patchLine).join('\n'), {
    file: message.bodyPlace.file,
    line: firstLine + patchLine,
  });
  const notesStart = divider === -1 ? patchLine : divider + 1;
  return {
    value: {
      author: inBody.author,
      subject: inBody.subject,
      date: inBody.date,
      message: trimBlankLines(lines.slice(inBody.next, messageEnd)),
      messageLine: firstLine + inBody.next,
      notes: lines.slice(notesStart, patchLine).join('\n').trimEnd(),
      notesLine: firstLine + notesStart,
      files: diff.value,
    },
    diagnostics: diff.diagnostics,
  };
}

/** The title that a patch mail's body gives, which wins over the mail's own. */
export function patchTitle({ body }: MailMessage): string | undefined {
  const { subject } = takeInBodyHeaders(body.slice(0, IN_BODY_LIMIT).split('\n'));
  return subject === undefined ? undefined : parseSubject(subject).title;
}

/** How far, in characters, headers in a body are looked for where only they are wanted. */
const IN_BODY_LIMIT = 4000;

interface InBodyHeaders extends Pick<PatchBody, 'author' | 'subject' | 'date'> {
  /** Index of the line after them. */
  readonly next: number;
}

function takeInBodyHeaders(lines: readonly string[]): InBodyHeaders {
  let next = 0;
  while (next < lines.length && (lines[next] ?? '').trim() === '') next += 1;
  const found = { From: '', Subject: '', Date: '' };
  let last: keyof typeof found | undefined;
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    const name = /^(From|Subject|Date): /.exec(line)?.[1] as keyof typeof found | undefined;
    if (name !== undefined) {
      found[name] = line.slice(name.length + 2).trim();
      last = name;
    } else if (last !== undefined && /^[ \t]\S/.test(line)) {
      found[last] += ` ${line.trim()}`;
    } else break;
  }
  return {
    author: found.From === '' ? undefined : parseAddress(found.From),
    subject: found.Subject === '' ? undefined : found.Subject,
    date: isoDate(found.Date),
    next,
  };
}

/** Where a message ends that has no divider: before the lines that other tools than git write above a file. */
function beforeIndexLine(lines: readonly string[], patchLine: number): number {
  let end = patchLine;
  while (end > 0 && /^(?:={3,80}|Index: \S.*)$/.test(lines[end - 1] ?? '')) end -= 1;
  return end;
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
