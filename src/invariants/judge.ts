// SPDX-License-Identifier: GPL-2.0-only
import type { EventSequence, TraceEvent } from '../trace/events.ts';
import { OperationJournal } from '../trace/operation-journal.ts';
import type { Trace } from '../trace/trace.ts';
import { type Invariant, type Observer, type Outcome, Verdict } from './invariant.ts';
import { invariants } from './invariant-list.ts';
import { type JudgedOperation, JudgedRun } from './judged-run.ts';

type Handler = (event: TraceEvent, n: number) => void;

/**
 * Holds a trace against every promise that applies to its machine: one pass over the events, one fold for all.
 *
 * An operation that does not return (the C code faulted, ran out of fuel, or met something that is not modelled) ends
 * the judgement: what it left half done is no finding, and neither is what follows from it.
 */
export function judge(trace: Trace, among: readonly Invariant[] = invariants): Map<string, Outcome> {
  const run = new JudgedRun(trace);
  const verdicts = new Map<string, Verdict>();
  const handlers = new Map<string, Handler[]>();
  const ends: ((complete: boolean) => void)[] = [];
  for (const invariant of among) {
    if (invariant.begin === undefined || !invariant.appliesTo(trace.machine)) continue;
    const verdict = new Verdict(invariant, run);
    verdicts.set(invariant.id, verdict);
    const { end, ...observer } = invariant.begin(run, verdict);
    if (end !== undefined) ends.push(end);
    subscribe(handlers, observer);
  }
  const complete = pass(trace.events, run, handlers);
  for (const end of ends) end(complete);
  return verdicts;
}

function subscribe(handlers: Map<string, Handler[]>, observer: Observer): void {
  for (const [kind, handler] of Object.entries(observer)) {
    const list = handlers.get(kind);
    if (list === undefined) handlers.set(kind, [handler as Handler]);
    else list.push(handler as Handler);
  }
}

/** Returns whether every operation returned. */
function pass(events: EventSequence, run: JudgedRun, handlers: Map<string, Handler[]>): boolean {
  const open: JudgedOperation[] = [];
  for (let n = 0; n < events.length; n++) {
    const event = events.at(n)!;
    if (event.kind === 'operation') {
      if (open.some((operation) => operation.event.cpu === event.cpu)) return false;
      open.push(begun(run, event, n, open));
    } else if (event.kind === 'return') {
      run.operation = open.find((operation) => operation.event.operation === event.operation);
    }
    run.step(event, n);
    if (run.operation !== undefined) note(run.operation, event);
    for (const handler of handlers.get(event.kind) ?? []) handler(event, n);
    if (event.kind === 'return') returned(run, open);
    if (isFatal(event)) return false;
  }
  return open.length === 0;
}

function note(operation: JudgedOperation, event: TraceEvent): void {
  if (event.kind === 'alloc-failure') {
    operation.refusals++;
    if ((event.order ?? 0) > 0) operation.largeRefusals++;
  } else if (event.kind === 'warn') operation.warned = true;
}

function begun(
  run: JudgedRun,
  event: Extract<TraceEvent, { kind: 'operation' }>,
  n: number,
  open: readonly JudgedOperation[],
): JudgedOperation {
  const alone = open.length === 0;
  for (const other of open) other.alone = false;
  const journal = new OperationJournal();
  const { intent } = event;
  const legal = run.isLegal(intent);
  if (!legal && intent.kind === 'protect' && intent.beyond !== true) run.misused = true;
  const operation = { event, n, intent, journal, alone, legal, refusals: 0, largeRefusals: 0, warned: false };
  run.state.tables.journal = journal;
  run.operation = operation;
  return operation;
}

function returned(run: JudgedRun, open: JudgedOperation[]): void {
  const index = open.findIndex((operation) => operation === run.operation);
  if (index >= 0) open.splice(index, 1);
  run.returned = run.operation;
  run.operation = open.at(-1);
  run.state.tables.journal = run.operation?.journal;
}

/** The operation will not return. */
function isFatal(event: TraceEvent): boolean {
  return event.kind === 'fault' || event.kind === 'fuel' || (event.kind === 'warn' && event.call === 'BUG');
}
