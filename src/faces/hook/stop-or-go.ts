// SPDX-License-Identifier: GPL-2.0-only

import { renderHook } from '../../report/hook-text.ts';
import { shellWord } from '../../report/replay-command.ts';
import { terminalLines, terminalText } from '../../report/terminal-text.ts';
import { printLines, widthOf } from '../cli/print.ts';
import { STOPPED, type ScriptKind } from './hook-kinds.ts';
import { judgeSeries, type SeriesToJudge } from './judge-series.ts';
import type { FoundSeries } from './run-git-hook.ts';
import { readSettings, type HookSettings } from './settings.ts';

/** Exit statuses as git reads them. */
const GOES_ON = 0;
const STOPS = 1;

/** Judges one series after the other and says what was found; one that breaks a promise stops them all. */
export async function judgeAll(kind: ScriptKind, found: readonly FoundSeries[]): Promise<number> {
  const { settings, complaints } = readSettings();
  for (const complaint of complaints) process.stderr.write(`rewalk: ${terminalText(complaint)}\n`);
  let status = GOES_ON;
  for (const series of found) status = Math.max(status, await judgeOne(kind, series, settings));
  return status;
}

async function judgeOne(kind: ScriptKind, series: FoundSeries, settings: HookSettings): Promise<number> {
  if ('unknown' in series) return notChecked(kind, series.unknown, settings);
  const judgement = await judgeSeries(series, settings);
  if ('failure' in judgement) return notChecked(kind, judgement.failure, settings);
  const { act, regardless } = STOPPED[kind];
  const { threshold, baseline } = settings;
  const task = { act, regardless, more: reviewCommand(series, settings), threshold, baseline };
  const { stops, lines } = renderHook(judgement.review, task, widthOf(process.stderr, process.env));
  printLines(process.stderr, lines);
  return stops ? STOPS : GOES_ON;
}

/** Loud, since silence would look like success; stops only where the settings say so. */
function notChecked(kind: ScriptKind, why: string, { failureStops }: HookSettings): number {
  const { act, regardless } = STOPPED[kind];
  process.stderr.write(
    `rewalk: NOT CHECKED: ${terminalLines(why)}\n` +
      (failureStops
        ? `rewalk: this ${act} is stopped, as rewalk.failureStops says; go on regardless: ${regardless}\n`
        : `rewalk: this ${act} goes on all the same; \`git config rewalk.failureStops true\` would stop it\n`),
  );
  return failureStops ? STOPS : GOES_ON;
}

/** A bug of rewalk's: with its stack, since only that helps to find it. */
export function reportBug(kind: ScriptKind, error: unknown): number {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return notChecked(kind, `this is a bug in rewalk: ${reason}`, readSettings().settings);
}

/** The review that the hook has made, as a command. */
function reviewCommand({ sources, tree }: SeriesToJudge, settings: HookSettings): string {
  const words = ['rewalk', 'review', ...sources];
  if (tree !== undefined) words.push('--tree', tree);
  if (settings.machines !== undefined) words.push('--machine', settings.machines.join(','));
  if (settings.scenarios !== undefined) words.push('--scenarios', String(settings.scenarios));
  return words.map(shellWord).join(' ');
}
