// SPDX-License-Identifier: GPL-2.0-only

import type {
  Invocation,
  Location,
  Log,
  Notification,
  Region,
  ReportingDescriptor,
  Result,
  Stack,
} from 'sarif';
import { placeAtTip } from './finding-place.ts';
import { storyOfPlace } from './finding-text.ts';
import type { Finding, Review } from './review-schema.ts';
import { shownDefects, type ShownDefect } from './shown-defects.ts';
import { terminalText } from './terminal-text.ts';
import { unknownsOf, type Unknown } from './unknowns.ts';

export interface SarifOptions {
  /** rewalk's. */
  readonly version: string;
  /** What the tree before the series has too becomes a result as well. */
  readonly baseline: boolean;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** Paths are relative to the root of the tree; SARIF calls where that is by a name. */
const TREE_ROOT = '%SRCROOT%';

/** Where a result is shown that no line of the tree brought about: code scanning refuses files with results that have no place. */
const PLACELESS = 'mm/vmalloc.c';

const LEVELS: Readonly<Record<Finding['severity'], Result.level>> = {
  bug: 'error',
  risk: 'warning',
  cost: 'note',
};

const UNKNOWN_LEVELS: Readonly<Record<Unknown['kind'], Notification.level>> = {
  'not-modelled': 'warning',
  'timed-out': 'error',
  'not-read': 'error',
  'not-run': 'warning',
  'not-reached': 'note',
};

/**
 * A review as SARIF 2.1.0. Its results are about the source after the last patch of the latest version, which is what
 * a program that shows results at their lines has before it; what only earlier versions broke is a notification, and
 * so is all that has no verdict.
 */
export function reviewAsSarif(review: Review, { version, baseline }: SarifOptions): Log {
  const { now, before, left, inherited } = shownDefects(review);
  const rules = review.invariants.map(describeRule);
  const known = baseline && review.series !== null ? [...left, ...inherited] : [];
  const results = [
    ...now.map((defect) => describeResult(defect, rules, 'new')),
    ...known.map((defect) => describeResult(defect, rules, 'unchanged')),
  ];
  const driver = { name: 'rewalk', version, semanticVersion: version, rules };
  const invocation: Invocation = {
    executionSuccessful: !unknownsOf(review).some(({ kind }) => kind === 'timed-out' || kind === 'not-read'),
    toolExecutionNotifications: [...unknownsOf(review).map(describeUnknown), ...before.map(describeEarlier)],
  };
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        invocations: [invocation],
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [TREE_ROOT]: { description: { text: 'the root of the kernel tree' } } },
        results,
      },
    ],
  };
}

function describeRule({ id, title, promise, severity }: Review['invariants'][number]): ReportingDescriptor {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: promise },
    help: {
      text: `${promise}\n\nrewalk invariants ${id} says where it comes from and what it does not see.`,
    },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['memory-management', severity] },
  };
}

function describeResult(
  { finding }: ShownDefect,
  rules: readonly ReportingDescriptor[],
  baselineState: Result.baselineState,
): Result {
  const { invariant, severity, id, defect, stack, scenario, machines, replay, version, patch } = finding;
  return {
    ruleId: invariant,
    ruleIndex: rules.findIndex((rule) => rule.id === invariant),
    level: LEVELS[severity],
    kind: 'fail',
    baselineState,
    message: { text: messageOf(finding) },
    locations: locationsOf(finding),
    ...(stack.length === 0 ? {} : { stacks: [describeStack(finding)] }),
    // The first is rewalk's own; the second is the one that code scanning knows.
    partialFingerprints: { 'rewalk/defect/v1': defect, primaryLocationLineHash: defect },
    properties: { finding: id, version, patch, machines, scenario, replay },
  };
}

/** What broke in a few lines of plain text. */
function messageOf(finding: Finding): string {
  const {
    version,
    label,
    patch,
    subject,
    breaks = [],
    repairedBy,
    expected,
    seen,
    scenario,
    machine,
  } = finding;
  const place = placeAtTip(finding);
  const by =
    version === 0
      ? 'In the tree before the series.'
      : `Broken by patch ${patch} of ${label}${subject === undefined ? '' : ` (${subject})`}.`;
  const lines = [
    ...(breaks.length === 0 ? [] : [`Breaks ${breaks.join(', ')}.`]),
    by,
    ...(repairedBy === undefined ? [] : [`Repaired by patch ${repairedBy}: only a tree in between has it.`]),
    ...(place?.exact === false ? [`The line is that after patch ${patch}.`] : []),
    ...(place === undefined ? ['No line of the tree did it; it is shown at the head of this file.'] : []),
    ...storyOfPlace(finding).map(([about, text]) => `${about[0]!.toUpperCase()}${about.slice(1)}: ${text}`),
    `Expected: ${expected}`,
    `Seen: ${seen}`,
    ...(scenario === '' ? [] : [`Smallest case: ${scenario} on ${machine}`]),
    `Run again: ${finding.replay}`,
  ];
  return lines.map(terminalText).join('\n');
}

function locationsOf(finding: Finding): Location[] {
  const place = placeAtTip(finding);
  const logicalLocations = [{ name: finding.where.function, kind: 'function' }];
  const artifactLocation = { uri: uriOf(place?.file ?? PLACELESS), uriBaseId: TREE_ROOT };
  // The code is that of the line itself, not of a caller's.
  const code = place?.exact === true || place?.line === finding.where.line ? finding.code : undefined;
  return [
    { physicalLocation: { artifactLocation, region: regionOf(place?.line ?? 1, code) }, logicalLocations },
  ];
}

/** One line. Code scanning asks for columns too; what is known of the line is how long it is without its indentation. */
function regionOf(line: number, code = ''): Region {
  return { startLine: line, startColumn: 1, endLine: line, endColumn: Math.max(2, code.length + 1) };
}

function describeStack({ stack, patch }: Finding): Stack {
  return {
    message: { text: `The calls, innermost first; lines are those after patch ${patch}.` },
    frames: stack.map(({ function: name, file, line }) => ({
      location: {
        logicalLocations: [{ name, kind: 'function' }],
        ...(file === undefined || line === undefined || line < 1
          ? {}
          : {
              physicalLocation: {
                artifactLocation: { uri: uriOf(file), uriBaseId: TREE_ROOT },
                region: { startLine: line },
              },
            }),
      },
    })),
  };
}

/** A path of the tree as a URI reference. */
function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function describeUnknown({ kind, text, invariant }: Unknown): Notification {
  return {
    descriptor: { id: kind },
    level: UNKNOWN_LEVELS[kind],
    message: { text: terminalText(text) },
    ...(invariant === undefined ? {} : { associatedRule: { id: invariant } }),
  };
}

function describeEarlier({ finding }: ShownDefect): Notification {
  const { id, label, patch, invariant, fixedIn } = finding;
  const gone = fixedIn === undefined ? '' : `, gone in ${fixedIn.label}`;
  return {
    descriptor: { id: 'earlier-version' },
    level: 'note',
    message: { text: terminalText(`${label} patch ${patch} breaks ${invariant}${gone} (${id})`) },
    associatedRule: { id: invariant },
  };
}
