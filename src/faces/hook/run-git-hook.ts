// SPDX-License-Identifier: GPL-2.0-only

import { text } from 'node:stream/consumers';
import { repositoryFolder, shortName } from './ask-git.ts';
import { pushedRanges, unpublishedRange, type FoundRange } from './commits.ts';
import type { ScriptKind } from './hook-kinds.ts';
import type { SeriesToJudge } from './judge-series.ts';
import { collectMail } from './mailed-series.ts';

/** A series, or why it cannot be told what it is. */
export type FoundSeries = SeriesToJudge | { readonly unknown: string };

/**
 * Runs one of git's hooks: finds out what is about to leave the house and judges what of it touches files that are
 * run. Where there is none, nothing of a review is even imported. Returns the exit status that git looks at.
 */
export async function runGitHook(kind: ScriptKind, args: readonly string[]): Promise<number> {
  const found = await findSeries(kind, args);
  if (found.length === 0) return 0;
  const { judgeAll } = await import('./stop-or-go.ts');
  return judgeAll(kind, found);
}

async function findSeries(kind: ScriptKind, args: readonly string[]): Promise<FoundSeries[]> {
  switch (kind) {
    case 'sendemail-validate':
      return collectMail(args[0] ?? '', process.env);
    case 'pre-push':
      return pushedRanges(await text(process.stdin)).flatMap(seriesOf);
    case 'pre-review':
      return seriesOf(unpublishedRange('HEAD', 'HEAD'));
  }
}

function seriesOf(found: FoundRange): FoundSeries[] {
  if ('nothing' in found) return [];
  if ('unknown' in found) return [found];
  const { base, tip } = found.range;
  const folder = repositoryFolder() ?? '.';
  return [{ sources: [`${folder}@${shortName(base)}..${shortName(tip)}`], tree: undefined }];
}
