// SPDX-License-Identifier: GPL-2.0-only
import type { Expression, Variable } from './syntax.ts';
import type { CType, StructType } from './c-type.ts';
import { Scope } from './scope.ts';
import type { Macros } from './macro.ts';
import { GrammarError, hides, type Token, type TranslateError } from './token.ts';
import type { HeaderItem } from './tree-headers.ts';
import { finishLayout } from './unfinished-struct.ts';

/** What the function whose body is being parsed has so far. */
export interface FunctionContext {
  readonly name: string;
  readonly result: CType;
  readonly locals: Variable[];
  readonly functions: Set<string>;
  readonly statics: Set<Variable>;
  /** Why statements could not be translated. */
  readonly gaps: TranslateError[];
  /** Times a local's name was used, for unique emitted names. */
  readonly uses: Map<string, number>;
}

export interface ParserOptions {
  /** `char` without a sign is unsigned: every kernel since 6.2, and arm64 always. */
  readonly charUnsigned: boolean;
  /** Asked for a name (or `struct tag`) that nothing declares: the tree's headers may have it. */
  readonly lookUp: (name: string) => HeaderItem | undefined;
  /** Those of the file; what is found in the tree's headers after preprocessing is added. */
  readonly macros: Macros;
  /** Is the function known only from what the model declares? */
  readonly isModelled: (name: string, scope: Scope) => boolean;
  /** Told of static storage: file-scope variables and static locals. */
  readonly onStatic: (variable: Variable) => number;
}

const NESTING_LIMIT = 400;

/** A position in a list of preprocessed tokens, with the scope around it. The grammar is in the parse-*.ts files. */
export class Parser {
  readonly tokens: Token[];
  readonly options: ParserOptions;
  at: number;
  scope: Scope;
  context: FunctionContext | undefined;
  /** Expressions of typeof, sizeof and the like name functions without calling them. */
  unevaluated = 0;
  #depth = 0;
  readonly #end: Token;

  constructor(tokens: Token[], scope: Scope, options: ParserOptions, at = 0) {
    this.tokens = tokens;
    this.scope = scope;
    this.options = options;
    this.at = at;
    const last = tokens.at(-1);
    const file = last?.file ?? { path: '<empty>', text: '' };
    this.#end = { kind: 'end', text: '', file, line: last?.line ?? 1, column: 1, spaced: false, first: true };
  }

  peek(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? this.#end;
  }

  next(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && token.kind !== 'string' && token.kind !== 'character';
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  expect(text: string): Token {
    if (!this.is(text)) {
      const found = this.peek();
      throw new GrammarError(`expected \`${text}\`, found \`${found.text || 'end of file'}\``, found);
    }
    return this.next();
  }

  identifier(): Token {
    const token = this.peek();
    if (token.kind !== 'identifier')
      throw new GrammarError(`expected a name, found \`${token.text}\``, token);
    return this.next();
  }

  /** Runs one level deeper; hostile nesting ends here and not in the JavaScript stack. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > NESTING_LIMIT) throw new GrammarError('nested too deeply', this.peek());
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  inScope<T>(parse: () => T): T {
    const outer = this.scope;
    this.scope = new Scope(outer);
    try {
      return parse();
    } finally {
      this.scope = outer;
    }
  }

  withoutEvaluation<T>(parse: () => T): T {
    this.unevaluated++;
    try {
      return parse();
    } finally {
      this.unevaluated--;
    }
  }

  /** Skips to behind the closing bracket that matches the opening one at the current position. */
  skipBalanced(): Token {
    const open = this.peek();
    let depth = 0;
    for (;;) {
      const token = this.next();
      if (token.kind === 'end') throw new GrammarError('unbalanced brackets', open);
      if (token.kind !== 'punctuator') continue;
      if (token.text === '(' || token.text === '[' || token.text === '{') depth++;
      else if ((token.text === ')' || token.text === ']' || token.text === '}') && --depth === 0)
        return token;
    }
  }

  /**
   * Finds a name that is declared nowhere in the tree's headers. `declared`: it is in scope now; `expanded`: it was a
   * macro, whose expansion now stands at the name's place, `at`.
   */
  findInTree(
    name: string,
    at: number,
    expects: 'a type' | 'an expression' = 'an expression',
  ): 'declared' | 'expanded' | undefined {
    const item = this.options.lookUp(name);
    if (item === undefined) return undefined;
    if (item.kind === 'tag') return undefined;
    if (item.kind === 'name') {
      this.fileScope.declare(name, item.named);
      return 'declared';
    }
    // Macros that lead to each other.
    if (hides(this.tokens[at]!.hidden, name)) return undefined;
    const end = item.macro.parameters === undefined ? at + 1 : this.#endOfArguments(at);
    if (end === undefined) return undefined;
    const used = this.tokens.slice(at, end);
    this.options.macros.define(item.macro);
    this.#defineCalled([...used.slice(1), ...item.macro.body]);
    const expanded = this.options.macros.expand(used);
    // A macro that is nothing, where an expression must stand, is a statement that does nothing.
    const nothing: Token = { ...this.tokens[at]!, kind: 'number', text: '0' };
    const isNothing = expanded.length === 0 && expects === 'an expression';
    this.tokens.splice(at, end - at, ...(isNothing ? [nothing] : expanded));
    this.at = at;
    return 'expanded';
  }

  /** Macros of the tree's headers that a macro is given or leads to: behind `##` it is too late to look for them. */
  #defineCalled(tokens: readonly Token[]): void {
    const { macros, lookUp } = this.options;
    const pending = [tokens];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const [at, { kind, text }] of next.entries()) {
        if (kind !== 'identifier' || next[at + 1]?.text !== '(') continue;
        if (macros.get(text) !== undefined || this.scope.find(text) !== undefined) continue;
        const item = lookUp(text);
        if (item?.kind !== 'macro') continue;
        macros.define(item.macro);
        pending.push(item.macro.body);
      }
    }
  }

  /** Is the current token a macro that only the tree's headers have? What it stands for now stands at its place. */
  expandsInTree(expects?: 'a type'): boolean {
    const { kind, text } = this.peek();
    if (kind !== 'identifier' || this.scope.find(text) !== undefined) return false;
    return this.findInTree(text, this.at, expects) === 'expanded';
  }

  /** A struct that was only declared gets its members from the tree's headers, if they have it. */
  complete(type: CType): void {
    if (type.kind !== 'struct') return;
    const finish = (struct: StructType): void => {
      finishLayout(struct, (each) => {
        this.complete(each);
      });
    };
    if (type.members !== undefined) {
      finish(type);
      return;
    }
    const item = type.tag === undefined ? undefined : this.options.lookUp(`struct ${type.tag}`);
    if (item?.kind !== 'tag') return;
    finish(item.type);
    type.members = item.type.members;
    type.size = item.type.size;
    type.align = item.type.align;
  }

  #endOfArguments(at: number): number | undefined {
    if (this.tokens[at + 1]?.text !== '(') return undefined;
    const here = this.at;
    this.at = at + 1;
    this.skipBalanced();
    const end = this.at;
    this.at = here;
    return end;
  }

  get fileScope(): Scope {
    let scope = this.scope;
    // The outermost scope is the model's, the next one the file's.
    while (scope.parent?.parent !== undefined) scope = scope.parent;
    return scope;
  }

  /** A name for a local in emitted code that no other local of the function has. */
  uniqueLocalName(name: string): string {
    const { uses } = this.context!;
    const count = uses.get(name) ?? 0;
    uses.set(name, count + 1);
    return count === 0 ? name : `${name}$${count}`;
  }
}

/** Notes the use of a function or static variable by the function being parsed. */
export function noteUse(parser: Parser, expression: Expression): Expression {
  if (parser.unevaluated > 0 || parser.context === undefined) return expression;
  if (expression.kind === 'function') parser.context.functions.add(expression.name);
  if (expression.kind === 'variable' && expression.variable.storage === 'static') {
    parser.context.statics.add(expression.variable);
  }
  return expression;
}
