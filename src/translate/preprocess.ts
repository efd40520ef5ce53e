// SPDX-License-Identifier: GPL-2.0-only
import { evaluateCondition } from './condition.ts';
import type { Macros } from './macro.ts';
import { ownFunctions } from './own-functions.ts';
import { TranslateError, type SourceFile, type Token } from './token.ts';
import { tokenizeFile } from './tokenize.ts';

/** Where `#include` looks: the file, or undefined when the name is supplied otherwise (the model's headers). */
export type FindInclude = (name: string, quoted: boolean, from: string) => SourceFile | undefined;

const INCLUDE_DEPTH = 64;
const TOKEN_LIMIT = 4_000_000;

/**
 * C preprocessing of whole files. Directives are obeyed line by line; text lines between them are expanded together,
 * since a macro's arguments may span lines.
 */
export class Preprocessor {
  readonly macros: Macros;
  /** C files that are included: they are not read, and what is read goes on behind them. */
  readonly leftOut: TranslateError[] = [];
  readonly #findInclude: FindInclude;
  readonly #prefersOwn: boolean;
  readonly #output: Token[] = [];
  readonly #seen = new Set<string>();
  #heedsErrors = true;

  /** @param prefersOwn what a file defines as a function is no macro in it, whatever was defined before */
  constructor(macros: Macros, findInclude: FindInclude, prefersOwn = false) {
    this.macros = macros;
    this.#findInclude = findInclude;
    this.#prefersOwn = prefersOwn;
  }

  /** The expanded tokens of a file and of what it includes. */
  run(file: SourceFile): Token[] {
    // A header that is read alone complains of how it was included, or of what nobody asks it for.
    this.#heedsErrors = !file.path.endsWith('.h');
    this.#file(file, 0);
    return this.#output;
  }

  #file(file: SourceFile, depth: number): void {
    const tokens = tokenizeFile(file);
    if (depth === 0 && this.#prefersOwn) this.#preferOwnFunctions(tokens);
    const conditions: Conditional[] = [];
    let text: Token[] = [];
    const flush = (): void => {
      if (text.length === 0) return;
      for (const token of this.macros.expand(text)) this.#output.push(token);
      if (this.#output.length > TOKEN_LIMIT) throw new TranslateError('more than 4,000,000 tokens', text[0]!);
      text = [];
    };
    for (let at = 0; at < tokens.length;) {
      const token = tokens[at]!;
      const active = conditions.every((condition) => condition.active);
      if (!(token.first && token.text === '#')) {
        if (active) text.push(token);
        at++;
        continue;
      }
      const end = endOfDirective(tokens, at);
      const line = tokens.slice(at + 1, end);
      at = end;
      // A directive may stand between the arguments of a macro; text before it is expanded with its arguments first.
      if (active && !insideArguments(text)) flush();
      this.#directive(line, token, conditions, active, depth);
    }
    flush();
    if (conditions.length > 0) throw new TranslateError('#if without #endif', conditions.at(-1)!.at);
  }

  #preferOwnFunctions(tokens: readonly Token[]): void {
    for (const name of ownFunctions(tokens)) {
      if (this.macros.get(name)?.parameters !== undefined) this.macros.undefine(name);
    }
  }

  #directive(line: Token[], hash: Token, conditions: Conditional[], active: boolean, depth: number): void {
    const name = line[0]?.text ?? '';
    const rest = line.slice(1);
    const top = conditions.at(-1);
    switch (name) {
      case 'if':
      case 'ifdef':
      case 'ifndef': {
        const taken = active && this.#test(name, rest, hash);
        conditions.push({ at: hash, active: taken, taken: taken || !active });
        break;
      }
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
        if (top === undefined) throw new TranslateError(`#${name} without #if`, hash);
        top.active = !top.taken && (name === 'else' || this.#test(name.slice('el'.length), rest, hash));
        top.taken ||= top.active;
        break;
      case 'endif':
        if (conditions.pop() === undefined) throw new TranslateError('#endif without #if', hash);
        break;
      case 'define':
        if (active) this.macros.defineFrom(rest, hash);
        break;
      case 'undef':
        if (active && rest[0] !== undefined) this.macros.undefine(rest[0].text);
        break;
      case 'include':
        if (active) this.#include(rest, hash, depth);
        break;
      case 'error':
        if (active && this.#heedsErrors)
          throw new TranslateError(`#error ${rest.map((token) => token.text).join(' ')}`, hash);
        break;
      default: // #pragma, #line, #warning, #ident and the null directive say nothing about meaning
    }
  }

  #test(directive: string, rest: Token[], hash: Token): boolean {
    if (directive !== 'if') {
      return this.macros.isDefined(rest[0]?.text ?? '') === (directive === 'ifdef');
    }
    return evaluateCondition(rest, this.macros, hash);
  }

  #include(rest: Token[], hash: Token, depth: number): void {
    const first = rest[0];
    if (first === undefined) return;
    const quoted = first.kind === 'string';
    const name = quoted
      ? first.text.slice(1, -1)
      : rest
          .slice(
            1,
            rest.findIndex((token) => token.text === '>'),
          )
          .map((token) => token.text)
          .join('');
    if (name.endsWith('.c')) {
      this.leftOut.push(
        new TranslateError(`the C file \`${name}\` is included, which is not followed`, hash),
      );
      return;
    }
    const file = this.#findInclude(name, quoted, hash.file.path);
    if (file === undefined || this.#seen.has(file.path)) return;
    if (depth >= INCLUDE_DEPTH)
      throw new TranslateError(`#include nested deeper than ${INCLUDE_DEPTH}`, hash);
    this.#seen.add(file.path);
    this.#file(file, depth + 1);
  }
}

interface Conditional {
  readonly at: Token;
  active: boolean;
  /** A branch has been taken, or the whole construct is skipped. */
  taken: boolean;
}

function endOfDirective(tokens: readonly Token[], hash: number): number {
  let at = hash + 1;
  while (at < tokens.length && !tokens[at]!.first) at++;
  return at;
}

/** The text so far ends inside an unclosed parenthesis: perhaps a macro's arguments go on after the directive. */
function insideArguments(text: readonly Token[]): boolean {
  let depth = 0;
  for (let at = text.length - 1; at >= 0 && text.length - at < 2000; at--) {
    const token = text[at]!;
    if (token.text === ')') depth++;
    else if (token.text === '(' && --depth < 0) return true;
    else if (token.text === ';' || token.text === '{' || token.text === '}') return false;
  }
  return false;
}
