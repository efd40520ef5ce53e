// SPDX-License-Identifier: GPL-2.0-only

import { createHash } from 'node:crypto';
import { declarationOf } from './c-declaration.ts';
import { tokenizeC, type CToken } from './c-tokens.ts';

/** Something that a C file defines at file scope. */
export interface CSymbol {
  readonly name: string;
  readonly kind: 'function' | 'macro' | 'struct' | 'union' | 'enum' | 'typedef' | 'variable';
  /** 1-based line of its first token; comments above it do not count. */
  readonly startLine: number;
  /** Line of the brace or expression that its body begins with; `startLine` if it has none. */
  readonly bodyStartLine: number;
  readonly endLine: number;
  /** All before the body, white space made single. */
  readonly signature: string;
  /** The body's tokens joined by spaces: equal for bodies that differ in comments and white space only. */
  readonly body: string;
  /** Hash of signature and body. */
  readonly hash: string;
}

/**
 * Finds what unpreprocessed kernel C defines at file scope, in order. Both branches of `#if` are read where each
 * is whole in itself; where branches open different numbers of braces, only the first counts. What cannot be
 * made out is passed over.
 */
export function findCSymbols(text: string): CSymbol[] {
  return new FileScan(tokenizeC(text)).run();
}

/** The functions alone. */
export function findCFunctions(text: string): CSymbol[] {
  return findCSymbols(text).filter((symbol) => symbol.kind === 'function');
}

/** How deep conditionals may be nested before a file is taken for nonsense. */
const CONDITIONAL_LIMIT = 200;

class FileScan {
  private readonly tokens: readonly CToken[];
  private readonly symbols: CSymbol[] = [];
  private next = 0;
  /** Brace depth where each open `#if` stands. */
  private readonly conditionals: number[] = [];
  /** Open parentheses, brackets and braces. */
  private depth = 0;

  constructor(tokens: readonly CToken[]) {
    this.tokens = tokens;
  }

  run(): CSymbol[] {
    let pending: CToken[] = [];
    for (let token = this.take(); token !== undefined; token = this.take()) {
      if (token.text === '{' && this.depth === 1 && isOpenedAtFileScope(pending)) {
        pending = this.takeBraced(pending, token);
      } else if (token.text === ';' && this.depth === 0) {
        this.addDeclaration(pending, token);
        pending = [];
      } else if (token.text === '}' && this.depth <= 0) {
        // One brace too many: begin afresh.
        this.depth = 0;
        pending = [];
      } else {
        pending.push(token);
      }
    }
    return this.symbols;
  }

  /** Reads a braced body; returns what goes on with the next declaration. */
  private takeBraced(head: readonly CToken[], open: CToken): CToken[] {
    const body: CToken[] = [open];
    for (let token = this.take(); token !== undefined; token = this.take()) {
      body.push(token);
      if (token.text === '}' && this.depth === 0) break;
    }
    const declaration = declarationOf(head, true);
    const end = body.at(-1) ?? open;
    if (declaration?.kind === 'function') {
      this.add(declaration, { head, body, end });
      return [];
    }
    // A struct's name or a variable may stand after the brace, and a semicolon ends it.
    const tail: CToken[] = [];
    for (let token = this.take(); token !== undefined && token.text !== ';'; token = this.take())
      tail.push(token);
    const named = declarationOf(head, true, tail);
    if (named !== undefined) this.add(named, { head, body, end: tail.at(-1) ?? end });
    return [];
  }

  private addDeclaration(pending: readonly CToken[], end: CToken): void {
    const declaration = declarationOf(pending, false);
    if (declaration === undefined) return;
    const equals = pending.findIndex((token) => token.text === '=');
    const split = equals === -1 ? pending.length : equals;
    this.add(declaration, { head: pending.slice(0, split), body: pending.slice(split), end });
  }

  private add(
    { name, kind }: Pick<CSymbol, 'name' | 'kind'>,
    span: { head: readonly CToken[]; body: readonly CToken[]; end: CToken },
  ): void {
    const first = span.head[0] ?? span.body[0] ?? span.end;
    const signature = joinTokens(span.head);
    const body = span.body.map((token) => token.text).join(' ');
    this.symbols.push({
      name,
      kind,
      startLine: first.line,
      bodyStartLine: span.body[0]?.line ?? first.line,
      endLine: span.end.endLine,
      signature,
      body,
      hash: hashOf(`${signature}\n${body}`),
    });
  }

  /** The next token that is no directive; keeps `depth`, takes macros, and passes over unbalanced branches. */
  private take(): CToken | undefined {
    for (let token = this.tokens[this.next]; token !== undefined; token = this.tokens[this.next]) {
      this.next += 1;
      if (token.kind === 'directive') {
        this.takeDirective(token);
        continue;
      }
      if (token.kind === 'mark') {
        if ('([{'.includes(token.text)) this.depth += 1;
        else if (')]}'.includes(token.text)) this.depth -= 1;
      }
      return token;
    }
    return undefined;
  }

  private takeDirective(token: CToken): void {
    const word = directiveWord(token.text);
    if (word === 'define') this.addMacro(token);
    else if (word === 'if' || word === 'ifdef' || word === 'ifndef') {
      if (this.conditionals.length < CONDITIONAL_LIMIT) this.conditionals.push(this.depth);
    } else if (word === 'endif') this.conditionals.pop();
    else if (word === 'else' || word === 'elif' || word === 'elifdef' || word === 'elifndef') {
      // The first branch left a brace open, or closed one: the others do the same, so they would count twice.
      if (this.depth !== (this.conditionals.at(-1) ?? this.depth)) this.skipToEndif();
    }
  }

  private skipToEndif(): void {
    let nested = 0;
    for (; this.next < this.tokens.length; this.next += 1) {
      const token = this.tokens[this.next];
      if (token?.kind !== 'directive') continue;
      const word = directiveWord(token.text);
      if (word.startsWith('if')) nested += 1;
      else if (word === 'endif') {
        if (nested === 0) return;
        nested -= 1;
      }
    }
  }

  private addMacro(token: CToken): void {
    const [, name, parameters = '', value = ''] =
      /^#\s{0,20}define\s{1,20}(\w{1,200})(\([^()]{0,2000}\))?([\s\S]*)$/.exec(token.text) ?? [];
    if (name === undefined) return;
    const body = tokenizeC(value.replaceAll('\\\n', '\n').replaceAll('#', ' # '))
      .map(({ text }) => text)
      .join(' ');
    const signature = `#define ${name}${parameters.replace(/\s+/g, ' ')}`;
    this.symbols.push({
      name,
      kind: 'macro',
      startLine: token.line,
      bodyStartLine: token.line,
      endLine: token.endLine,
      signature,
      body,
      hash: hashOf(`${signature}\n${body}`),
    });
  }
}

/** Whether a brace that makes the depth 1 opens a body: nothing but whole groups stands before it. */
function isOpenedAtFileScope(pending: readonly CToken[]): boolean {
  return pending.length > 0;
}

function directiveWord(text: string): string {
  return /^#\s{0,20}(\w{0,20})/.exec(text)?.[1] ?? '';
}

/** Tokens as one line of C: words apart, no space inside calls. */
function joinTokens(tokens: readonly CToken[]): string {
  let text = '';
  for (const token of tokens) {
    const tight = text === '' || /^[,;)\]]/.test(token.text) || /[([*]$/.test(text);
    const call = (token.text === '(' || token.text === '[') && /\w$/.test(text);
    text += tight || call ? token.text : ` ${token.text}`;
  }
  return text;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
