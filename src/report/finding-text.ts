// SPDX-License-Identifier: GPL-2.0-only

import { eventAtEnd } from '../trace/added-calls.ts';
import type { ShownDefect } from './shown-defects.ts';
import type { Finding, Review } from './review-schema.ts';
import {
  clipped,
  counted,
  lineWidth,
  span,
  textWidth,
  wrapped,
  type Line,
  type Span,
  type Style,
} from './styled-text.ts';

const INDENT = '    ';

const SEVERITY_STYLE: Readonly<Record<Finding['severity'], Style>> = {
  bug: 'bad',
  risk: 'warn',
  cost: 'warn',
};

/** A defect in a few lines: what broke, where in C, expected and seen, and the command that runs it again. */
export function renderDefect(defect: ShownDefect, review: Review, width: number): Line[] {
  const { finding } = defect;
  return [
    ...headLines(defect, review, width),
    ...subjectLines(finding, width),
    ...placeLines(finding, review, width),
    ...storyOfPlace(finding).flatMap(([label, text]) => labelled(label, text, width)),
    ...labelled('expected', finding.expected, width),
    ...labelled('seen', finding.seen, width),
    ...renderCommand(finding.replay, width),
  ];
}

/** Functions that are named where a patch changes many that a scenario runs. */
const MOST_CHANGED = 3;

/**
 * What the place alone does not say, with a label: which function that the patch changes has to do with it, and that it
 * shows behind all calls of the scenario.
 */
export function storyOfPlace({
  changed,
  atEnd,
}: Finding): readonly (readonly [label: string, text: string])[] {
  return [
    ...(changed === undefined ? [] : [['changed', changedText(changed)] as const]),
    ...(atEnd === undefined ? [] : [['when', `at the end, when ${eventAtEnd(atEnd)}`] as const]),
  ];
}

function changedText({ onStack, functions }: NonNullable<Finding['changed']>): string {
  const [first, ...others] = functions;
  const { function: name, file, line } = first!;
  if (onStack) return `${name}(), which leads here from ${file}:${line}`;
  if (others.length === 0) return `${name}() at ${file}:${line}, run by this case`;
  const named = functions.slice(0, MOST_CHANGED).map((each) => `${each.function}()`);
  const more = functions.length - named.length;
  const rest = more === 0 ? '' : ` and ${more} more`;
  return `${named.join(', ')}${rest}, run by this case`;
}

/** Where, which promise, how grave. */
export function headline({ severity, invariant, breaks = [], version, label, patch }: Finding): Line {
  return [
    span(version === 0 ? 'base' : `${label} patch ${patch}`, 'heading'),
    span('  '),
    span(invariant, 'strong'),
    ...(breaks.length === 0 ? [] : [span(` of ${breaks.join(', ')}`, 'strong')]),
    span('  '),
    span(severity, SEVERITY_STYLE[severity]),
  ];
}

function headLines(defect: ShownDefect, review: Review, width: number): Line[] {
  const head = headline(defect.finding);
  const tail = [...storyOf(defect, review), defect.finding.id].join(', ');
  if (lineWidth(head) + 2 + textWidth(tail) <= width) return [[...head, span(`  ${tail}`, 'dim')]];
  return [head, ...wrapped(tail, width - INDENT.length).map((text): Line => [span(INDENT + text, 'dim')])];
}

/** A finding that follows from another one of the patch, in short. */
export function renderConsequence({ id, invariant, where, atEnd, count }: Finding, width: number): Line[] {
  // No scenario makes that call, and where it begins says nothing.
  const place =
    atEnd === where.function
      ? `the end, when ${eventAtEnd(atEnd)}`
      : `${where.file}:${where.line} ${where.function}()`;
  const text = `${invariant} at ${place}, ${counted(count, 'scenario')}, ${id}`;
  return labelled('then', text, width);
}

/** Where else it was and what became of it. */
function storyOf({ finding, elsewhere }: ShownDefect, review: Review): string[] {
  const { fixedIn, repairedBy, inBase, version, label, follows } = finding;
  const story: string[] = [];
  // One whose root is shown in a later version stands by itself.
  if (follows !== undefined) story.push(`follows ${follows}`);
  if (repairedBy !== undefined) story.push(`repaired by patch ${repairedBy}`);
  if (version > 0 && inBase) story.push('in the base too');
  if (elsewhere.length > 0) {
    story.push(`also ${elsewhere.map((other) => `${other.label} patch ${other.patch}`).join(', ')}`);
  }
  if (fixedIn !== undefined) story.push(`gone in ${fixedIn.label}`);
  else if (version > 0 && label !== review.series?.versions.at(-1)?.label) story.push('not gone since');
  return story;
}

function subjectLines({ subject }: Finding, width: number): Line[] {
  if (subject === undefined) return [];
  return wrapped(`“${subject}”`, width - INDENT.length).map((text) => [span(INDENT + text, 'dim')]);
}

function placeLines(finding: Finding, review: Review, width: number): Line[] {
  const { where, code, machines, count } = finding;
  const everywhere = machines.length === review.machines.length && machines.length > 1;
  const on = everywhere ? `all ${machines.length} machines` : machines.join(', ');
  const place: Line = [
    span(`${INDENT}${where.file}:${where.line}`, 'strong'),
    span(` in ${where.function}()`),
  ];
  const extent = count === 0 ? `on ${on}` : `${counted(count, 'scenario')} on ${on}`;
  const fits = lineWidth(place) + 2 + textWidth(extent) <= width;
  return [
    ...(fits ? [[...place, span(`  ${extent}`, 'dim')]] : [place, [span(INDENT + extent, 'dim')]]),
    ...(code === undefined
      ? []
      : [[span(INDENT + clipped(`  ${code.trim()}`, width - INDENT.length), 'command')]]),
  ] satisfies Line[];
}

function labelled(label: string, text: string, width: number): Line[] {
  const head = `${INDENT}${label.padEnd('expected'.length)}  `;
  return wrapped(text, width - head.length).map((part, index) => [
    span(index === 0 ? head : ' '.repeat(head.length), 'dim'),
    span(part),
  ]);
}

/** A command that can be pasted: broken before options, with the backslash that a shell wants. */
export function renderCommand(command: string, width: number): Line[] {
  const parts = splitAtOptions(command);
  const lines: Span[][] = [[span(INDENT), span(parts[0] ?? '', 'command')]];
  for (const part of parts.slice(1)) {
    const last = lines.at(-1)!;
    if (lineWidth(last) + 1 + part.length + 2 <= width) last.push(span(` ${part}`, 'command'));
    else {
      last.push(span(' \\', 'command'));
      lines.push([span(`${INDENT}  `), span(part, 'command')]);
    }
  }
  return lines;
}

/** The command up to its first option, then each option with its value. Quoted words stay whole. */
function splitAtOptions(command: string): string[] {
  const parts: string[] = [];
  for (const [word] of command.matchAll(/(?:'[^']*'|\\.|[^\s'])+/g)) {
    if (parts.length === 0 || word.startsWith('--')) parts.push(word);
    else parts[parts.length - 1] += ` ${word}`;
  }
  return parts;
}
