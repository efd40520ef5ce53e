// SPDX-License-Identifier: GPL-2.0-only

import type { TraceEvent } from '../trace/events.ts';
import { EventPrinter } from '../trace/print-events.ts';
import type { Replay, ReplayedViolation } from './replay.ts';
import { counted, span, wrapped, type Line, type Style } from './styled-text.ts';

export interface ReplayTextOptions {
  readonly width: number;
  /** Every event; otherwise what callers, translations and caches are about, with long rows of stores cut short. */
  readonly allEvents: boolean;
}

/** Bookkeeping that a reader of page tables skips. */
const QUIET: readonly TraceEvent['kind'][] = [
  'walk',
  'alloc',
  'free',
  'page',
  'barrier',
  'lock',
  'scope',
  'access',
];

/** Stores to one level in a row: the first and the last few of them are shown. */
const SHOWN_OF_ROW = 3;

const INDENT = '    ';

/** The trace of a scenario and what every promise makes of it. */
export function renderReplay(replay: Replay, { width, allEvents }: ReplayTextOptions): Line[] {
  return [
    [span(replay.scenario, 'command')],
    [span(`${replay.tree} on ${replay.machine.name}`, 'dim')],
    [],
    ...renderEvents(replay, allEvents),
    ...renderEnd(replay),
    [],
    ...replay.violations.flatMap((violation) => [...renderViolation(violation, width), []]),
    ...renderVerdict(replay, width),
  ];
}

function renderEvents({ events, machine, violations }: Replay, all: boolean): Line[] {
  const printer = new EventPrinter(machine);
  const guilty = new Set(violations.map(({ event }) => event));
  const shown = [...events.entries()].filter(
    ([n, event]) => all || guilty.has(n) || !QUIET.includes(event.kind),
  );
  const lines: Line[] = [];
  for (let at = 0; at < shown.length;) {
    const end = all ? at + 1 : endOfRow(shown, at, guilty);
    const row = shown.slice(at, end);
    const long = row.length > 2 * SHOWN_OF_ROW;
    const print = ([n, event]: [number, TraceEvent]): void => {
      lines.push([span(printer.print(event, n), guilty.has(n) ? 'bad' : styleOf(event))]);
    };
    (long ? row.slice(0, SHOWN_OF_ROW) : row).forEach(print);
    if (long) {
      lines.push([span(`  … ${row.length - 2 * SHOWN_OF_ROW} more like these`, 'dim')]);
      row.slice(-SHOWN_OF_ROW).forEach(print);
    }
    at = end;
  }
  return lines;
}

/** The end of the row of stores to one level that begins at `at`; an event that broke a promise stands alone. */
function endOfRow(shown: readonly [number, TraceEvent][], at: number, guilty: ReadonlySet<number>): number {
  const [, first] = shown[at]!;
  if (first.kind !== 'table-write') return at + 1;
  let end = at + 1;
  for (; end < shown.length; end++) {
    const [n, event] = shown[end]!;
    if (event.kind !== 'table-write' || event.level !== first.level || guilty.has(n)) break;
  }
  return end;
}

function styleOf({ kind }: TraceEvent): Style | undefined {
  if (kind === 'operation' || kind === 'return') return 'strong';
  if (kind === 'warn' || kind === 'fault' || kind === 'fuel') return 'bad';
  return undefined;
}

function renderEnd({ end, reason, notReached }: Replay): Line[] {
  const lines: Line[] = notReached.map(({ operation, reason: why }) => [
    span(`operation ${operation} was not called: ${why}`, 'unknown'),
  ]);
  if (end === 'not-modelled') lines.push([span(`not modelled: ${reason ?? ''}`, 'unknown')]);
  if (end === 'faulted') lines.push([span('the code faulted, and the scenario ends there', 'bad')]);
  if (end === 'out-of-fuel') lines.push([span('a loop did not end, and the scenario ends there', 'bad')]);
  return lines;
}

function renderViolation(violation: ReplayedViolation, width: number): Line[] {
  const { invariant, severity, event, expected, seen, code, stack, where, drawing } = violation;
  const row = (label: string, text: string): Line[] =>
    wrapped(text, width - INDENT.length - 10).map((part, index) => [
      span(`${INDENT}${(index === 0 ? label : '').padEnd(10)}`, 'dim'),
      span(part),
    ]);
  return [
    [
      span(invariant, 'strong'),
      span('  '),
      span(severity, severity === 'bug' ? 'bad' : 'warn'),
      span(`  broken by E${event}`),
    ],
    ...row('expected', expected),
    ...row('seen', seen),
    ...(stack.length === 0 ? [where] : stack).map((frame, index): Line => [
      span(`${INDENT}${(index === 0 ? 'in' : 'from').padEnd(10)}`, 'dim'),
      span(
        frame.file === undefined
          ? `${frame.function}()`
          : `${frame.function}()  ${frame.file}:${frame.line ?? 0}`,
      ),
    ]),
    ...(code === undefined ? [] : row('line', code)),
    ...(drawing === undefined ? [] : drawing.split('\n').map((line): Line => [span(INDENT + line)])),
  ];
}

function renderVerdict({ exercised, violations, end }: Replay, width: number): Line[] {
  const broken = new Set(violations.map(({ invariant }) => invariant));
  const kept = exercised.filter(({ invariant }) => !broken.has(invariant));
  const names = kept.map(({ invariant, count }) => `${invariant} (${count})`).join(', ');
  const lines: Line[] =
    names === '' ? [] : wrapped(`hold: ${names}`, width).map((text) => [span(text, 'good')]);
  if (broken.size > 0) return [...lines, [span(`${counted(broken.size, 'promise')} broken`, 'bad')]];
  if (end !== 'completed') return lines;
  return [...lines, [span(kept.length === 0 ? 'nothing was put to the test' : 'nothing broken')]];
}
