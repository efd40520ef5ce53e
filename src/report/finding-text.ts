// SPDX-License-Identifier: GPL-2.0-only

import type { Finding, Review } from './review-schema.ts';
import { counted, lineWidth, span, wrapped, type Line, type Span, type Style } from './styled-text.ts';

const INDENT = '    ';

const SEVERITY_STYLE: Readonly<Record<Finding['severity'], Style>> = {
  bug: 'bad',
  risk: 'warn',
  cost: 'warn',
};

/** A finding in a few lines: what broke, where in C, expected and seen, and the command that runs it again. */
export function renderFinding(finding: Finding, review: Review, width: number): Line[] {
  return [
    headline(finding),
    ...subjectLines(finding, width),
    ...placeLines(finding, review),
    ...labelled('expected', finding.expected, width),
    ...labelled('seen', finding.seen, width),
    ...renderCommand(finding.replay, width),
  ];
}

function headline(finding: Finding): Line {
  const { severity, invariant, breaks, id } = finding;
  return [
    span(stateName(finding), 'heading'),
    span('  '),
    span(invariant, 'strong'),
    ...(breaks === undefined ? [] : [span(` of ${breaks.join(', ')}`, 'strong')]),
    span('  '),
    span(severity, SEVERITY_STYLE[severity]),
    span(`  ${fate(finding)}  `),
    span(id, 'dim'),
  ];
}

function stateName({ version, label, patch }: Finding): string {
  return version === 0 ? 'base' : `${label} patch ${patch}`;
}

/** What became of it, in the words of a review. */
export function fate(finding: Finding): string {
  const { status, fixedIn, repairedBy, inBase, version } = finding;
  const words: string[] = [];
  if (version === 0) return 'in the tree as it is';
  if (status === 'pre-existing') words.push('in the base already');
  else if (inBase) words.push('left as in the base');
  if (repairedBy !== undefined) words.push(`repaired by patch ${repairedBy}`);
  if (fixedIn !== undefined) words.push(`gone in ${fixedIn.label}`);
  return words.length === 0 ? 'still there in the latest version' : words.join(', ');
}

function subjectLines({ subject }: Finding, width: number): Line[] {
  if (subject === undefined) return [];
  return wrapped(`“${subject}”`, width - INDENT.length).map((text) => [span(INDENT + text, 'dim')]);
}

function placeLines(finding: Finding, review: Review): Line[] {
  const { where, code, machines, count } = finding;
  const everywhere = machines.length === review.machines.length && machines.length > 1;
  const on = everywhere ? `all ${machines.length} machines` : machines.join(', ');
  const place: Span[] = [
    span(`${INDENT}${where.file}:${where.line}`, 'strong'),
    span(` in ${where.function}()`),
    span(`  ${counted(count, 'scenario')} on ${on}`, 'dim'),
  ];
  return code === undefined ? [place] : [place, [span(`${INDENT}  ${code.trim()}`, 'command')]];
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
