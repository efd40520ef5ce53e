// SPDX-License-Identifier: GPL-2.0-only

import pico from 'picocolors';
import { renderDiagnosticLine, type Diagnostic } from '../../base/diagnostic.ts';
import type { Line, Style } from '../../report/styled-text.ts';
import { terminalText } from '../../report/terminal-text.ts';

/** What of a stream decides how to write to it. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

type Paint = Readonly<Record<Style, (text: string) => string>>;

/** Columns where nothing says how many there are: a pipe, a file. */
const USUAL_WIDTH = 80;

/** Narrower than this nothing can be laid out; wider, lines can no longer be followed. */
const WIDTH_LIMITS = { least: 40, most: 200 };

/** The most diagnostics that are printed; all are in the JSON. */
const MOST_DIAGNOSTICS = 20;

/** NO_COLOR and FORCE_COLOR decide; else colours are for terminals. */
export function hasColours({ isTTY }: Output, environment: NodeJS.ProcessEnv): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTTY === true && environment['TERM'] !== 'dumb';
}

export function widthOf({ columns }: Output, environment: NodeJS.ProcessEnv): number {
  const width = columns ?? Number(environment['COLUMNS'] ?? USUAL_WIDTH);
  if (!(width > 0)) return USUAL_WIDTH;
  return Math.min(WIDTH_LIMITS.most, Math.max(WIDTH_LIMITS.least, width));
}

/** Prints lines as they look on this output. Control characters in them are shown, not sent. */
export function printLines(output: Output, lines: readonly Line[], environment = process.env): void {
  output.write(writtenLines(lines, hasColours(output, environment)));
}

/** Lines as text. Control characters in them are shown; those that are written are of colours alone. */
export function writtenLines(lines: readonly Line[], colours: boolean): string {
  const paint = paintFor(colours);
  const text = lines.map((line) =>
    line
      .map((span) => painted(paint, span.text, span.style))
      .join('')
      .trimEnd(),
  );
  return text.map((line) => `${line}\n`).join('');
}

function painted(paint: Paint, text: string, style: Style | undefined): string {
  const safe = terminalText(text);
  return style === undefined ? safe : paint[style](safe);
}

/** Colours of the terminal's own palette, which suit light and dark backgrounds. */
function paintFor(enabled: boolean): Paint {
  const colours = pico.createColors(enabled);
  return {
    heading: colours.bold,
    strong: colours.bold,
    dim: colours.dim,
    good: colours.green,
    bad: (text) => colours.bold(colours.red(text)),
    warn: colours.yellow,
    unknown: colours.magenta,
    command: colours.cyan,
    added: colours.green,
    removed: colours.red,
  };
}

/** Errors first, one line each, and what to do about them. */
export function printDiagnostics(output: Output, diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  const ordered = [...errors, ...warnings];
  for (const diagnostic of ordered.slice(0, MOST_DIAGNOSTICS)) {
    output.write(`${terminalText(renderDiagnosticLine(diagnostic))}\n`);
    if (diagnostic.hint !== undefined) output.write(`  ${terminalText(diagnostic.hint)}\n`);
  }
  const more = ordered.length - MOST_DIAGNOSTICS;
  if (more > 0) output.write(`and ${more} more of these: see --json\n`);
}

/** The one sentence for input that cannot be used. */
export function printRefusal(output: Output, diagnostics: readonly Diagnostic[]): void {
  const [first] = diagnostics;
  if (first !== undefined) output.write(`${terminalText(renderDiagnosticLine(first))}\n`);
}
