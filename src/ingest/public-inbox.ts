// SPDX-License-Identifier: GPL-2.0-only

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Diagnostic, WithDiagnostics } from '../base/diagnostic.ts';
import { findObjects, readObjects } from './git-objects.ts';
import { runGit } from './git-process.ts';
import { resolveCommit } from './git-range.ts';
import { MAIL_LIMIT, type RawMail } from './mail.ts';

/** How long before a period a mirror is read, in milliseconds: what a mail of the period answers lies there. */
const LOOK_BACK = 90 * 24 * 60 * 60 * 1000;

/** Which part of a mirror to read. */
export interface InboxPart {
  /** Commits after this one; all if undefined. */
  readonly base?: string | undefined;
  /** Up to this commit; to the end if undefined. */
  readonly tip?: string | undefined;
  /** Only mails that can matter to a period that begins at this moment, RFC 3339. */
  readonly since?: string | undefined;
  /** The newest commit that was read before: without `since`, what came after it is read, and what can belong to that. */
  readonly known?: string | undefined;
  /** Most mails that are read: the newest. */
  readonly limit: number;
}

/** Commits of one repository of a mirror, oldest first. */
export interface InboxCommits {
  readonly directory: string;
  readonly hashes: readonly string[];
}

/**
 * The repositories of a public-inbox mirror, oldest first: the directory itself if it is one, or its epochs `0.git`,
 * `1.git`, in it, in its folder `git`, or beside it where it is `all.git`. Empty if it is no mirror.
 */
export function findInboxRepositories(directory: string): string[] {
  const whole = resolve(directory);
  const above = basename(whole) === 'all.git' ? dirname(whole) : directory;
  for (const folder of [join(above, 'git'), above]) {
    const epochs = epochsIn(folder).filter(isInboxRepository);
    if (epochs.length > 0) return epochs;
  }
  return isInboxRepository(directory) ? [directory] : [];
}

function epochsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile() && /^\d{1,4}\.git$/.test(entry.name))
    .map(({ name }) => name)
    .sort((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10))
    .map((name) => join(folder, name));
}

function isInboxRepository(directory: string): boolean {
  const hasRepository = existsSync(join(directory, '.git')) || existsSync(join(directory, 'objects'));
  if (!hasRepository || resolveCommit(directory, 'HEAD') === undefined) return false;
  // A mirror's newest commit holds one file: `m`, a mail, or `d` where it takes one back.
  const names = runGit(directory, ['ls-tree', '--name-only', 'HEAD']).output.toString('latin1').trim();
  return names === 'm' || names === 'd';
}

/**
 * Chooses the commits of a mirror's repositories that are to be read. A commit named as `base` or `tip` lies in one of
 * them; those between are read whole.
 */
export function chooseCommits(
  repositories: readonly string[],
  part: InboxPart,
): WithDiagnostics<InboxCommits[]> {
  const first = part.base === undefined ? { epoch: 0, hash: undefined } : locate(repositories, part.base);
  const end = { epoch: repositories.length - 1, hash: undefined };
  const last = part.tip === undefined ? end : locate(repositories.toReversed(), part.tip, repositories);
  if (first === undefined || last === undefined) {
    const revision = first === undefined ? part.base : part.tip;
    const message = `\`${revision}\` names no commit of this mirror`;
    return { value: [], diagnostics: [mirrorSays('ingest/no-revision', 'error', message, repositories)] };
  }
  const known = part.known === undefined ? undefined : locate(repositories, part.known);
  const oldest = lookBack(part.since, known === undefined ? undefined : commitTime(repositories, known));
  const chosen: InboxCommits[] = [];
  const left = { early: 0, many: 0 };
  let room = part.limit;
  for (let epoch = last.epoch; epoch >= first.epoch; epoch -= 1) {
    const directory = repositories[epoch] ?? '';
    const base = epoch === first.epoch ? first.hash : undefined;
    const tip = (epoch === last.epoch ? last.hash : undefined) ?? 'HEAD';
    const all = listCommits(directory, base, tip);
    const isNew = comesAfter(all, epoch, known);
    const recent =
      oldest === undefined ? all : all.filter(({ time }, at) => isNew(at) || time * 1000 >= oldest);
    const hashes = recent.slice(Math.max(0, recent.length - room)).map(({ hash }) => hash);
    left.early += all.length - recent.length;
    left.many += recent.length - hashes.length;
    room -= hashes.length;
    if (hashes.length > 0) chosen.unshift({ directory, hashes });
  }
  return { value: chosen, diagnostics: sayWhatIsLeft(left, oldest, part.limit, repositories) };
}

/** The moment, in milliseconds since 1970, before which nothing is read; undefined if all is. */
function lookBack(since: string | undefined, known: number | undefined): number | undefined {
  const moment = since === undefined ? known : Date.parse(since);
  return moment === undefined ? undefined : moment - LOOK_BACK;
}

interface Located {
  readonly epoch: number;
  readonly hash: string;
}

/** In milliseconds since 1970. */
function commitTime(repositories: readonly string[], { epoch, hash }: Located): number | undefined {
  const shown = runGit(repositories[epoch] ?? '', ['show', '-s', '--format=%ct', hash]);
  const seconds = Number.parseInt(shown.output.toString('latin1'), 10);
  return Number.isNaN(seconds) ? undefined : seconds * 1000;
}

/** Whether a commit of an epoch, by its place there, came after the one that is known, whatever their clocks say. */
function comesAfter(
  all: readonly { readonly hash: string }[],
  epoch: number,
  known: Located | undefined,
): (at: number) => boolean {
  if (known === undefined || epoch < known.epoch) return () => false;
  const last = epoch > known.epoch ? -1 : all.findIndex(({ hash }) => hash === known.hash);
  return (at) => at > last;
}

/** The repository that has a commit, by its index among `all`, and the commit's hash. */
function locate(
  repositories: readonly string[],
  revision: string,
  all: readonly string[] = repositories,
): Located | undefined {
  for (const directory of repositories) {
    const hash = resolveCommit(directory, revision);
    if (hash !== undefined) return { epoch: all.indexOf(directory), hash };
  }
  return undefined;
}

/**
 * Commits with the time at which each mail came, in seconds since 1970. They are looked at one by one, since git ends a
 * walk at the first old date, and one mail with a wrong clock may stand before thousands.
 */
function listCommits(
  directory: string,
  base: string | undefined,
  tip: string,
): { hash: string; time: number }[] {
  const to = resolveCommit(directory, tip);
  if (to === undefined) return [];
  const range = base === undefined ? to : `${base}..${to}`;
  const listed = runGit(directory, ['rev-list', '--reverse', '--timestamp', range]).output.toString('latin1');
  return listed.split('\n').flatMap((line) => {
    const [time, hash] = line.split(' ');
    return hash === undefined ? [] : [{ hash, time: Number(time) }];
  });
}

function sayWhatIsLeft(
  left: { readonly early: number; readonly many: number },
  oldest: number | undefined,
  limit: number,
  repositories: readonly string[],
): Diagnostic[] {
  const said: Diagnostic[] = [];
  if (left.early > 0 && oldest !== undefined) {
    const day = new Date(oldest).toISOString().slice(0, 10);
    const message = `${left.early} mails that came before ${day} are not read: 90 days before what is new are`;
    said.push(mirrorSays('ingest/mirror-before-period', 'warning', message, repositories));
  }
  if (left.many > 0) {
    const message = `only the newest ${limit} mails are read, ${left.many} are not`;
    said.push(mirrorSays('ingest/too-many-mails', 'error', message, repositories));
  }
  return said;
}

function mirrorSays(
  code: string,
  severity: Diagnostic['severity'],
  message: string,
  repositories: readonly string[],
): Diagnostic {
  const [first = ''] = repositories;
  const file = repositories.length > 1 ? dirname(first) : first;
  return { code, severity, message, where: { file } };
}

/**
 * Reads the mails of commits, oldest first, without a checkout. A mail that a later commit of these takes back is left
 * out; `onDeleted` is called for each.
 */
export async function* readInboxMails(
  chosen: readonly InboxCommits[],
  onDeleted: () => void,
): AsyncGenerator<RawMail> {
  const deleted = await findDeletions(chosen);
  let order = 0;
  for (const { directory, hashes } of chosen) {
    let index = 0;
    const names = hashes.map((hash) => `${hash}:m`);
    for await (const { hash: blob, bytes } of readObjects(directory, names, MAIL_LIMIT)) {
      const hash = hashes[index] ?? '';
      index += 1;
      order += 1;
      if (bytes === undefined) continue;
      if ((deleted.get(blob) ?? 0) > order) onDeleted();
      else yield { bytes, place: { file: `${directory}@${hash.slice(0, 12)}:m`, line: 1 } };
    }
  }
}

/** By the hash of a mail that was taken back: the last commit that did so, counted over all. */
async function findDeletions(chosen: readonly InboxCommits[]): Promise<Map<string, number>> {
  const deleted = new Map<string, number>();
  let order = 0;
  for (const { directory, hashes } of chosen) {
    const names = hashes.map((hash) => `${hash}:d`);
    for await (const { hash } of findObjects(directory, names)) {
      order += 1;
      if (hash !== '') deleted.set(hash, order);
    }
  }
  return deleted;
}
