// SPDX-License-Identifier: GPL-2.0-only

import type { ExplainedFrame, ExplainedHunk, Explanation, HunkReason } from './explanation.ts';
import { headline, renderCommand } from './finding-text.ts';
import { clipped, counted, padded, paddedLeft, span, wrapped, type Line, type Style } from './styled-text.ts';

const INDENT = '  ';
const TAB = 8;

/** The most that is quoted of a hunk; the line that matters is among it. */
const MOST_HUNK_LINES = 40;

const WHY_HUNK: Readonly<Record<HunkReason, string>> = {
  line: 'changes this line',
  removed: 'removes the line at which this case first departs from its run before the patch',
  added: 'adds the line at which this case first departs from its run before the patch',
  diverges: 'changes the function in which this case first departs from its run before the patch',
  near: 'changes what stands around this line',
  way: 'changes a function on the way; that this is the cause is a guess',
};

const HUNK_MARKS = { context: ' ', added: '+', removed: '-' } as const;
const HUNK_STYLES: Readonly<Record<keyof typeof HUNK_MARKS, Style>> = {
  context: 'dim',
  added: 'added',
  removed: 'removed',
};

/**
 * Why a finding is one. What a reader decides by comes first: what must hold, what was seen instead, the page table, the
 * lines of C. The events that prove it follow.
 */
export function renderExplanation(explanation: Explanation, width: number): Line[] {
  const { contradiction, evidence, proof } = parts(explanation, width);
  return apart([...contradiction, ...evidence, ...proof]);
}

/** The same in two columns: what is said of the finding, and the page table and the C that it is about. */
export function renderExplanationBeside(
  explanation: Explanation,
  { left, right }: { readonly left: number; readonly right: number },
): { readonly left: Line[]; readonly right: Line[] } {
  const { contradiction, proof } = parts(explanation, left);
  const { evidence } = parts(explanation, right);
  return { left: apart([...contradiction, ...proof]), right: apart(evidence) };
}

type Sections = readonly Line[][];

function parts(
  explanation: Explanation,
  width: number,
): { readonly contradiction: Sections; readonly evidence: Sections; readonly proof: Sections } {
  const { finding, promise, why, source, events, expected, seen, stack, drawing, hunk } = explanation;
  return {
    contradiction: [
      [headline(finding), ...placeLines(explanation, width)],
      section('Must hold', paragraph(promise, width)),
      section('But', [
        ...labelled('expected', expected, width),
        ...labelled('seen', seen, width),
        ...paragraph(extentText(finding), width),
      ]),
    ],
    evidence: [
      section(
        'Page table',
        drawing === undefined ? [] : drawing.split('\n').map((line) => [span(INDENT + line)]),
      ),
      section(
        'In',
        stack.flatMap((frame, index) => renderFrame(frame, index, width)),
      ),
      hunk === undefined ? noHunk(explanation, width) : renderHunk(hunk, width),
    ],
    proof: [
      section(
        'What happened',
        events.flatMap((event) => renderEvent(event, width)),
      ),
      section('Why it matters', paragraph(`${why} (${source})`, width)),
      section('Run again', renderCommand(finding.replay, width)),
    ],
  };
}

/** The line of C, the case that shows it, and the state and machine that it was run on. */
function placeLines({ finding, tree }: Explanation, width: number): Line[] {
  const { where, scenario, machine } = finding;
  const on = `${scenario} on ${tree}, ${machine}`;
  return [
    [span(`${where.file}:${where.line}`, 'strong'), span(` in ${where.function}()`)],
    ...wrapped(on, width).map((text): Line => [span(text, 'dim')]),
  ];
}

/** In how many scenarios: two faults that break one promise at one line look like one. */
function extentText({ count, machines }: Explanation['finding']): string {
  if (count <= 1) return '';
  return `${counted(count, 'scenario')} on ${machines.join(', ')} break the promise at this line. They count as one finding, whether they have one cause or several.`;
}

/** Sections with a blank line between them; the empty ones are left out. */
function apart(sections: Sections): Line[] {
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
}

/** An event that is longer than a line goes on below its text, behind its number. */
function renderEvent({ text, guilty }: Explanation['events'][number], width: number): Line[] {
  const [number = '', ...words] = text.split(' ');
  const indent = INDENT.length + 'E1234 '.length;
  return wrapped(words.join(' '), width - indent).map((part, index): Line => [
    span(padded(index === 0 ? INDENT + number : '', indent) + part, guilty ? 'bad' : 'dim'),
  ]);
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[span(title, 'heading')], ...lines];
}

function paragraph(text: string, width: number): Line[] {
  return wrapped(text, Math.min(width, 100) - INDENT.length).map((line) => [span(INDENT + line)]);
}

function labelled(label: string, text: string, width: number): Line[] {
  const head = `${INDENT}${padded(label, 'expected'.length)}  `;
  return wrapped(text, width - head.length).map((part, index) => [
    span(index === 0 ? head : ' '.repeat(head.length), 'dim'),
    span(part),
  ]);
}

function renderFrame(
  { function: name, file, line, code }: ExplainedFrame,
  index: number,
  width: number,
): Line[] {
  const place = file === undefined ? '' : `  ${file}:${line ?? 0}`;
  return [
    [span(`${INDENT}${index === 0 ? '' : 'called by '}${name}()`, 'strong'), span(place, 'dim')],
    ...code.map(({ line: number, text, here }): Line => {
      const gutter = `${INDENT}${here ? '>' : ' '} ${paddedLeft(String(number), 5)}  `;
      return [
        span(gutter, here ? 'bad' : 'dim'),
        span(clipped(expandTabs(text), width - gutter.length), here ? 'strong' : 'dim'),
      ];
    }),
  ];
}

function renderHunk({ patch, subject, file, head, lines, reason }: ExplainedHunk, width: number): Line[] {
  const what = WHY_HUNK[reason];
  const here = Math.max(
    0,
    lines.findIndex((line) => line.here),
  );
  const first = Math.max(0, Math.min(here - MOST_HUNK_LINES / 2, lines.length - MOST_HUNK_LINES));
  const shown = lines.slice(first, first + MOST_HUNK_LINES);
  const left = lines.length - shown.length;
  return [
    ...wrapped(`Patch ${patch} “${subject}” ${what}`, width).map((text): Line => [span(text, 'heading')]),
    [span(`${INDENT}${file}`, 'dim')],
    [span(clipped(`${INDENT}${head}`, width), 'dim')],
    ...shown.map(({ kind, text, here: isHere }): Line => [
      span(isHere ? '> ' : INDENT, 'bad'),
      span(clipped(HUNK_MARKS[kind] + expandTabs(text), width - INDENT.length), HUNK_STYLES[kind]),
    ]),
    ...(left > 0 ? [[span(`${INDENT}(${counted(left, 'more line')} of the hunk)`, 'dim')]] : []),
  ];
}

function noHunk({ finding }: Explanation, width: number): Line[] {
  if (finding.version === 0) return [];
  const subject = finding.subject === undefined ? '' : ` “${finding.subject}”`;
  const text = `Patch ${finding.patch}${subject} first changed the outcome; the lines above are older than it.`;
  return wrapped(text, width).map((line) => [span(line, 'heading')]);
}

function expandTabs(text: string): string {
  let expanded = '';
  for (const character of text) {
    expanded += character === '\t' ? ' '.repeat(TAB - (expanded.length % TAB)) : character;
  }
  return expanded;
}
