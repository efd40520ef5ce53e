// SPDX-License-Identifier: GPL-2.0-only

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { askGit, askGitForLines, commitNamed } from './ask-git.ts';
import { unpublishedRange, relevantPart, type FoundRange } from './commits.ts';

/** How far back the commit that b4 keeps a cover letter in is looked for. */
const COVER_DEPTH = 300;

/** What of b4's tracking data says which commits a series is; the rest is b4's own. */
const Tracking = z.object({
  series: z.object({
    'change-id': z.string(),
    'first-patch-commit': z.string().regex(/^[0-9a-f]{7,64}$/),
  }),
  patches: z
    .array(z.object({ 'header-info': z.object({ msgid: z.string() }).partial() }).partial())
    .optional(),
});

/** What b4 keeps with a cover letter. */
const Prepared = z.object({ series: z.object({ 'base-branch': z.string().max(1000) }) });

/**
 * The series that is being prepared on this branch, wherever b4 keeps its cover letter: in a commit before the patches
 * (as it usually does), in one behind them, or in the branch's description. Else what no remote has.
 */
export function preparedSeries(): FoundRange {
  const tip = commitNamed('HEAD');
  if (tip === undefined) return { unknown: 'this branch has no commit' };
  const cover = [
    'log',
    '--first-parent',
    `-n${COVER_DEPTH}`,
    '--format=%H',
    '--grep=^--- b4-submit-tracking ---$',
  ];
  const [commit] = askGitForLines([...cover, tip]);
  if (commit === undefined) return partedFrom(describedBase(), tip);
  if (commit !== tip) return relevantPart({ base: commit, tip });
  const patches = commitNamed(`${tip}~1`);
  const [, tracking] = (askGit(['log', '-1', '--format=%B', tip]) ?? '').split('--- b4-submit-tracking ---');
  return partedFrom(baseBranchIn(tracking), patches ?? tip);
}

/** What a branch has since it parted from another; what no remote has, if that other is not known. */
function partedFrom(branch: string | undefined, tip: string): FoundRange {
  const parent = branch === undefined ? undefined : commitNamed(branch);
  const [base] = parent === undefined ? [] : askGitForLines(['merge-base', parent, tip]);
  return base === undefined ? unpublishedRange(tip, 'this branch') : relevantPart({ base, tip });
}

function describedBase(): string | undefined {
  const [branch] = askGitForLines(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return branch === undefined ? undefined : baseBranchIn(askGit(['config', `branch.${branch}.b4-tracking`]));
}

/** From the first brace on it is JSON; a comment of b4's stands before it. */
function baseBranchIn(tracking: string | undefined): string | undefined {
  try {
    const json: unknown = JSON.parse(tracking?.slice(tracking.indexOf('{')) ?? '');
    return Prepared.safeParse(json).data?.series['base-branch'];
  } catch {
    return undefined;
  }
}

/** A series that is being reviewed, as b4 keeps it on a branch of its own. */
export interface TrackedSeries {
  readonly found: FoundRange;
  /** The commit that was made of a mail. */
  commitOf(messageId: string): string | undefined;
}

/** Undefined where b4 says nothing of the series, or nothing that can be used. */
export function trackedSeries(environment: NodeJS.ProcessEnv): TrackedSeries | undefined {
  const tracking = readTracking(environment['B4_TRACKING_FILE']);
  if (tracking === undefined) return undefined;
  const { 'change-id': change, 'first-patch-commit': first } = tracking.series;
  const base = commitNamed(`${first}^`);
  // The last commit of the branch holds b4's own data.
  const tip = commitNamed(`refs/heads/b4/review/${change}~1`);
  if (base === undefined || tip === undefined) return undefined;
  const commits = askGitForLines(['rev-list', '--reverse', '--topo-order', `${base}..${tip}`]);
  const ids = (tracking.patches ?? []).map((patch) => patch['header-info']?.msgid);
  return {
    found: relevantPart({ base, tip }),
    commitOf: (messageId) => commits[ids.indexOf(messageId)],
  };
}

function readTracking(file: string | undefined): z.infer<typeof Tracking> | undefined {
  if (file === undefined) return undefined;
  try {
    return Tracking.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
