// SPDX-License-Identifier: GPL-2.0-only

import { clipped, padded, paddedLeft, span, type Line } from './styled-text.ts';

/** A C function and the TypeScript that is run for it. */
export interface TranslatedFunction {
  readonly name: string;
  /** 1-based, of the first of `c`. */
  readonly startLine: number;
  readonly c: readonly string[];
  /** Each line with the line of C that it does, if it does one. */
  readonly typescript: readonly { readonly text: string; readonly line: number | undefined }[];
  /** Why there is no TypeScript. */
  readonly untranslated?: string;
  /** What it calls and nothing defines: neither the files that are run nor the model. */
  readonly missing?: readonly string[];
}

/** From this width on the two stand side by side. */
const WIDE = 140;

const GUTTER = 6;
const TAB = 8;

/** C and TypeScript, beside each other where there is room, else one below the other, with the lines of the C. */
export function renderTranslation(functions: readonly TranslatedFunction[], width: number): Line[] {
  return functions.flatMap((each, index): Line[] => [
    ...(index === 0 ? [] : [[]]),
    ...(each.untranslated === undefined && width >= WIDE ? sideBySide(each, width) : below(each)),
    ...(each.missing ?? []).map((name): Line => [
      span(
        `not modelled: \`${name}()\` is called, and defined neither in the files that are run nor in the model`,
        'unknown',
      ),
    ]),
  ]);
}

function below({ c, startLine, typescript, untranslated }: TranslatedFunction): Line[] {
  return [
    ...c.map((text, index): Line => [lineNumber(startLine + index), span(expandTabs(text), 'dim')]),
    [],
    ...typescript.map(({ text, line }): Line => [lineNumber(line), span(text)]),
    ...(untranslated === undefined ? [] : [[span(`not translated: ${untranslated}`, 'unknown')]]),
  ];
}

function sideBySide({ c, startLine, typescript }: TranslatedFunction, width: number): Line[] {
  const half = Math.floor((width - GUTTER) / 2) - 2;
  const lines: Line[] = [];
  let shown = startLine;
  const emitC = (until: number): void => {
    for (; shown < until; shown++) lines.push([lineNumber(shown), span(clipped(cLine(shown), half), 'dim')]);
  };
  const cLine = (line: number): string => expandTabs(c[line - startLine] ?? '');
  for (const { text, line } of typescript) {
    const isNext = line !== undefined && line >= shown && line < startLine + c.length;
    if (isNext) {
      emitC(line);
      lines.push([lineNumber(line), span(padded(clipped(cLine(line), half), half + 2), 'dim'), span(text)]);
      shown = line + 1;
    } else lines.push([lineNumber(undefined), span(' '.repeat(half + 2)), span(text)]);
  }
  emitC(startLine + c.length);
  return lines;
}

function lineNumber(line: number | undefined): { text: string; style: 'dim' } {
  return { text: `${paddedLeft(line === undefined ? '' : String(line), GUTTER - 2)}  `, style: 'dim' };
}

function expandTabs(text: string): string {
  let expanded = '';
  for (const character of text) {
    expanded += character === '\t' ? ' '.repeat(TAB - (expanded.length % TAB)) : character;
  }
  return expanded;
}
