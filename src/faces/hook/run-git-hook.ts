// SPDX-License-Identifier: GPL-2.0-only

import { text } from 'node:stream/consumers';
import { shellWord } from '../../report/replay-command.ts';
import { terminalLines, terminalText } from '../../report/terminal-text.ts';
import { printLines, widthOf } from '../cli/print.ts';
import { repositoryFolder, shortName } from './ask-git.ts';
import { pushedRanges, unpublishedRange, type FoundRange } from './commits.ts';
import { STOPPED, type ScriptKind } from './hook-kinds.ts';
import type { SeriesToJudge } from './judge-series.ts';
import { collectMail } from './mailed-series.ts';
import { readSettings, type HookSettings } from './settings.ts';

/** A series, or why it cannot be told what it is. */
export type FoundSeries = SeriesToJudge | { readonly unknown: string };

const GOES_ON = 0;
const STOPS = 1;

/**
 * Runs one of git's hooks: finds out what is about to leave the house and judges what of it touches files that are
 * run. Where there is none, nothing of a review is even imported. Returns the exit status that git looks at.
 */
export async function runGitHook(kind: ScriptKind, args: readonly string[]): Promise<number> {
  const found = await findSeries(kind, args);
  if (found.length === 0) return GOES_ON;
  const { settings, complaints } = readSettings();
  for (const complaint of complaints) process.stderr.write(`rewalk: ${terminalText(complaint)}\n`);
  let status = GOES_ON;
  for (const series of found) status = Math.max(status, await judgeOne(kind, series, settings));
  return status;
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

async function judgeOne(kind: ScriptKind, series: FoundSeries, settings: HookSettings): Promise<number> {
  if ('unknown' in series) return notChecked(kind, series.unknown, settings);
  const { judgeSeries } = await import('./judge-series.ts');
  const judgement = await judgeSeries(series, settings);
  if ('failure' in judgement) return notChecked(kind, judgement.failure, settings);
  const { renderHook } = await import('../../report/hook-text.ts');
  const { act, regardless } = STOPPED[kind];
  const { threshold, baseline } = settings;
  const task = { act, regardless, more: reviewCommand(series, settings), threshold, baseline };
  const { stops, lines } = renderHook(judgement.review, task, widthOf(process.stderr, process.env));
  printLines(process.stderr, lines);
  return stops ? STOPS : GOES_ON;
}

/** Loud, since silence would look like success; stops only where the settings say so. */
export function notChecked(kind: ScriptKind, why: string, { failureStops }: HookSettings): number {
  const { act, regardless } = STOPPED[kind];
  process.stderr.write(
    `rewalk: NOT CHECKED: ${terminalLines(why)}\n` +
      (failureStops
        ? `rewalk: this ${act} is stopped, as rewalk.failureStops says; go on regardless: ${regardless}\n`
        : `rewalk: this ${act} goes on all the same; \`git config rewalk.failureStops true\` would stop it\n`),
  );
  return failureStops ? STOPS : GOES_ON;
}

/** The review that the hook has made, as a command. */
function reviewCommand({ sources, tree }: SeriesToJudge, settings: HookSettings): string {
  const words = ['rewalk', 'review', ...sources];
  if (tree !== undefined) words.push('--tree', tree);
  if (settings.machines !== undefined) words.push('--machine', settings.machines.join(','));
  if (settings.scenarios !== undefined) words.push('--scenarios', String(settings.scenarios));
  return words.map(shellWord).join(' ');
}
