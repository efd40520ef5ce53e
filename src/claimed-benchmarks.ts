// SPDX-License-Identifier: GPL-2.0-only

import {
  benchmarkIn,
  benchmarkName,
  usualBenchmarks,
  type CallBenchmark,
  type ThreadBenchmark,
} from './costs/benchmark.ts';
import { tableFor } from './costs/weights/table-list.ts';
import type { StatedClaim } from './report/costs.ts';
import type { ReviewInput } from './review-input.ts';
import { claimsOfVersion, type PlacedClaim } from './series/performance-claims.ts';

/** A benchmark and every claim about it, in the order of versions. */
export interface ClaimedCall {
  readonly benchmark: CallBenchmark;
  readonly machine: string | undefined;
  readonly claims: readonly StatedClaim[];
}

/** Threads, one claim for each number of them. */
export interface ClaimedThreads {
  readonly benchmark: Omit<ThreadBenchmark, 'threads'>;
  readonly machine: string | undefined;
  readonly claims: readonly ThreadClaim[];
}

export type ThreadClaim = StatedClaim & { readonly threads: number };

export interface ClaimedBenchmarks {
  readonly calls: readonly ClaimedCall[];
  readonly threads: readonly ClaimedThreads[];
  /** Claims about something else. */
  readonly others: readonly StatedClaim[];
}

interface OpenGroup<Claim> {
  readonly machine: string | undefined;
  readonly claims: Claim[];
}

/** What the versions claim, by benchmark; the usual benchmarks where they claim nothing that can be run. */
export function claimedBenchmarks({ versions }: ReviewInput): ClaimedBenchmarks {
  const calls = new Map<string, OpenGroup<StatedClaim> & { readonly benchmark: CallBenchmark }>();
  const threads = new Map<string, OpenGroup<ThreadClaim> & { readonly benchmark: ThreadBenchmark }>();
  const others: StatedClaim[] = [];
  for (const { version } of versions) {
    for (const placed of claimsOfVersion(version)) {
      const claim = stated(version.label, placed);
      const { machine } = placed.claim;
      const benchmark = placed.claim.measure === undefined ? benchmarkIn(placed.claim) : undefined;
      if (benchmark === undefined) {
        others.push(claim);
        continue;
      }
      const name = groupName(benchmarkName(benchmark), machine, [...calls.keys(), ...threads.keys()]);
      if (benchmark.kind === 'call') add(groupIn(calls, name, { benchmark, machine }), claim);
      else add(groupIn(threads, name, { benchmark, machine }), { ...claim, threads: benchmark.threads });
    }
  }
  if (calls.size === 0 && threads.size === 0) {
    for (const benchmark of usualBenchmarks) {
      groupIn(calls, benchmarkName(benchmark), { benchmark, machine: undefined });
    }
  }
  return { calls: [...calls.values()], threads: [...threads.values()], others };
}

/**
 * One group for a benchmark on each kind of machine that there are weights for; a claim that names none of those is
 * about the machine of the first claim.
 */
function groupName(benchmark: string, machine: string | undefined, known: readonly string[]): string {
  const table = machine === undefined ? undefined : tableFor(machine);
  if (table !== undefined) return `${benchmark} on ${table.name}`;
  return known.find((name) => name.startsWith(`${benchmark} on `)) ?? `${benchmark} on any`;
}

/** A version that says the same figure twice, in its cover letter and in a patch, claims it once. */
function add<Claim extends StatedClaim & { readonly threads?: number }>(
  { claims }: OpenGroup<Claim>,
  claim: Claim,
): void {
  const said = claims.some(
    ({ label, threads, claimed }) =>
      label === claim.label && threads === claim.threads && claimed === claim.claimed,
  );
  if (!said) claims.push(claim);
}

function groupIn<Claim, Benchmark>(
  groups: Map<string, OpenGroup<Claim> & { readonly benchmark: Benchmark }>,
  name: string,
  first: { readonly benchmark: Benchmark; readonly machine: string | undefined },
): OpenGroup<Claim> {
  let group = groups.get(name);
  if (group === undefined) {
    group = { ...first, claims: [] };
    groups.set(name, group);
  }
  return group;
}

function stated(label: string, { patch, messageId, claim }: PlacedClaim): StatedClaim {
  const { text, line, machine, before, after, unit, ratio, factor } = claim;
  return {
    label,
    patch,
    ...(messageId === undefined ? {} : { messageId }),
    line,
    text,
    ...(machine === undefined ? {} : { machine }),
    claimed: ratio ?? factor ?? null,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(unit === undefined ? {} : { unit }),
  };
}
