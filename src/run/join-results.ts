// SPDX-License-Identifier: GPL-2.0-only
import type { ExecutedLines } from './execution-record.ts';
import type { JobResult, JobViolation, ReasonCount } from './job.ts';

/**
 * The results of two jobs on the same source as if their scenarios had been one job's, the second's behind the first's.
 * @param offset how many scenarios the first had
 */
export function joinResults(first: JobResult, second: JobResult, offset: number): JobResult {
  const known = new Set(first.bindings.map(({ name }) => name));
  const twins = first.twins?.map((twin, i) => {
    const other = second.twins?.[i];
    return other === undefined ? twin : joinResults(twin, other, offset);
  });
  const timedOut = first.timedOut ?? second.timedOut;
  return {
    bindings: [...first.bindings, ...second.bindings.filter(({ name }) => !known.has(name))],
    untranslated: first.untranslated,
    diagnostics: first.diagnostics,
    scenariosRun: first.scenariosRun + second.scenariosRun,
    unjudged: [...first.unjudged, ...second.unjudged.map((index) => index + offset)],
    behaviours: [...first.behaviours, ...second.behaviours],
    notModelled: joinReasons(first.notModelled, second.notModelled),
    notReached: joinReasons(first.notReached, second.notReached),
    lines: joinLines(first.lines, second.lines),
    ...(timedOut !== undefined && { timedOut }),
    outcomes: joinOutcomes(first.outcomes, second.outcomes),
    violations: joinViolations(first.violations, second.violations, offset),
    ...(twins !== undefined && { twins }),
  };
}

function joinReasons(a: readonly ReasonCount[], b: readonly ReasonCount[]): readonly ReasonCount[] {
  const counts = new Map(a.map(({ reason, count }) => [reason, count]));
  for (const { reason, count } of b) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));
}

/** A line is executed if either job did so. */
function joinLines(a: readonly ExecutedLines[], b: readonly ExecutedLines[]): readonly ExecutedLines[] {
  const keyOf = ({ file, function: name }: ExecutedLines): string => `${file} ${name}`;
  const others = new Map(b.map((lines) => [keyOf(lines), lines]));
  const joined = a.map((lines): ExecutedLines => {
    const other = others.get(keyOf(lines));
    if (other === undefined) return lines;
    others.delete(keyOf(lines));
    const executed = [...new Set([...lines.executed, ...other.executed])].toSorted((x, y) => x - y);
    return { ...lines, executed, missed: lines.missed.filter((line) => !executed.includes(line)) };
  });
  return [...joined, ...others.values()];
}

function joinOutcomes(a: JobResult['outcomes'], b: JobResult['outcomes']): JobResult['outcomes'] {
  const none = { exercised: 0, violated: 0 };
  return Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((id) => {
      const [one, other] = [a[id] ?? none, b[id] ?? none];
      return [
        id,
        { exercised: one.exercised + other.exercised, violated: one.violated + other.violated },
      ] as const;
    }),
  );
}

/** What both show in one place stays what the first shows, in more scenarios. */
function joinViolations(
  a: readonly JobViolation[],
  b: readonly JobViolation[],
  offset: number,
): readonly JobViolation[] {
  const keyOf = ({ invariant, where }: JobViolation): string =>
    JSON.stringify([invariant, where.file, where.function, where.line]);
  const others = new Map(
    b.map((each) => [keyOf(each), { ...each, scenarios: each.scenarios.map((index) => index + offset) }]),
  );
  const joined = a.map((each): JobViolation => {
    const other = others.get(keyOf(each));
    if (other === undefined) return each;
    others.delete(keyOf(each));
    return {
      ...each,
      count: each.count + other.count,
      scenarios: [...each.scenarios, ...other.scenarios],
      events: [...each.events, ...other.events],
    };
  });
  return [...joined, ...others.values()];
}
