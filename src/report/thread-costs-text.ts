// SPDX-License-Identifier: GPL-2.0-only

import type { ThreadCost, ThreadCosts, ThreadRun } from './costs.ts';
import {
  indented,
  INDENT,
  noFigure,
  number,
  renderPlace,
  table,
  timesText,
  timeText,
  verdicts,
} from './cost-words.ts';
import { groupedBy } from '../base/grouped.ts';
import { counted, span, textWidth, type Line } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';

/** What threads cost on each state, beside what is claimed for each number of them. */
export function renderThreads(threads: ThreadCosts, width: number): Line[] {
  const counts = threads.states[0]?.runs.map((run) => run.threads) ?? [];
  const stated = (row: (threads: number) => string): string[] => counts.map(row);
  const rows = [
    ['', ...counts.map((count) => counted(count, 'thread'))],
    ...threads.states.map((state) => [stateName(state), ...state.runs.map(({ ns }) => timeText(ns))]),
    ['claimed before', ...stated((count) => statedTime(threads, count, 'before'))],
    ['claimed after', ...stated((count) => statedTime(threads, count, 'after'))],
    ...versionsWithClaims(threads).map((label) => [
      `${label} faster`,
      ...stated((count) => timesText(claimAbout(threads, count, label)?.modelled ?? null)),
    ]),
    ['claimed faster', ...stated((count) => timesText(claimAbout(threads, count)?.claimed ?? null))],
  ];
  return [
    ...renderPlace(threads, 'each thread’s time for one round,', width),
    ...table(rows, Math.max(...rows.map(([first]) => textWidth(first!))) + 1),
    ...threads.states.flatMap((state) =>
      indented(`${stateName(state)}: ${runText(state.runs)}`, width, 'dim'),
    ),
    ...renderGrowth(threads, counts, width),
    ...renderThreadClaims(threads, width),
  ];
}

function stateName({ label, call }: ThreadCost): string {
  return `${label} ${call}()`;
}

function versionsWithClaims({ claims }: ThreadCosts): readonly string[] {
  return [...new Set(claims.map(({ label }) => label))];
}

/** The first claim about so many threads; of one version, or of any. */
function claimAbout(
  { claims }: ThreadCosts,
  threads: number,
  label?: string,
): ThreadCosts['claims'][number] | undefined {
  return claims.find((claim) => claim.threads === threads && (label === undefined || claim.label === label));
}

/** Each quote once, with what is to be said of its figures; neighbours of which the same is to be said together. */
function renderThreadClaims({ claims }: ThreadCosts, width: number): Line[] {
  const quotes = groupedBy(claims, ({ label, patch, text }) => `${label} ${patch} ${text}`);
  return [...quotes.values()].flatMap((group) => {
    const [{ label, text }] = group as [ThreadCosts['claims'][number]];
    const verdictsOf = groupedBy(group, ({ agreement }) => agreement);
    return [
      ...indented(`${label}: “${terminalText(text)}”`, width),
      ...[...verdictsOf].map(([agreement, about]): Line => {
        const counts = about.map(({ threads }) => threads).join(', ');
        const verdict = agreement === null ? noFigure : verdicts[agreement];
        return [
          span(
            `${INDENT}${INDENT}${counts} ${about.length === 1 && about[0]!.threads === 1 ? 'thread' : 'threads'}: `,
          ),
          span(verdict.text, verdict.style),
        ];
      }),
    ];
  });
}

function statedTime(costs: ThreadCosts, threads: number, side: 'before' | 'after'): string {
  const claim = claimAbout(costs, threads);
  const value = claim?.[side];
  return value === undefined ? '' : `${number(value)} ${claim?.unit ?? ''}`.trim();
}

/** Where the time of the run with most threads goes. */
function runText(runs: readonly ThreadRun[]): string {
  const last = runs.at(-1);
  if (last === undefined) return 'not run';
  const parts = [
    `with ${counted(last.threads, 'thread')}, ${timeText(last.waiting)} waiting for locks`,
    `${timeText(last.broadcasting)} flushing other CPUs`,
    `${timeText(last.answering)} answering their flushes`,
    `${counted(flushesOf(last), 'flush', 'flushes')} in ${counted(last.rounds, 'round')}`,
  ];
  const early = runs.find(({ reason }) => reason !== undefined);
  if (early !== undefined)
    parts.push(`ends early with ${counted(early.threads, 'thread')}: ${terminalText(early.reason!)}`);
  return parts.join(', ');
}

function flushesOf({ counts }: ThreadRun): number {
  return counts.reduce((sum, each) => sum + each['tlb-flush'] + each['tlb-flush-all'], 0);
}

/** Time with most threads against time with fewest: the shape of the table, whatever a nanosecond is. */
function renderGrowth(threads: ThreadCosts, counts: readonly number[], width: number): Line[] {
  const [fewest, most] = [counts[0], counts.at(-1)];
  if (fewest === undefined || most === undefined || fewest === most) return [];
  const modelled = threads.states.map(({ label, call, runs }) => {
    const [first, last] = [runs[0]?.ns ?? null, runs.at(-1)?.ns ?? null];
    return `${label} ${call}() ${timesText(first === null || last === null ? null : last / first)}`;
  });
  const stated = (['before', 'after'] as const).flatMap((side) => {
    const [first, last] = [fewest, most].map(
      (count) => threads.claims.find((claim) => claim.threads === count)?.[side],
    );
    return first === undefined || last === undefined ? [] : [`claimed ${side} ${timesText(last / first)}`];
  });
  return indented(`from ${fewest} to ${most} threads: ${[...modelled, ...stated].join(', ')}`, width);
}
