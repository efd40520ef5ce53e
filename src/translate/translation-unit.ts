// SPDX-License-Identifier: GPL-2.0-only
import type { Diagnostic } from '../base/diagnostic.ts';
import { Macros, macroFromText, type Macro } from './macro.ts';
import { parseExternalDeclaration } from './parse-declaration.ts';
import { Parser } from './parser.ts';
import { Preprocessor, type FindInclude } from './preprocess.ts';
import { Scope } from './scope.ts';
import type { FunctionDefinition, Variable } from './syntax.ts';
import type { TreeHeaders } from './tree-headers.ts';
import { TranslateError, type SourceFile, type Token } from './token.ts';

/** A C file after parsing; function bodies are parsed when asked for. */
export interface TranslationUnit {
  readonly path: string;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  /** Static storage, in the order of declaration; grows when bodies with static locals are parsed. */
  readonly statics: readonly Variable[];
  readonly scope: Scope;
  readonly macros: Macros;
  /** Top-level items that could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface UnitOptions {
  readonly charUnsigned: boolean;
  /** Kconfig: true becomes 1, as in autoconf.h; false and absent are not set. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly findInclude: FindInclude;
  /** What is declared and defined before the file begins: the model's headers. */
  readonly base?: TranslationUnit | undefined;
  /** Where names are looked for that neither the file nor the base declares. */
  readonly headers?: TreeHeaders | undefined;
  /**
   * What the file defines as a function is no macro in it, whatever the base says: so it is with C files. Other headers
   * are searched for what the model lacks, no more.
   */
  readonly prefersOwn?: boolean;
  /** What counts instead of what the base says under the same names. */
  readonly instead?: Instead | undefined;
}

/** A part of a header that is taken from the tree although the base has its own. */
export interface Instead {
  readonly macros: readonly Macro[];
  readonly functions: readonly FunctionDefinition[];
}

/** Parses a C file over a base. What cannot be read is a diagnostic; the rest is there. */
export function parseUnit(file: SourceFile, options: UnitOptions): TranslationUnit {
  const configFile: SourceFile = { path: '<config>', text: '' };
  const config = new Set(Object.keys(options.config).filter((name) => options.config[name] !== false));
  const macros = new Macros(config, options.base?.macros);
  if (options.base === undefined) {
    for (const name of config) {
      const value = options.config[name];
      macros.define(macroFromText(name, value === true ? '1' : String(value), configFile));
    }
  }
  for (const macro of options.instead?.macros ?? []) macros.define(macro);
  for (const { name } of options.instead?.functions ?? []) macros.undefine(name);
  const diagnostics: Diagnostic[] = [];
  let tokens: Token[] = [];
  const prefersOwn = options.prefersOwn ?? file.path.endsWith('.c');
  const preprocessor = new Preprocessor(macros, options.findInclude, prefersOwn);
  try {
    tokens = preprocessor.run(file);
  } catch (error) {
    diagnostics.push(diagnosticOf(error, 'translate/preprocess'));
  }
  diagnostics.push(...preprocessor.leftOut.map((error) => diagnosticOf(error, 'translate/include')));
  const scope = new Scope(options.base?.scope);
  for (const { name, type } of options.instead?.functions ?? []) {
    if (scope.find(name) === undefined) scope.declare(name, { kind: 'function', name, type });
  }
  const statics: Variable[] = [];
  const functions = new Map<string, FunctionDefinition>();
  const parser = new Parser(tokens, scope, {
    charUnsigned: options.charUnsigned,
    lookUp: (name) => options.headers?.find(name),
    macros,
    isModelled: (name, scope_) => {
      const declared = options.base?.scope.findHere(name);
      return declared !== undefined && scope_.find(name) === declared;
    },
    onStatic: (variable) => statics.push(variable),
  });
  while (parser.peek().kind !== 'end') {
    const from = parser.at;
    try {
      const definition = parseExternalDeclaration(parser);
      if (definition !== undefined) functions.set(definition.name, definition);
    } catch (error) {
      diagnostics.push(diagnosticOf(error, 'translate/declaration'));
      parser.at = Math.max(from + 1, endOfItem(tokens, from));
      parser.scope = scope;
    }
  }
  return { path: file.path, functions, statics, scope, macros, diagnostics };
}

function diagnosticOf(error: unknown, code: string): Diagnostic {
  if (!(error instanceof TranslateError)) throw error;
  const { file, line, column } = error.at;
  return { code, severity: 'warning', message: error.message, where: { file: file.path, line, column } };
}

/** The end of a top-level item that could not be parsed: behind its `;` or its body at depth 0. */
function endOfItem(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const { text, kind } = tokens[at]!;
    if (kind !== 'punctuator') continue;
    if (text === '(' || text === '[' || text === '{') depth++;
    else if (text === ')' || text === ']' || text === '}') {
      depth--;
      if (depth <= 0 && text === '}' && tokens[at + 1]?.text !== ';' && tokens[at + 1]?.first === true)
        return at + 1;
    } else if (text === ';' && depth <= 0) return at + 1;
  }
  return tokens.length;
}
