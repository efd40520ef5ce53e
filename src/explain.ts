// SPDX-License-Identifier: GPL-2.0-only

import type { WithDiagnostics } from './base/diagnostic.ts';
import { claimNoChange } from './invariants/claim/no-change.ts';
import { invariants } from './invariants/invariant-list.ts';
import { replayOpened } from './replay.ts';
import { firstDivergence, type Divergence } from './explain-divergence.ts';
import { hunkFor } from './explain-hunk.ts';
import type { ExplainedFrame, Explanation, SourceLine } from './report/explanation.ts';
import type { Replay, ReplayedViolation } from './report/replay.ts';
import type { Finding, Review } from './report/review-schema.ts';
import { versionOption } from './review-findings.ts';
import { openState, refusal, type OneState } from './review-one-state.ts';
import { baseState, statesOf, type SourceState } from './review-states.ts';
import type { TraceEvent } from './trace/events.ts';
import { EventPrinter } from './trace/print-events.ts';

/** Lines of source that are quoted on each side of the place that the finding names, and of the other frames. */
const CONTEXT = { named: 3, others: 0 };

/** Callers that are quoted. */
const MOST_FRAMES = 12;

/** What the reader of an explanation follows: calls, stores around the guilty one, flushes, warnings. */
const TOLD: readonly TraceEvent['kind'][] = [
  'operation',
  'return',
  'cache-flush',
  'tlb-flush',
  'warn',
  'fault',
  'fuel',
];
const MOST_EVENTS = 14;

/** Explains a finding of a review by running its scenario again. `id` may be cut short while it is unique. */
export async function explain(review: Review, id: string): Promise<WithDiagnostics<Explanation | undefined>> {
  const exact = review.findings.filter((each) => each.id === id);
  const found = exact.length > 0 ? exact : review.findings.filter((each) => each.id.startsWith(id));
  if (found.length !== 1) {
    const ids = (found.length > 1 ? found : review.findings).map((each) => each.id).join(', ');
    const message =
      found.length > 1
        ? `\`${id}\` may be ${ids}`
        : `no finding is called \`${id}\`; there are ${ids || 'none'}`;
    return refusal('review/no-finding', message);
  }
  const finding = found[0]!;
  const opened = await openState({
    machine: finding.machine,
    tree: review.tree.title,
    series: finding.version === 0 && review.series === null ? [] : (review.series?.sources ?? []),
    pick: review.series?.pick,
    version: finding.version === 0 ? undefined : versionOption(finding),
    patch: finding.patch,
  });
  if (opened.value === undefined) return { value: undefined, diagnostics: opened.diagnostics };
  const run =
    finding.scenario === '' ? undefined : replayOpened(opened.value, finding.scenario, isFromTree(review));
  return { value: explanationOf(review, finding, opened.value, run), diagnostics: opened.diagnostics };
}

/** Where the finding's case first does otherwise than before the patch. */
function divergenceOf(
  review: Review,
  finding: Finding,
  after: OneState,
  until: number,
): Divergence | undefined {
  const { input, machine } = after;
  const patch = finding.patch - 1;
  const state =
    patch === 0
      ? baseState(input)
      : statesOf(input).find((each) => each.label === finding.label && each.patch === patch);
  if (state === undefined) return undefined;
  return firstDivergence([{ input, machine, state }, after], finding.scenario, isFromTree(review), until);
}

/** Whether the review bound everything to the tree's C though a series was there. */
function isFromTree({ mode, series }: Review): boolean {
  return mode === 'from-tree' && series !== null;
}

function explanationOf(
  review: Review,
  finding: Finding,
  opened: OneState,
  run: Replay | undefined,
): Explanation {
  const { input, state } = opened;
  const promised = finding.breaks?.[0] ?? finding.invariant;
  const invariant = invariants.find(({ id }) => id === promised)!;
  const violation = run === undefined ? undefined : violationOf(finding, promised, run);
  const frames = violation === undefined || violation.stack.length === 0 ? [finding.where] : violation.stack;
  const patch = input.versions
    .find(({ version }) => version.label === finding.label)
    ?.version.patches.find(({ index }) => index === finding.patch);
  const from = Math.max(
    0,
    frames.findIndex((frame) => isAt(frame, finding.where)),
  );
  // What a patch changes that says it changes nothing breaks no promise of the run itself.
  const until = violation?.event ?? (run !== undefined && promised === claimNoChange.id ? Infinity : -1);
  const divergence = (): Divergence | undefined =>
    until < 0 ? undefined : divergenceOf(review, finding, opened, until);
  const hunk = patch === undefined ? undefined : hunkFor(patch, frames.slice(from), divergence);
  return {
    finding,
    tree: state.tree.title,
    promise: invariant.promise,
    why: invariant.why,
    source: invariant.source,
    events: run === undefined || violation === undefined ? [] : toldEvents(run, violation),
    expected: violation?.expected ?? finding.expected,
    seen: violation?.seen ?? finding.seen,
    stack: explainedFrames(frames.slice(0, MOST_FRAMES), finding, state),
    ...(violation?.drawing === undefined ? {} : { drawing: violation.drawing }),
    ...(hunk === undefined ? {} : { hunk }),
  };
}

function violationOf(
  { where }: Finding,
  promised: string,
  { violations }: Replay,
): ReplayedViolation | undefined {
  const broken = violations.filter(({ invariant }) => invariant === promised);
  return (
    broken.find((each) => each.where.function === where.function && each.where.line === where.line) ??
    broken[0]
  );
}

/** The events that matter, and the stores just before the one that broke the promise. */
function toldEvents(
  { events, machine }: Replay,
  { event: guilty }: ReplayedViolation,
): Explanation['events'] {
  const printer = new EventPrinter(machine);
  const near = events
    .flatMap((event, n) => (event.kind === 'table-write' && n < guilty ? [n] : []))
    .slice(-4);
  const told = events.flatMap((event, n) =>
    n === guilty || near.includes(n) || (n < guilty && TOLD.includes(event.kind)) ? [n] : [],
  );
  return told.slice(-MOST_EVENTS).map((n) => ({ text: printer.print(events[n]!, n), guilty: n === guilty }));
}

/** The frame that the finding names is quoted with what stands around it, the others with their line. */
function explainedFrames(
  frames: readonly ReplayedViolation['where'][],
  { where }: Finding,
  state: SourceState,
): ExplainedFrame[] {
  const named = Math.max(
    0,
    frames.findIndex((frame) => isAt(frame, where)),
  );
  return frames.map((frame, index) => {
    const { file, line } = frame;
    const text = file === undefined || line === undefined ? undefined : state.tree.read(file)?.split('\n');
    const context = index === named ? CONTEXT.named : CONTEXT.others;
    return { ...frame, code: text === undefined ? [] : around(text, line!, context) };
  });
}

function isAt(frame: ReplayedViolation['where'], where: Finding['where']): boolean {
  return frame.function === where.function && frame.line === where.line;
}

function around(lines: readonly string[], line: number, context: number): SourceLine[] {
  let first = Math.max(1, line - context);
  // What stands above a function's head is about its callers.
  while (first < line && /^\s*(?:\/\*|\*|$)/.test(lines[first - 1]!)) first++;
  const last = Math.min(lines.length, line + context);
  return Array.from({ length: last - first + 1 }, (_, offset) => ({
    line: first + offset,
    text: lines[first + offset - 1]!,
    here: first + offset === line,
  }));
}
