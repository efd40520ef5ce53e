// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import type { JobViolation } from './run/job.ts';
import type { Defect, MergedDefect } from './review-defects.ts';
import { groupedBy } from './base/grouped.ts';
import { changedOnTheWay, type ChangedFunction } from './review-changed-functions.ts';
import { areLeftAlike, whatTheyFollow } from './review-consequences.ts';
import { replayCommand } from './report/replay-command.ts';
import type { Finding, State } from './report/review-schema.ts';

/** The defects of one version on one machine; the base is version 0. */
export interface VersionDefects {
  readonly version: number;
  readonly label: string;
  readonly machine: string;
  readonly defects: readonly Defect[];
  /** By invariant: scenarios that fail after the last patch. */
  readonly failingAtTip: ReadonlyMap<string, ReadonlySet<number>>;
}

export interface FindingContext {
  /** As `--tree` takes it. */
  readonly tree: string;
  readonly sources: readonly string[];
  readonly pick?: string | undefined;
  readonly fromTree: boolean;
  subjectOf(label: string, patch: number): string | undefined;
  /** Functions that the patch changes, brings or renames. */
  changedBy(label: string, patch: number): readonly ChangedFunction[];
}

type FixedIn = Finding['fixedIn'];

/** All findings: those of the base first, then version by version in order of patches. */
export function makeFindings(versions: readonly VersionDefects[], context: FindingContext): Finding[] {
  const merged = [...groupedBy(versions, ({ label }) => label).values()].flatMap(mergeMachines);
  const shown = merged.filter(({ version, defect }) => version === 0 || defect.kind !== 'inherited');
  const roots = whatTheyFollow(shown);
  const leaders = new Map([...roots].filter(([one, root]) => areLeftAlike(root, one)));
  const names = defectNames(shown, leaders);
  const findings = shown.map((one): Finding => {
    const defect = names.get(one)!;
    const root = roots.get(one);
    const follows = root && `${one.label}-${names.get(root)!}`;
    const ids = { id: `${one.label}-${defect}`, defect, ...(follows !== undefined && { follows }) };
    const alike = shown.filter((each) => each === one || leaders.get(each) === one);
    return finding(one, ids, fixedIn(alike, versions), context);
  });
  return mergeRepaired(findings);
}

function mergeMachines(machines: readonly VersionDefects[]): MergedDefect[] {
  const all = machines.flatMap(({ version, label, machine, defects }) =>
    defects.map((defect) => ({ version, label, machine, defect })),
  );
  const groups = groupedBy(all, ({ defect: { invariant, kind, patch, repairedBy, violation } }) => {
    const { file, line, function: name } = violation.where;
    return JSON.stringify([invariant, kind, patch, repairedBy, file, line, name]);
  });
  return [...groups.values()]
    .map((on): MergedDefect => ({ version: on[0]!.version, label: on[0]!.label, defect: on[0]!.defect, on }))
    .toSorted((a, b) => a.defect.patch - b.defect.patch);
}

/** The first later version in which none of the scenarios fails any more that show one of these defects of a version. */
function fixedIn(alike: readonly MergedDefect[], versions: readonly VersionDefects[]): FixedIn {
  const labels = [...new Set(versions.map(({ label }) => label))];
  const later = labels.slice(labels.indexOf(alike[0]!.label) + 1);
  const on = alike.flatMap((one) => one.on);
  const label = later.find(
    (each) => !on.some(({ machine, defect }) => isIn(versions, each, machine, defect)),
  );
  if (label === undefined) return undefined;
  return { version: versions.find((each) => each.label === label)!.version, label };
}

function isIn(versions: readonly VersionDefects[], label: string, machine: string, defect: Defect): boolean {
  const there = versions.find((each) => each.label === label && each.machine === machine);
  const { invariant, scenarios, kind, repairedBy } = defect;
  // A later version may break in its middle what this one does.
  const isBrought = (each: Defect): boolean =>
    each.invariant === invariant &&
    each.kind === 'brought' &&
    (repairedBy !== undefined || each.repairedBy === undefined);
  const brought = new Set(there?.defects.flatMap((each) => (isBrought(each) ? [...each.scenarios] : [])));
  const base = versions.find((each) => each.version === 0 && each.machine === machine);
  // What the tree breaks too says nothing of a defect that a patch brought.
  const inBase = kind === 'brought' ? base?.failingAtTip.get(invariant) : undefined;
  const isFailing = (scenario: number): boolean =>
    brought.has(scenario) ||
    (repairedBy === undefined &&
      there?.failingAtTip.get(invariant)?.has(scenario) === true &&
      inBase?.has(scenario) !== true);
  const still = [...scenarios].filter(isFailing).length;
  // What a patch left undone counts as done when a later version does part of it.
  return kind === 'left' ? still === scenarios.size : still > 0;
}

/**
 * A name for each defect that versions which share it have in common: the place where it was first seen.
 * @param leaders of what several calls leave in the same way: the one below which it is told, whose name all of it has
 */
function defectNames(
  all: readonly MergedDefect[],
  leaders: ReadonlyMap<MergedDefect, MergedDefect>,
): Map<MergedDefect, string> {
  const names = new Map<MergedDefect, string>();
  for (const [index, one] of all.entries()) {
    const before = all.slice(0, index);
    const taken = new Set(before.filter(({ label }) => label === one.label).map((each) => names.get(each)));
    const known = before
      .filter((earlier) => earlier.label !== one.label && earlier.version > 0 && isSameDefect(earlier, one))
      .map((earlier) => names.get(leaders.has(one) ? earlier : (leaders.get(earlier) ?? earlier))!)
      .findLast((name) => !taken.has(name));
    const own = ownName(one.defect);
    let name = known ?? own;
    for (let n = 2; taken.has(name); n++) name = `${own}-${n}`;
    names.set(one, name);
  }
  return names;
}

function isSameDefect(a: MergedDefect, b: MergedDefect): boolean {
  const { invariant, kind, repairedBy } = a.defect;
  if (invariant !== b.defect.invariant || kind !== b.defect.kind) return false;
  if ((repairedBy === undefined) !== (b.defect.repairedBy === undefined)) return false;
  return a.on.some((left) =>
    b.on.some(
      (right) =>
        left.machine === right.machine &&
        [...right.defect.scenarios].some((scenario) => left.defect.scenarios.has(scenario)),
    ),
  );
}

function ownName({ invariant, code, violation }: Defect): string {
  const text = `${invariant}\n${violation.where.function}\n${code?.trim() ?? ''}`;
  return `${invariant.replaceAll('/', '-')}-${createHash('sha256').update(text).digest('hex').slice(0, 6)}`;
}

function finding(
  one: MergedDefect,
  names: Pick<Finding, 'id' | 'defect' | 'follows'>,
  fixed: FixedIn,
  context: FindingContext,
): Finding {
  const { version, label, on } = one;
  const { machine, defect } = smallest(on);
  const { violation, patch, repairedBy, invariant, kind } = defect;
  const subject = context.subjectOf(label, patch);
  const inBase = kind !== 'brought';
  const changed = inBase ? undefined : changedOnTheWay(violation, context.changedBy(label, patch));
  const status =
    version === 0 || (inBase && fixed === undefined)
      ? 'pre-existing'
      : fixed === undefined
        ? 'introduced'
        : 'fixed-later';
  return {
    ...names,
    invariant: repairedBy === undefined ? invariant : 'bisect',
    ...(repairedBy === undefined ? {} : { breaks: [invariant] }),
    severity: violation.severity,
    version,
    label,
    patch,
    ...(subject === undefined ? {} : { subject }),
    status,
    ...(fixed === undefined ? {} : { fixedIn: fixed }),
    ...(repairedBy === undefined ? {} : { repairedBy }),
    inBase,
    machine,
    machines: on.map((each) => each.machine),
    where: violation.where,
    ...(defect.code === undefined ? {} : { code: defect.code.trim() }),
    ...(changed === undefined ? {} : { changed }),
    stack: violation.stack.map(({ function: name, file, line }) => ({
      function: name,
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
    })),
    count: on.reduce((sum, each) => sum + each.defect.scenarios.size, 0),
    scenario: violation.scenario,
    ...(violation.atEnd === undefined ? {} : { atEnd: violation.atEnd }),
    replay: replayOf({ version, label, patch }, violation, machine, context),
    expected: violation.expected,
    seen: violation.seen,
    ...(violation.addr === undefined ? {} : { addr: violation.addr }),
  };
}

/** The machine with the shortest scenario; the first of those. */
function smallest(on: MergedDefect['on']): MergedDefect['on'][number] {
  return on.reduce((best, each) =>
    each.defect.violation.scenario.length < best.defect.violation.scenario.length ? each : best,
  );
}

function replayOf(
  { version, label, patch }: State,
  violation: JobViolation,
  machine: string,
  { tree, sources, pick, fromTree }: FindingContext,
): string {
  const { scenario } = violation;
  if (version === 0) return replayCommand({ scenario, machine, tree, fromTree });
  const series = { sources, pick, version: versionOption({ version, label }), patch };
  return replayCommand({ scenario, machine, tree, fromTree, series });
}

/** As `--version` takes it. */
export function versionOption({ version, label }: { version: number; label: string }): string {
  return label === `v${version}` ? String(version) : label;
}

/** One patch that breaks several promises until a later one repairs them is one finding of `bisect`. */
function mergeRepaired(findings: readonly Finding[]): Finding[] {
  const gravity = ['bug', 'risk', 'cost'];
  const groups = groupedBy(findings, ({ id, label, patch, repairedBy }) =>
    repairedBy === undefined ? id : `${label} ${patch} ${repairedBy}`,
  );
  return [...groups.values()].map((group) => {
    const [first, ...others] = group.toSorted(
      (a, b) => gravity.indexOf(a.severity) - gravity.indexOf(b.severity),
    );
    if (others.length === 0) return first!;
    return {
      ...first!,
      breaks: [...new Set([first!, ...others].flatMap(({ breaks = [] }) => breaks))],
      machines: [...new Set([first!, ...others].flatMap(({ machines }) => machines))],
      count: Math.max(...group.map(({ count }) => count)),
    };
  });
}
