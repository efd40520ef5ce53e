// SPDX-License-Identifier: GPL-2.0-only

import type { DiffLine } from '../series/line-diff.ts';
import type {
  CheckedEntry,
  FunctionDiff,
  MovedLines,
  OnTheWay,
  PatchOutcome,
  UnmentionedChange,
  VersionDiff,
} from '../series/version-diff.ts';
import type { BehaviourDiff } from './behaviour-diff.ts';
import { renderCostDifferences, type CostDifference } from './cost-difference.ts';
import type { Finding } from './review-schema.ts';
import { counted, span, type Line, type Style } from './styled-text.ts';
import { terminalText } from './terminal-text.ts';

/** Lines around a difference that are shown. */
const CONTEXT = 2;

const MARKS: Readonly<Record<PatchOutcome['outcome'], string>> = {
  same: '=',
  message: '~',
  changed: '!',
  added: '>',
  dropped: '<',
};

const VERDICTS: Readonly<Record<CheckedEntry['verdict'], readonly [text: string, style: Style]>> = {
  seen: ['seen          ', 'good'],
  'not-seen': ['not seen      ', 'bad'],
  'cannot-be-told': ['cannot be told', 'unknown'],
};

const CHANGES: Readonly<Record<FunctionDiff['change'], string>> = {
  added: 'added',
  removed: 'removed',
  renamed: 'renamed',
  modified: 'changed',
};

/** What two versions do, where they were run. */
interface Ran {
  readonly behaviour: BehaviourDiff;
  readonly costs: readonly CostDifference[];
}

/**
 * Two versions side by side: patches as `git range-diff` marks them, then functions, then the changelog, then what they
 * do.
 */
export function renderVersionDiff(diff: VersionDiff, ran: Ran | undefined, width: number): Line[] {
  return [
    [span(terminalText(diff.title), 'heading')],
    [span(`${terminalText(diff.from)} -> ${terminalText(diff.to)}`)],
    ...section('patches', diff.patches.map(renderOutcome)),
    ...section('lines that moved', diff.moves.map(renderMove)),
    ...section(
      'functions',
      diff.functions.flatMap((change) => renderFunction(change, diff)),
    ),
    ...section(
      'functions that end the same, changed by other patches than before',
      diff.onTheWay.map(renderOnTheWay),
    ),
    ...section(`changelog of ${terminalText(diff.to)}`, diff.entries.flatMap(entryLines)),
    ...section('not in the changelog', diff.unmentioned.map(renderUnmentioned)),
    ...section(
      'names in commit messages that no changed file has',
      diff.names.map(({ patch, name }): Line => [span(`  patch ${patch}: ${terminalText(name)}()`, 'warn')]),
    ),
    ...(ran === undefined ? [] : behaviourLines(ran.behaviour, diff)),
    ...section(
      'modelled costs of calls, and the events that make the difference (docs/costs.md)',
      renderCostDifferences(ran?.costs ?? [], width),
    ),
  ];
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[], [span(title, 'strong')], ...lines];
}

/** `  3 ! 2  subject`: the marks of `git range-diff`, and `~` where only the message differs. */
export function renderOutcome(patch: PatchOutcome): Line {
  const [before, after] = [patch.before, patch.after].map((index) => String(index ?? '-').padStart(3));
  const notes = [
    ...(patch.outcome === 'message' ? ['only the message differs'] : []),
    ...(patch.squashedInto === undefined ? [] : [`squashed into patch ${patch.squashedInto}`]),
    ...(patch.splitFrom === undefined ? [] : [`split from patch ${patch.splitFrom}`]),
    ...(patch.previousSubject === undefined ? [] : [`was: ${terminalText(patch.previousSubject)}`]),
  ];
  const note = notes.length === 0 ? '' : `  (${notes.join('; ')})`;
  return [span(`${before} ${MARKS[patch.outcome]}${after}  ${terminalText(patch.subject)}${note}`)];
}

/** Lines that stand in another patch than before. */
export function renderMove({ before, after, lines, functions }: MovedLines): Line {
  const where =
    functions.length === 0 ? '' : ` of ${functions.map((name) => `${terminalText(name)}()`).join(', ')}`;
  return [span(`  ${counted(lines, 'line')}${where}: from patch ${before} to patch ${after}`)];
}

/** A function that ends the same. */
export function renderOnTheWay({ name, file, after }: OnTheWay): Line {
  return [span(`  ${terminalText(name)}  ${terminalText(file)}${inPatches(after)}`)];
}

/** A function that differs and that no changelog entry names. */
export function renderUnmentioned({ name, change, file, line, after, patchNamed }: UnmentionedChange): Line {
  const place = `${terminalText(file)}${line === undefined ? '' : `:${line}`}`;
  const named = patchNamed ? '; its patch is named' : '';
  return [span(`  ${CHANGES[change]} ${terminalText(name)}  ${place}${inPatches(after)}${named}`)];
}

function inPatches(patches: readonly number[]): string {
  if (patches.length === 0) return '';
  return `, ${patches.length === 1 ? 'patch' : 'patches'} ${patches.join(', ')}`;
}

/** What became of a function: its name and place, then the lines that differ. */
export function renderFunction(change: FunctionDiff, { from, to }: VersionDiff): Line[] {
  const { name, previousName, file, line, before, after, basis } = change;
  const shown = `${previousName === undefined ? '' : `${terminalText(previousName)} -> `}${terminalText(name)}`;
  const place = `${terminalText(file)}${line === undefined ? '' : `:${line}`}`;
  const patches = [
    ...(before.length === 0 ? [] : [`${terminalText(from)}${inPatches(before).slice(1)}`]),
    ...(after.length === 0 ? [] : [`${terminalText(to)}${inPatches(after).slice(1)}`]),
  ].join('; ');
  const by = basis === 'hunks' ? ' (by its hunks)' : '';
  return [
    [span(`  ${CHANGES[change.change]} ${shown}`, 'strong'), span(`  ${place}${by}  ${patches}`, 'dim')],
    ...interdiff(change.lines),
  ];
}

/** The lines that differ, with a little of what is around them. */
function interdiff(lines: readonly DiffLine[]): Line[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap(({ kind, text }, index): Line[] => {
    if (near[index] !== true) return near[index - 1] === true ? [[span('      …', 'dim')]] : [];
    const shown = terminalText(text.replaceAll('\t', '        '));
    if (kind === 'same') return [[span(`      ${shown}`, 'dim')]];
    return [[span(`    ${kind === 'added' ? '+' : '-'} ${shown}`, kind)]];
  });
}

function entryLines({ text, patch, line, verdict, named }: CheckedEntry): Line[] {
  const [word, style] = VERDICTS[verdict];
  return [
    [
      span('  '),
      span(word, style),
      span(`  ${terminalText(text)}`),
      span(`  (${patch === 0 ? 'cover letter' : `patch ${patch}`}, line ${line})`, 'dim'),
    ],
    ...named.map((thing): Line => [
      span(
        `                    ${terminalText(thing.name)}: ${VERDICTS[thing.verdict][0].trim()}, ${terminalText(thing.reason)}`,
        'dim',
      ),
    ]),
  ];
}

/** In one sentence: whether a changelog entry is seen, and by what; patches and files only where it names no code. */
export function entryVerdict({ verdict, named }: CheckedEntry): string {
  const word = VERDICTS[verdict][0].trim();
  const code = named.filter(({ kind }) => kind === 'function');
  const reasons = (code.length > 0 ? code : named).map((thing) => {
    const own = thing.verdict === verdict ? '' : `${VERDICTS[thing.verdict][0].trim()}, `;
    return `${terminalText(thing.name)}: ${own}${terminalText(thing.reason)}`;
  });
  return reasons.length === 0
    ? `${word}: it names nothing that can be looked up`
    : `${word}: ${reasons.join('; ')}`;
}

function behaviourLines({ appeared, gone, kept, cells }: BehaviourDiff, { from, to }: VersionDiff): Line[] {
  const finding = ({ id, invariant, patch, where, seen }: Finding): Line => [
    span(
      `  ${invariant}  patch ${patch}, ${terminalText(where.file)}:${where.line} ${terminalText(where.function)}(): ${terminalText(seen)}`,
    ),
    span(`  ${id}`, 'dim'),
  ];
  const same = appeared.length + gone.length + cells.length === 0;
  return [
    ...section(`findings that ${terminalText(to)} brings`, appeared.map(finding)),
    ...section(`findings of ${terminalText(from)} that ${terminalText(to)} does not have`, gone.map(finding)),
    ...section('findings of both', kept.map(finding)),
    ...section('promises and costs after the last patch', cells.map(renderCells)),
    ...(same ? [[], [span('the scenarios show no difference in behaviour')]] : []),
  ];
}

/** What became of a promise on a machine, or of a cost. */
export function renderCells({ before, after }: BehaviourDiff['cells'][number]): Line {
  const times = (count: number): string => `violated ${counted(count, 'time')}`;
  return [
    span(
      `  ${after.invariant}  ${after.machine}  ${before.verdict}, ${times(before.violated)} -> ${after.verdict}, ${times(after.violated)}`,
    ),
  ];
}
