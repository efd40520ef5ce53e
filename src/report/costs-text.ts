// SPDX-License-Identifier: GPL-2.0-only

import type { CallCost, CallCosts, ComparedClaim, SeriesCosts, StatedClaim } from './costs.ts';
import {
  indented,
  INDENT,
  noFigure,
  number,
  renderPlace,
  signed,
  table,
  timesText,
  timeText,
  verdicts,
} from './cost-words.ts';
import { span, wrapped, type Line, type Style } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';
import { renderThreads } from './thread-costs-text.ts';

/** Differences that a call's table names. */
const MOST_DIFFERENCES = 6;

/** Modelled costs beside claims, for a terminal. */
export function renderCosts(costs: SeriesCosts, width: number): Line[] {
  const title = costs.series ?? `${costs.tree}, as it is`;
  const sections: Line[][] = [
    [
      ...wrapped(terminalText(title), width).map((text): Line => [span(text, 'heading')]),
      [span(`on ${terminalText(costs.tree)}; how it is modelled, and what is not: docs/costs.md`, 'dim')],
    ],
    ...costs.calls.map((call) => renderCall(call, width)),
    ...costs.threads.map((threads) => renderThreads(threads, width)),
    renderOthers(costs.others, width),
  ];
  return sections
    .filter((section) => section.length > 0)
    .flatMap((section, index) => (index === 0 ? section : [[], ...section]));
}

// ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

function renderCall(call: CallCosts, width: number): Line[] {
  const claims = new Map(call.claims.map((claim) => [claim.label, claim]));
  const claimedIn = ({ label }: CallCost): string => timesText(claims.get(label)?.claimed ?? null);
  const rows = [
    ['', ...call.states.map(({ label }) => label)],
    ['modelled', ...call.states.map(({ ns }) => timeText(ns))],
    ['faster', ...call.states.map(({ version, ratio }) => (version === 0 ? '' : timesText(ratio)))],
    ...(call.claims.length === 0 ? [] : [['claimed', ...call.states.map(claimedIn)]]),
  ];
  return [
    ...renderPlace(call, call.measures, width),
    ...table(rows),
    ...call.states.flatMap(({ label, reason }) =>
      reason === undefined ? [] : indented(`${label}: ${terminalText(reason)}`, width, 'unknown'),
    ),
    ...renderDifferences(call.states, width),
    ...call.claims.flatMap((claim) => renderClaim(claim, width)),
  ];
}

/** What the series does less or more of, what makes most of the difference first. */
function renderDifferences(states: readonly CallCost[], width: number): Line[] {
  const [before] = states;
  const after = states.at(-1);
  if (before === undefined || after === undefined || after === before) return [];
  const kinds = [...new Set([...before.parts, ...after.parts].map(({ kind }) => kind))];
  const differences = kinds
    .map((kind) => {
      const [old, now] = [before, after].map(({ parts }) => parts.find((part) => part.kind === kind));
      return { kind, from: old?.count ?? 0, to: now?.count ?? 0, ns: (now?.ns ?? 0) - (old?.ns ?? 0) };
    })
    .filter(({ from, to, ns }) => from !== to && ns !== 0)
    .toSorted((a, b) => Math.abs(b.ns) - Math.abs(a.ns))
    .slice(0, MOST_DIFFERENCES)
    .map(({ kind, from, to, ns }) => `${kind} ${number(from)} → ${number(to)} (${signed(ns)})`);
  if (after.ns === null || before.ns === null) return [];
  const text = differences.length === 0 ? 'nothing that has a weight' : differences.join(', ');
  return indented(`${before.label} → ${after.label}: ${text}`, width, 'dim');
}

// ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

function renderClaim(claim: ComparedClaim, width: number): Line[] {
  const quote = indented(`${claim.label}: “${terminalText(claim.text)}”`, width);
  const { figures, text, style } = claimVerdict(claim);
  return [...quote, [span(`${INDENT}${INDENT}${figures}`), span(text, style)]];
}

/** The two ratios, and how they stand to each other. */
export function claimVerdict({ modelled, agreement, claimed }: ComparedClaim): {
  readonly figures: string;
  readonly text: string;
  readonly style: Style;
} {
  if (agreement === null) {
    const text = claimed === null ? 'claims no ratio' : noFigure.text;
    return { figures: '', text, style: 'unknown' };
  }
  const figures = `modelled ${timesText(modelled)}, claimed ${timesText(claimed)}: `;
  return { figures, ...verdicts[agreement] };
}

function renderOthers(others: readonly StatedClaim[], width: number): Line[] {
  if (others.length === 0) return [];
  return [
    [span('Claimed, and not modelled', 'strong')],
    ...others.flatMap(({ label, text }) => indented(`${label}: “${terminalText(text)}”`, width, 'unknown')),
  ];
}
