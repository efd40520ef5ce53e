// SPDX-License-Identifier: GPL-2.0-only

export type TokenKind = 'identifier' | 'number' | 'character' | 'string' | 'punctuator' | 'other' | 'end';

/** A source text and its name, as messages and findings show it. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * A preprocessing token. Tokens that come out of a macro carry the place of the outermost macro's use, which is the
 * line that a reader of the C file sees.
 */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly file: SourceFile;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** White space stands before the token. */
  readonly spaced: boolean;
  /** First token of its line. */
  readonly first: boolean;
  /** Macros that must not be expanded again in this token (Prosser's hide set). */
  readonly hidden?: HideSet | undefined;
  /** The object-like macro whose expansion made this token, and which of its uses. */
  readonly origin?: MacroUse | undefined;
  /** The value of __COUNTER__ that its text ends with: what stands before it in the file decides which. */
  readonly counted?: number | undefined;
}

export interface MacroUse {
  readonly name: string;
}

/** An immutable linked set of macro names; short in practice. */
export interface HideSet {
  readonly name: string;
  readonly rest: HideSet | undefined;
}

export function hides(set: HideSet | undefined, name: string): boolean {
  for (let at = set; at !== undefined; at = at.rest) if (at.name === name) return true;
  return false;
}

export function unionHidden(left: HideSet | undefined, right: HideSet | undefined): HideSet | undefined {
  if (left === undefined) return right;
  let result = right;
  for (let at: HideSet | undefined = left; at !== undefined; at = at.rest) {
    if (!hides(result, at.name)) result = { name: at.name, rest: result };
  }
  return result;
}

export function intersectHidden(left: HideSet | undefined, right: HideSet | undefined): HideSet | undefined {
  let result: HideSet | undefined;
  for (let at = left; at !== undefined; at = at.rest) {
    if (hides(right, at.name)) result = { name: at.name, rest: result };
  }
  return result;
}

/**
 * C that cannot be translated. Caught for each statement and each top-level item, which is then "not modelled" with this
 * reason.
 */
export class TranslateError extends Error {
  override readonly name = 'TranslateError';
  readonly at: Token;
  constructor(message: string, at: Token) {
    super(message);
    this.at = at;
  }
}

/** The brackets and words do not make up C, or too much of it: nobody can say where the next statement begins. */
export class GrammarError extends TranslateError {}
