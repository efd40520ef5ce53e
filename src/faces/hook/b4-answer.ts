// SPDX-License-Identifier: GPL-2.0-only

import { prepLines, reviewCheck, type B4Check, type B4Question } from '../../report/b4-checks.ts';
import type { Review } from '../../report/review-schema.ts';
import { terminalText } from '../../report/terminal-text.ts';
import { repositoryFolder } from './ask-git.ts';
import { preparedSeries, trackedSeries, type TrackedSeries } from './b4-series.ts';
import type { FoundRange } from './commits.ts';
import { judgeOnce } from './judge-once.ts';
import type { Judgement } from './judge-series.ts';
import type { B4Kind } from './run-b4-check.ts';
import { readSettings, type HookSettings } from './settings.ts';

/** What is written to stdout: lines for b4 prep, JSON for b4 review. A bug of rewalk's is an answer too. */
export async function answerB4(kind: B4Kind, mail: string): Promise<string> {
  const { settings } = readSettings();
  try {
    if (kind === 'b4-prep-perpatch') return linesOf(await prepAnswer(mail, settings));
    return jsonOf(await reviewAnswer(kind, mail, settings));
  } catch (error) {
    const why = `this is a bug in rewalk: ${error instanceof Error ? error.message : String(error)}`;
    return kind === 'b4-prep-perpatch'
      ? linesOf([notCheckedLine(why, settings)])
      : jsonOf([notChecked(why, settings)]);
  }
}

async function prepAnswer(mail: string, settings: HookSettings): Promise<string[]> {
  const judged = await judgeRange(preparedSeries(), settings);
  if ('failure' in judged) return [notCheckedLine(judged.failure, settings)];
  const patch = patchNamed(judged.review, { subject: subjectOf(mail) });
  if (patch === undefined)
    return [notCheckedLine('no commit of this branch has the subject of this mail', settings)];
  return prepLines(judged.review, question(settings, patch));
}

async function reviewAnswer(kind: B4Kind, mail: string, settings: HookSettings): Promise<B4Check[]> {
  const perPatch = kind === 'b4-review-perpatch';
  const tracked = trackedSeries(process.env);
  if (tracked === undefined)
    return [notChecked('b4 does not say which commits this series is: check it out first', settings)];
  if ('nothing' in tracked.found) return [];
  const judged = await judgeRange(tracked.found, settings);
  if ('failure' in judged) return [notChecked(judged.failure, settings)];
  const patch = perPatch ? patchOf(judged.review, mail, tracked) : undefined;
  if (perPatch && patch === undefined)
    return [notChecked('this mail is none of the commits of the series', settings)];
  return [reviewCheck(judged.review, question(settings, patch))];
}

async function judgeRange(found: FoundRange, settings: HookSettings): Promise<Judgement> {
  if ('unknown' in found) return { failure: found.unknown };
  if ('nothing' in found) return { failure: 'no commit of this branch touches a file that is run' };
  const { base, tip } = found.range;
  const folder = repositoryFolder() ?? '.';
  return judgeOnce({ sources: [`${folder}@${base}..${tip}`], tree: undefined }, settings);
}

function question({ threshold, baseline }: HookSettings, patch: number | undefined): B4Question {
  return { threshold, baseline, patch };
}

function patchOf(review: Review, mail: string, tracked: TrackedSeries): number | undefined {
  const [, id = ''] = /^Message-ID:\s*<([^>]*)>/im.exec(headersOf(mail)) ?? [];
  return patchNamed(review, { commit: tracked.commitOf(id), subject: subjectOf(mail) });
}

/** The patch of that commit, or the one of that subject where no other has it. */
function patchNamed(
  review: Review,
  { commit, subject }: { commit?: string | undefined; subject: string },
): number | undefined {
  const patches = review.series?.versions.at(-1)?.patches ?? [];
  const ofCommit = patches.find((patch) => commit !== undefined && patch.commit === commit);
  if (ofCommit !== undefined) return ofCommit.patch;
  const [first, second] = patches.filter((patch) => patch.subject === subject);
  return second === undefined ? first?.patch : undefined;
}

function subjectOf(mail: string): string {
  const [, subject = ''] = /^Subject:[ \t]*(.*)$/im.exec(headersOf(mail)) ?? [];
  return subject.replace(/^(?:\s*\[[^\]]*\])+\s*/, '').trim();
}

function headersOf(mail: string): string {
  return (mail.split(/\r?\n\r?\n/, 1)[0] ?? '').replaceAll(/\r?\n[ \t]+/g, ' ');
}

function notCheckedLine(why: string, { failureStops }: HookSettings): string {
  return `${failureStops ? 'ERROR' : 'WARNING'}: NOT CHECKED: ${why}`;
}

function notChecked(why: string, { failureStops }: HookSettings): B4Check {
  return {
    tool: 'rewalk',
    status: failureStops ? 'fail' : 'warn',
    summary: `NOT CHECKED: ${terminalText(why)}`,
  };
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${terminalText(line)}\n`).join('');
}

function jsonOf(checks: readonly B4Check[]): string {
  return `${JSON.stringify(checks, undefined, 2)}\n`;
}
