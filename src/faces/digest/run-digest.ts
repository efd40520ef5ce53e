// SPDX-License-Identifier: GPL-2.0-only

import { digest, type MadeDigest } from '../../digest.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { openKeptResults } from '../../kept-results.ts';
import { poolRunner } from '../../review-pool.ts';
import { EXIT_STATUS, type ExitStatus } from '../cli/exit-status.ts';
import { hasColours, printDiagnostics, printRefusal, widthOf } from '../cli/print.ts';
import { ProgressLine } from '../cli/progress.ts';
import {
  issueAfter,
  markOf,
  NOTHING_TOLD,
  readState,
  writeState,
  writeWhole,
  type DigestState,
} from './digest-state.ts';
import { parseMoment } from './period.ts';
import { writeDigest, type Format } from './print-digest.ts';

/** Columns of a text that goes to a file. */
const FILE_COLUMNS = 80;

export interface DigestOptions {
  readonly since?: string;
  readonly until?: string;
  readonly format: Format;
  readonly tree?: string;
  readonly machine?: readonly string[];
  readonly scenarios: number;
  readonly seed: number;
  readonly jobs: number;
  readonly cache: boolean;
  /** Seconds. */
  readonly timeBudget: number;
  readonly state?: string;
  readonly output?: string;
  readonly from: string;
  readonly to?: readonly string[];
  readonly html?: true;
  readonly rfc1153?: true;
}

/** The verb: reads, writes the digest, and only then remembers what it told. */
export async function runDigest(sources: readonly string[], options: DigestOptions): Promise<ExitStatus> {
  const now = Date.now();
  const period = periodOf(options, now);
  if ('refusal' in period) return refuse(period.refusal);
  const state = options.state === undefined ? undefined : readState(options.state);
  if (state !== undefined && state.value === undefined) return refuse(state.diagnostics[0]!);
  const before: DigestState = state?.value ?? NOTHING_TOLD;
  const made = await make(sources, options, period, before, now);
  if (made.value === undefined) return refuse(made.diagnostics[0]!);
  printDiagnostics(process.stderr, made.diagnostics);
  const { format, from, to = [], html = false, rfc1153 = false } = options;
  // Without a state nobody counts.
  const issue = state === undefined || !rfc1153 ? undefined : issueAfter(before.lastIssue, now);
  const mail = { from, to, html, rfc1153, issue, now, inReplyTo: before.lastDigest };
  const text =
    options.output === undefined
      ? { width: widthOf(process.stdout, process.env), colours: hasColours(process.stdout, process.env) }
      : { width: FILE_COLUMNS, colours: false };
  const written = await writeDigest(made.value.digest, format, text, mail);
  // A mail that tells nothing is none.
  const isEmpty = format === 'mail' && made.value.digest.series.length === 0;
  if (isEmpty) return EXIT_STATUS.nothingFound;
  const undelivered = await writing(options.output, () => deliver(written.text, options.output));
  if (undelivered !== undefined) return refuse(undelivered);
  const { state: file } = options;
  if (file === undefined) return EXIT_STATUS.nothingFound;
  const told = [...before.told, ...made.value.told.map(markOf)];
  const mirrors = nowKnown(before, made.value.mirrors, period);
  const since = mirrors.size === 0 ? undefined : (period.since ?? before.since);
  const forgotten = await writing(file, () => {
    const lastDigest = written.messageId ?? before.lastDigest;
    writeState(file, { told, lastDigest, lastIssue: issue ?? before.lastIssue, mirrors, since });
  });
  return forgotten === undefined ? EXIT_STATUS.nothingFound : refuse(forgotten);
}

/** The mirrors that are known to their end from now on: where a period ends before that, as before. */
function nowKnown(
  before: DigestState,
  read: ReadonlyMap<string, string>,
  { until }: Period,
): ReadonlyMap<string, string> {
  return until === undefined ? new Map([...before.mirrors, ...read]) : before.mirrors;
}

/** What the system says against writing, as a diagnostic. */
async function writing(
  file: string | undefined,
  write: () => void | Promise<void>,
): Promise<Diagnostic | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const message = `it cannot be written (${code})`;
    return { code: 'digest/cannot-write', severity: 'error', message, where: { file: file ?? 'stdout' } };
  }
}

function refuse(why: Diagnostic): ExitStatus {
  printRefusal(process.stderr, [why]);
  return EXIT_STATUS.badInput;
}

interface Period {
  readonly since: string | undefined;
  readonly until: string | undefined;
}

function periodOf({ since, until }: DigestOptions, now: number): Period | { readonly refusal: Diagnostic } {
  const from = since === undefined ? undefined : parseMoment(since, now, false);
  const to = until === undefined ? undefined : parseMoment(until, now, true);
  const bad = (name: string, text: string): { refusal: Diagnostic } => {
    const message = `--${name} is no moment: \`${text}\`; write 2026-05-21, 2026-05-21T12:00Z, or 7d`;
    return { refusal: { code: 'digest/bad-period', severity: 'error', message } };
  };
  if (since !== undefined && from === undefined) return bad('since', since);
  if (until !== undefined && to === undefined) return bad('until', until);
  if (from !== undefined && to !== undefined && from >= to) {
    const message = `the period is empty: it begins at ${from} and ends at ${to}`;
    return { refusal: { code: 'digest/bad-period', severity: 'error', message } };
  }
  return { since: from, until: to };
}

async function make(
  sources: readonly string[],
  options: DigestOptions,
  period: Period,
  before: DigestState,
  now: number,
): Promise<{ readonly value: MadeDigest | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  const { tree, machine: machines, scenarios, seed, jobs, cache, timeBudget } = options;
  const told = new Set(before.told);
  const progress = new ProgressLine(process.stderr);
  const isReported = (key: string): boolean => told.has(markOf(key));
  const request = {
    sources,
    tree,
    machines,
    scenarios,
    seed,
    ...period,
    newsFrom: before.since,
    known: before.mirrors,
    isReported,
  };
  const bounds = {
    runJobs: poolRunner(jobs, () => undefined, { kept: cache ? openKeptResults(process.env) : undefined }),
    isTimeUp: () => Date.now() - now >= timeBudget * 1000,
  };
  try {
    return await digest(request, bounds, (done, total) => progress.show(`${done} of ${total} series`));
  } finally {
    progress.clear();
  }
}

/** Resolves once the text lies where it should: only then may it be taken as told. */
async function deliver(text: string, output: string | undefined): Promise<void> {
  if (output !== undefined) {
    writeWhole(output, text);
    return;
  }
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
