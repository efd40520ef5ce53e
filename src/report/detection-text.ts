// SPDX-License-Identifier: GPL-2.0-only

import { groupedBy } from '../base/grouped.ts';

/** What a review said of one fault or harmless rewrite. */
export interface Detection {
  readonly name: string;
  readonly class: string;
  readonly harmless: boolean;
  /** It undoes an upstream fix. */
  readonly historical: boolean;
  /** Why it could not be run. */
  readonly refused?: string;
  /** Why it is known not to be found. */
  readonly missed?: string;
  /** What the tree has with it and not without. */
  readonly findings: readonly DetectedFinding[];
  /**
   * What was said of the tree without it, of promises that the tree does not break where all of it is run: the model that stands
   * in for the rest does.
   */
  readonly ofStandIns: readonly DetectedFinding[];
}

interface DetectedFinding {
  readonly invariant: string;
  readonly function: string;
  readonly machine: string;
  readonly scenario: string;
  readonly seen: string;
}

/** The figures by class as a table in Markdown, then what was missed, what was a false alarm, and what could not run. */
export function renderDetections(title: string, all: readonly Detection[]): string {
  const run = all.filter(({ refused }) => refused === undefined);
  const faults = run.filter(({ harmless }) => !harmless);
  const rewrites = run.filter(({ harmless }) => harmless);
  const alarms = rewrites.filter(({ findings }) => findings.length > 0);
  const missed = faults.filter(({ findings }) => findings.length === 0);
  const found = faults.length - missed.length;
  const share = faults.length === 0 ? '' : ` (${((100 * found) / faults.length).toFixed(1)} %)`;
  return [
    `## ${title}`,
    '',
    `${found} of ${faults.length} faults found${share}, ${alarms.length} false alarm${alarms.length === 1 ? '' : 's'} on ${rewrites.length} harmless rewrites.`,
    '',
    ...classTable(faults),
    ...section('Missed', missed.map(missLine)),
    ...section('False alarms', alarms.map(alarmLine)),
    ...section(
      'Said of the tree before the patch, and not where all of the tree is run',
      run
        .filter(({ ofStandIns }) => ofStandIns.length > 0)
        .map((each) => findingsLine(each, each.ofStandIns)),
    ),
    ...section(
      'Found after all: the reason given for missing it no longer holds',
      faults.filter(({ findings, missed: why }) => findings.length > 0 && why !== undefined).map(foundLine),
    ),
    ...section('Could not be run', all.filter(({ refused }) => refused !== undefined).map(refusalLine)),
  ].join('\n');
}

/** One line for each fault: what gave it away. */
export function renderFound(all: readonly Detection[]): string {
  const found = all.filter(({ findings }) => findings.length > 0);
  return [...section('Found', found.map(foundLine))].join('\n');
}

function classTable(faults: readonly Detection[]): string[] {
  const groups = [...groupedBy(faults, (fault) => fault.class)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows = groups.map(([name, members]) => {
    const found = members.filter(({ findings }) => findings.length > 0);
    return `| ${name} | ${found.length} | ${members.length - found.length} |`;
  });
  const historical = faults.filter((fault) => fault.historical);
  const found = historical.filter(({ findings }) => findings.length > 0).length;
  const last = `| _of all these, upstream fixes undone_ | ${found} | ${historical.length - found} |`;
  return ['| class | found | missed |', '| --- | --- | --- |', ...rows, last];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines];
}

function missLine({ name, class: kind, missed }: Detection): string {
  return `- \`${name}\` (${kind}): ${missed ?? 'no reason known'}`;
}

function alarmLine(detection: Detection): string {
  return findingsLine(detection, detection.findings);
}

function findingsLine({ name }: Detection, findings: readonly DetectedFinding[]): string {
  const texts = findings.map(
    ({ invariant, function: where, machine, scenario, seen }) =>
      `\`${invariant}\` in \`${where}()\` on ${machine}: \`${scenario}\`: ${seen}`,
  );
  return `- \`${name}\`: ${texts.join('; ')}`;
}

function foundLine({ name, class: kind, findings }: Detection): string {
  const texts = new Set(
    findings.map(({ invariant, function: where }) => `\`${invariant}\` in \`${where}()\``),
  );
  return `- \`${name}\` (${kind}): ${[...texts].join(', ')}`;
}

function refusalLine({ name, refused }: Detection): string {
  return `- \`${name}\`: ${refused}`;
}
