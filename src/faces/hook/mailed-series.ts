// SPDX-License-Identifier: GPL-2.0-only

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isFileRun } from '../../files-run.ts';
import { askGitForLines, commitNamed, repositoryFolder } from './ask-git.ts';
import type { SeriesToJudge } from './judge-series.ts';
import { readSettings } from './settings.ts';

/** Where a mail stands among those that are sent together. */
export interface MailPlace {
  /** 1 and up. */
  readonly number: number;
  readonly total: number;
}

/** Longest mail, in bytes, that is looked at. */
const MAIL_LIMIT = 64 * 1024 * 1024;

/**
 * Takes one mail of `git send-email`, which hands them to its hook one by one, all before the first is sent. They are
 * kept in the repository's own folder until the last has come; then they are the series to be judged. Empty until
 * then, and where none of them touches a file that is run.
 */
export function collectMail(
  file: string,
  environment: NodeJS.ProcessEnv,
): (SeriesToJudge | { unknown: string })[] {
  const [folder] = askGitForLines(['rev-parse', '--git-path', 'rewalk/sendemail']).map((path) =>
    resolve(path),
  );
  if (folder === undefined) return [{ unknown: 'this is not a git repository' }];
  const mail = readMail(file);
  if (mail === undefined) return [{ unknown: `\`${file}\` cannot be read` }];
  const { number, total } = placeOf(mail, environment);
  const isFirst = number === 0 || (number === 1 && !keptMails(folder).includes(mailName(0, total)));
  // Without those before it, it is not known whether more will come: it is judged by itself.
  const isAlone = number > 1 && !keptMails(folder).includes(mailName(number - 1, total));
  if (isFirst || isAlone) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, mailName(number, total)), mail, 'latin1');
  return number < total && !isAlone ? [] : seriesIn(folder, total);
}

/**
 * Where a mail stands: git from 2.41 on says it; before, the number in the subject does. A mail without any is a
 * series of its own.
 */
export function placeOf(mail: string, environment: NodeJS.ProcessEnv): MailPlace {
  const number = Number(environment['GIT_SENDEMAIL_FILE_COUNTER']);
  const total = Number(environment['GIT_SENDEMAIL_FILE_TOTAL']);
  if (number >= 1 && total >= number) return { number, total };
  const [, ofSubject, ofTotal] = NUMBERED.exec(headersOf(mail)) ?? [];
  if (ofSubject === undefined || ofTotal === undefined) return { number: 1, total: 1 };
  return { number: Number(ofSubject), total: Number(ofTotal) };
}

const NUMBERED = /^Subject:[^\]\n]*?\b(\d{1,4})\/(\d{1,4})\]/im;

function seriesIn(folder: string, total: number): (SeriesToJudge | { unknown: string })[] {
  const names = keptMails(folder).filter((name) => name.endsWith(`-of-${total}.patch`));
  const mails = names.map((name) => readFileSync(join(folder, name), 'latin1'));
  if (!mails.some(touchesFileRun)) return [];
  const patches = mails.filter((mail) => /^diff --git /m.test(mail));
  renumber(folder, names, mails);
  return [{ sources: [folder], tree: treeFor(mails, patches[0] ?? '') }];
}

/**
 * Patches that are sent without those before them are a series too: what was before is in the tree that they apply to.
 * Its numbers must then begin at 1, or it would be taken for one of which some are missing.
 */
function renumber(folder: string, names: readonly string[], mails: readonly string[]): void {
  const numbers = mails.map((mail) => Number(NUMBERED.exec(headersOf(mail))?.[1] ?? '1'));
  const patches = numbers.filter((number) => number > 0);
  if (patches.every((number, index) => number === index + 1)) return;
  let next = 0;
  for (const [index, mail] of mails.entries()) {
    if (numbers[index] === 0) continue;
    next += 1;
    const place = `${next}/${patches.length}]`;
    const renumbered = mail.replace(NUMBERED, (subject) => subject.replace(/\d+\/\d+\]$/, place));
    writeFileSync(join(folder, names[index]!), renumbered, 'latin1');
  }
}

/**
 * The tree before the first patch: the parent of the commit that it was made from, if that is here; the commit that the
 * series names as its base; what is configured; what is checked out.
 */
function treeFor(mails: readonly string[], first: string): string {
  const folder = repositoryFolder() ?? '.';
  const [, made] = /^From ([0-9a-f]{40,64}) /.exec(first) ?? [];
  const parent = made === undefined ? undefined : commitNamed(`${made}^`);
  if (parent !== undefined) return `${folder}@${parent}`;
  for (const mail of mails) {
    const [, named] = /^base-commit: ([0-9a-f]{7,64})\s*$/m.exec(mail) ?? [];
    const base = named === undefined ? undefined : commitNamed(named);
    if (base !== undefined) return `${folder}@${base}`;
  }
  return readSettings().settings.tree ?? `${folder}@HEAD`;
}

/** Whether a patch changes a file that is run. What is encoded cannot be searched and counts as one that does. */
export function touchesFileRun(mail: string): boolean {
  if (/^Content-Transfer-Encoding:\s*base64/im.test(mail)) return true;
  const changed = mail.matchAll(/^(?:---|\+\+\+|rename from|rename to) (?:[ab]\/)?(\S+)\r?$/gm);
  return [...changed].some(([, path = '']) => isFileRun(path));
}

function readMail(file: string): string | undefined {
  try {
    const mail = readFileSync(file, 'latin1');
    return mail.length <= MAIL_LIMIT ? mail : undefined;
  } catch {
    return undefined;
  }
}

/** The headers, with folded lines put together. */
function headersOf(mail: string): string {
  return (mail.split(/\r?\n\r?\n/, 1)[0] ?? '').replaceAll(/\r?\n[ \t]+/g, ' ');
}

function mailName(number: number, total: number): string {
  return `${String(number).padStart(4, '0')}-of-${total}.patch`;
}

function keptMails(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}
