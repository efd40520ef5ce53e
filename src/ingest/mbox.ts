// SPDX-License-Identifier: GPL-2.0-only

import type { RawMail } from './mail.ts';

/**
 * How an mbox keeps body lines that begin with `From `: `mboxrd` puts a `>` before them and before lines that
 * have one already, which can be undone; `mboxo` does so only for the bare line, which cannot, so lines are left
 * as they stand.
 */
export type MboxForm = 'mboxrd' | 'mboxo';

const NEWLINE = 0x0a;

/**
 * Splits an mbox, given as chunks of bytes of any size, into its mails. Holds no more than one mail and one chunk
 * in memory. `file` names the mbox in places.
 */
export async function* splitMbox(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  file: string,
  form: MboxForm,
): AsyncGenerator<RawMail> {
  let pieces: Buffer[] = [];
  let commit: string | undefined;
  let mailLine = 1;
  let line = 0;
  let started = false;
  const close = (): RawMail => {
    const whole = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    const bytes = unescapeFrom(dropLastEmptyLine(whole), form);
    return { bytes, place: { file, line: mailLine }, commit };
  };
  for await (const run of wholeLines(chunks)) {
    let from = 0;
    for (let lineStart = 0; lineStart < run.length;) {
      const newline = run.indexOf(NEWLINE, lineStart);
      const lineEnd = newline === -1 ? run.length : newline + 1;
      line += 1;
      if (isSeparator(run, lineStart, lineEnd)) {
        pieces.push(run.subarray(from, lineStart));
        if (started) yield close();
        pieces = [];
        started = true;
        mailLine = line + 1;
        commit = commitOf(run.toString('latin1', lineStart, Math.min(lineEnd, lineStart + 80)));
        from = lineEnd;
      }
      lineStart = lineEnd;
    }
    pieces.push(run.subarray(from));
  }
  if (started) yield close();
}

/** Writes mails as one mbox of the mboxrd form. */
export function joinMboxrd(mails: readonly Buffer[]): Buffer {
  const separator = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';
  return Buffer.concat(
    mails.flatMap((mail) => {
      const text = mail.toString('latin1').replace(/^(>*From )/gm, '>$1');
      return [
        Buffer.from(`${separator}${text}${text.endsWith('\n') || text === '' ? '' : '\n'}\n`, 'latin1'),
      ];
    }),
  );
}

/** Whether the line is one that opens a mail: `From `, something, and a time with a year. */
export function isMboxSeparator(line: string): boolean {
  if (!line.startsWith('From ') || line.length < 20) return false;
  const colon = line.lastIndexOf(':');
  // 12:34:56 2026, perhaps with a zone between.
  const time = line.slice(colon - 5, colon + 3);
  return /^[\d ]\d:\d\d:\d\d$/.test(time) && /\b\d{4}\b/.test(line.slice(colon + 3, colon + 40));
}

function isSeparator(bytes: Buffer, start: number, end: number): boolean {
  // F, r, o, m, space: checked as bytes, since this runs for every line of an archive.
  if (bytes[start] !== 0x46 || bytes[start + 1] !== 0x72 || bytes[start + 2] !== 0x6f) return false;
  if (bytes[start + 3] !== 0x6d || bytes[start + 4] !== 0x20) return false;
  return isMboxSeparator(bytes.toString('latin1', start, Math.min(end, start + 500)).trimEnd());
}

function commitOf(separator: string): string | undefined {
  const word = separator.split(' ')[1] ?? '';
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(word) && !/^0+$/.test(word) ? word : undefined;
}

/** Regroups chunks so that each piece ends where a line ends (but for the very last). */
async function* wholeLines(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const newline = chunk.lastIndexOf(NEWLINE);
    if (newline === -1) {
      rest.push(chunk);
      continue;
    }
    const head = chunk.subarray(0, newline + 1);
    yield rest.length === 0 ? head : Buffer.concat([...rest, head]);
    rest = newline + 1 < chunk.length ? [chunk.subarray(newline + 1)] : [];
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** The empty line between two mails belongs to the mbox, not to the mail. */
function dropLastEmptyLine(bytes: Buffer): Buffer {
  const { length } = bytes;
  if (length >= 2 && bytes[length - 1] === NEWLINE && bytes[length - 2] === NEWLINE) {
    return bytes.subarray(0, length - 1);
  }
  return bytes;
}

function unescapeFrom(bytes: Buffer, form: MboxForm): Buffer {
  if (form === 'mboxo' || !bytes.includes('>From ')) return bytes;
  return Buffer.from(bytes.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1');
}
