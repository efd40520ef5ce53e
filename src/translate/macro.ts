// SPDX-License-Identifier: GPL-2.0-only
import {
  hides,
  intersectHidden,
  TranslateError,
  unionHidden,
  type HideSet,
  type MacroUse,
  type SourceFile,
  type Token,
} from './token.ts';
import { tokenize } from './tokenize.ts';

export interface Macro {
  readonly name: string;
  /** Parameter names of a function-like macro. */
  readonly parameters: readonly string[] | undefined;
  /** The name that stands for the variable arguments: `__VA_ARGS__`, or GNU's `args...`. */
  readonly variadic: string | undefined;
  readonly body: readonly Token[];
}

const EXPANSION_LIMIT = 2_000_000;

/** The macros defined at a point of a translation unit, and their expansion (Prosser's algorithm). */
export class Macros {
  readonly #macros: Map<string, Macro>;
  /** Kconfig options that are set, for IS_ENABLED(); their values are ordinary macros. */
  readonly #config: ReadonlySet<string>;
  /** Asked for a macro that is not defined here: the tree's headers may have it. */
  readonly #lookUp: (name: string) => boolean;
  #counter = 0;
  #expanded = 0;

  constructor(config: ReadonlySet<string>, base?: Macros, lookUp: (name: string) => boolean = () => false) {
    this.#config = config;
    this.#macros = new Map(base === undefined ? [] : base.#macros);
    this.#lookUp = lookUp;
  }

  isDefined(name: string): boolean {
    return this.#macros.has(name) || (name.startsWith('CONFIG_') && this.#config.has(name));
  }

  get(name: string): Macro | undefined {
    return this.#macros.get(name);
  }

  undefine(name: string): void {
    this.#macros.delete(name);
  }

  define(macro: Macro): void {
    this.#macros.set(macro.name, macro);
  }

  /** `#define` from the tokens behind the directive's name. */
  defineFrom(line: readonly Token[], hash: Token): void {
    const name = line[0];
    if (name === undefined || name.kind !== 'identifier')
      throw new TranslateError('#define without a name', hash);
    const open = line[1];
    if (open === undefined || open.text !== '(' || open.spaced) {
      this.define({ name: name.text, parameters: undefined, variadic: undefined, body: line.slice(1) });
      return;
    }
    const parameters: string[] = [];
    let variadic: string | undefined;
    let at = 2;
    for (; at < line.length && line[at]!.text !== ')'; at++) {
      const token = line[at]!;
      if (token.text === ',') continue;
      if (token.text === '...') variadic = '__VA_ARGS__';
      else if (line[at + 1]?.text === '...') {
        variadic = token.text;
        at++;
      } else parameters.push(token.text);
    }
    this.define({ name: name.text, parameters, variadic, body: line.slice(at + 1) });
  }

  /** All macros of `tokens` expanded. */
  expand(tokens: readonly Token[]): Token[] {
    const output: Token[] = [];
    // Input as a stack of token lists, innermost expansion on top.
    const stack: { tokens: readonly Token[]; at: number }[] = [{ tokens, at: 0 }];
    for (;;) {
      const top = stack.at(-1);
      if (top === undefined) return output;
      if (top.at >= top.tokens.length) {
        stack.pop();
        continue;
      }
      const token = top.tokens[top.at++]!;
      if (token.kind !== 'identifier') {
        output.push(token);
        continue;
      }
      const expansion = this.#expandOne(token, stack);
      if (expansion === undefined) output.push(token);
      else if (expansion.length > 0) {
        this.#expanded += expansion.length;
        if (this.#expanded > EXPANSION_LIMIT) throw new TranslateError('macro expansion does not end', token);
        stack.push({ tokens: expansion, at: 0 });
      }
    }
  }

  #expandOne(token: Token, stack: { tokens: readonly Token[]; at: number }[]): Token[] | undefined {
    const builtin = this.#builtin(token, stack);
    if (builtin !== undefined) return builtin;
    if (hides(token.hidden, token.text)) return undefined;
    let macro = this.#macros.get(token.text);
    if (macro === undefined) {
      if (!this.#lookUp(token.text)) return undefined;
      macro = this.#macros.get(token.text);
      if (macro === undefined) return undefined;
    }
    if (macro.parameters === undefined) {
      const hidden = { name: macro.name, rest: token.hidden };
      const origin = token.origin ?? { name: macro.name };
      return this.#substitute(macro, undefined, hidden, token, origin);
    }
    if (peek(stack)?.text !== '(') return undefined;
    const read = readArguments(macro, stack, token);
    const hidden = { name: macro.name, rest: intersectHidden(token.hidden, read.close.hidden) };
    return this.#substitute(macro, read.args, hidden, token, token.origin);
  }

  /** IS_ENABLED() and relatives look at the name itself, and the dynamic macros of the language. */
  #builtin(token: Token, stack: { tokens: readonly Token[]; at: number }[]): Token[] | undefined {
    switch (token.text) {
      case 'IS_ENABLED':
      case 'IS_BUILTIN':
      case 'IS_REACHABLE': {
        if (peek(stack)?.text !== '(') return undefined;
        const { args } = readArguments(ONE_PARAMETER, stack, token);
        const option = args[0]?.[0]?.text ?? '';
        const macro = this.#macros.get(option);
        return [number(macro !== undefined && macro.body[0]?.text === '1' ? 1 : 0, token)];
      }
      case '__LINE__':
        return [number(token.line, token)];
      case '__FILE__':
        return [{ ...token, kind: 'string', text: JSON.stringify(token.file.path), hidden: undefined }];
      case '__COUNTER__':
        return [{ ...number(this.#counter, token), counted: this.#counter++ }];
      default:
        return undefined;
    }
  }

  #substitute(
    macro: Macro,
    args: readonly Token[][] | undefined,
    hidden: HideSet,
    use: Token,
    origin: MacroUse | undefined,
  ): Token[] {
    const result: Token[] = [];
    const body = withoutOptional(macro, args);
    const argument = (name: string): readonly Token[] | undefined => {
      if (args === undefined) return undefined;
      if (name === macro.variadic) return args[macro.parameters!.length] ?? [];
      const index = macro.parameters!.indexOf(name);
      return index < 0 ? undefined : (args[index] ?? []);
    };
    // An argument is expanded once, however often it is used: __COUNTER__ in it is one number.
    const expansions = new Map<string, readonly Token[]>();
    for (let at = 0; at < body.length; at++) {
      const token = body[at]!;
      const next = body[at + 1];
      if (
        token.text === '#' &&
        args !== undefined &&
        next !== undefined &&
        argument(next.text) !== undefined
      ) {
        result.push(stringize(argument(next.text)!, use));
        at++;
        continue;
      }
      if (token.text === '##' && result.length > 0 && next !== undefined) {
        at++;
        this.#paste(result, next, argument(next.text), macro, token);
        continue;
      }
      const value = token.kind === 'identifier' ? argument(token.text) : undefined;
      if (value === undefined) {
        result.push(token);
      } else if (next?.text === '##') {
        if (value.length === 0) result.push({ ...token, kind: 'other', text: '' });
        else for (const each of value) result.push(each);
      } else {
        const expanded = expansions.get(token.text) ?? this.expand(value);
        expansions.set(token.text, expanded);
        for (const [i, each] of expanded.entries())
          result.push(i === 0 ? { ...each, spaced: token.spaced } : each);
      }
    }
    const placed: Token[] = [];
    for (const token of result) {
      if (token.kind === 'other' && token.text === '') continue;
      placed.push({
        kind: token.kind,
        text: token.text,
        file: use.file,
        line: use.line,
        column: use.column,
        spaced: placed.length === 0 ? use.spaced : token.spaced || token.first,
        first: false,
        hidden: unionHidden(token.hidden, hidden),
        origin,
        ...(token.counted !== undefined && { counted: token.counted }),
      });
    }
    return placed;
  }

  #paste(
    result: Token[],
    right: Token,
    argument: readonly Token[] | undefined,
    macro: Macro,
    operator: Token,
  ): void {
    const left = result.at(-1)!;
    // GNU: `, ## __VA_ARGS__` drops the comma when there are no variable arguments, else pastes nothing.
    if (left.text === ',' && right.text === macro.variadic) {
      if (argument === undefined || argument.length === 0) result.pop();
      else for (const each of this.expand(argument)) result.push(each);
      return;
    }
    const operands = argument ?? [right];
    if (operands.length === 0) return;
    result.pop();
    const text = left.text + operands[0]!.text;
    const pasted = text === '' ? [] : tokenize({ path: operator.file.path, text });
    if (pasted.length > 1) throw new TranslateError(`pasting forms \`${text}\`, not one token`, operator);
    if (pasted[0] === undefined) result.push({ ...left, kind: 'other', text: '' });
    else
      result.push({
        ...left,
        kind: pasted[0].kind,
        text,
        hidden: intersectHidden(left.hidden, operands[0]!.hidden),
        counted: operands[0]!.counted,
      });
    for (const each of operands.slice(1)) result.push(each);
  }
}

/** `__VA_OPT__(…)` is what it holds where there are variable arguments, and nothing where there are none. */
function withoutOptional(
  { body, parameters, variadic }: Macro,
  args: readonly Token[][] | undefined,
): readonly Token[] {
  if (variadic === undefined || !body.some(({ text }) => text === '__VA_OPT__')) return body;
  const has = (args?.[parameters!.length]?.length ?? 0) > 0;
  const kept: Token[] = [];
  for (let at = 0; at < body.length; at++) {
    if (body[at]!.text !== '__VA_OPT__' || body[at + 1]?.text !== '(') {
      kept.push(body[at]!);
      continue;
    }
    const from = at + 2;
    let depth = 1;
    for (at = from; at < body.length; at++) {
      if (body[at]!.text === '(') depth++;
      if (body[at]!.text === ')' && --depth === 0) break;
    }
    if (has) for (const each of body.slice(from, at)) kept.push(each);
  }
  return kept;
}

const ONE_PARAMETER: Macro = { name: 'IS_ENABLED', parameters: ['option'], variadic: undefined, body: [] };

function peek(stack: readonly { tokens: readonly Token[]; at: number }[]): Token | undefined {
  for (let depth = stack.length - 1; depth >= 0; depth--) {
    const { tokens, at } = stack[depth]!;
    if (at < tokens.length) return tokens[at];
  }
  return undefined;
}

function readArguments(
  macro: Macro,
  stack: { tokens: readonly Token[]; at: number }[],
  use: Token,
): { args: Token[][]; close: Token } {
  const take = (): Token => {
    for (;;) {
      const top = stack.at(-1);
      if (top === undefined)
        throw new TranslateError(`unterminated arguments of macro \`${macro.name}\``, use);
      if (top.at < top.tokens.length) return top.tokens[top.at++]!;
      stack.pop();
    }
  };
  take(); // the parenthesis
  const args: Token[][] = [[]];
  const fixed = macro.parameters!.length;
  for (let depth = 0; ;) {
    const token = take();
    if (token.text === ')' && depth === 0) {
      if (args.length === 1 && args[0]!.length === 0 && fixed === 0) args.pop();
      return { args, close: token };
    }
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    const takesRest = macro.variadic !== undefined && args.length > fixed;
    if (token.text === ',' && depth === 0 && !takesRest) args.push([]);
    else args.at(-1)!.push(token);
  }
}

function number(value: number, at: Token): Token {
  return { ...at, kind: 'number', text: String(value), hidden: undefined };
}

function stringize(tokens: readonly Token[], use: Token): Token {
  let text = '';
  for (const [index, token] of tokens.entries()) {
    if (index > 0 && (token.spaced || token.first)) text += ' ';
    text +=
      token.kind === 'string' || token.kind === 'character'
        ? token.text.replaceAll(/["\\]/g, '\\$&')
        : token.text;
  }
  return { ...use, kind: 'string', text: `"${text}"`, hidden: undefined, first: false };
}

/** A macro from `NAME` or `NAME=value` text, as the compiler's -D makes it. */
export function macroFromText(name: string, value: string, file: SourceFile): Macro {
  return {
    name,
    parameters: undefined,
    variadic: undefined,
    body: tokenize({ path: file.path, text: value }),
  };
}
