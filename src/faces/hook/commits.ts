// SPDX-License-Identifier: GPL-2.0-only

import { filesRun } from '../../files-run.ts';
import { askGit, askGitForLines, commitNamed } from './ask-git.ts';

/** Commits to be judged: those after `base`, up to `tip`. Full names. */
export interface CommitRange {
  readonly base: string;
  readonly tip: string;
}

/** A range, nothing to judge, or why it cannot be told what to judge. */
export type FoundRange =
  { readonly range: CommitRange } | { readonly nothing: true } | { readonly unknown: string };

/** One line of what git tells a pre-push hook. */
interface PushedRef {
  readonly localRef: string;
  readonly localCommit: string;
  readonly remoteCommit: string;
}

const NOTHING = { nothing: true } as const;

/** The commits that a push would bring, one range for each ref, those that touch no file that is run left out. */
export function pushedRanges(input: string): FoundRange[] {
  const refs = input.split('\n').flatMap((line): PushedRef[] => {
    const [localRef, localCommit, , remoteCommit] = line.trim().split(' ');
    if (localRef === undefined || localCommit === undefined || remoteCommit === undefined) return [];
    return [{ localRef, localCommit, remoteCommit }];
  });
  const found = refs.map(rangeOfRef);
  // Branches and tags at one commit are one thing to judge.
  const keys = found.map((each) => JSON.stringify(each));
  return found.filter((_each, index) => keys.indexOf(keys[index]!) === index);
}

function rangeOfRef({ localRef, localCommit, remoteCommit }: PushedRef): FoundRange {
  if (isNone(localCommit) || bringsNothing(localCommit, remoteCommit)) return NOTHING;
  // A tag may name a tree or a blob.
  const tip = commitNamed(localCommit);
  if (tip === undefined) return NOTHING;
  const there = isNone(remoteCommit) ? undefined : commitNamed(remoteCommit);
  if (there === undefined) return unpublishedRange(tip, localRef);
  // Where the branch was rewritten, all since it parted from what is there is new.
  const [base] = askGitForLines(['merge-base', there, tip]);
  return base === undefined
    ? { unknown: `${localRef} has nothing in common with what is at the remote` }
    : relevantPart({ base, tip });
}

/** The usual case with one question to git: what is at the remote is known here, and nothing that is run is new. */
function bringsNothing(localCommit: string, remoteCommit: string): boolean {
  if (isNone(remoteCommit)) return false;
  const range = `${remoteCommit}..${localCommit}`;
  return askGit(['rev-list', '--no-merges', '--max-count=1', range, '--', ...filesRun()]) === '';
}

/** The commits of a branch that no remote has, as far as is known here. */
export function unpublishedRange(tip: string, name: string): FoundRange {
  const [first] = askGitForLines(['rev-list', '--first-parent', '--reverse', tip, '--not', '--remotes']);
  if (first === undefined) return NOTHING;
  const base = commitNamed(`${first}^`);
  return base === undefined
    ? { unknown: `no commit of ${name} is known to be at a remote, so it cannot be told which are new` }
    : relevantPart({ base, tip });
}

/** From the first commit that touches a file that is run to the last one; what is before and after changes no verdict. */
export function relevantPart({ base, tip }: CommitRange): FoundRange {
  const range = [
    'rev-list',
    '--no-merges',
    '--topo-order',
    '--reverse',
    `${base}..${tip}`,
    '--',
    ...filesRun(),
  ];
  const commits = askGit(range)
    ?.split('\n')
    .filter((line) => line !== '');
  if (commits === undefined) return { unknown: `git cannot list ${base.slice(0, 12)}..${tip.slice(0, 12)}` };
  const [first] = commits;
  if (first === undefined) return NOTHING;
  return { range: { base: commitNamed(`${first}^`) ?? base, tip: commits.at(-1)! } };
}

function isNone(commit: string): boolean {
  return /^0+$/.test(commit);
}
