// SPDX-License-Identifier: GPL-2.0-only
import * as c from './c-type.ts';
import type { CType, FunctionType } from './c-type.ts';
import { parseAssignment } from './parse-expression.ts';
import { parseInitialiser } from './parse-initialiser.ts';
import { parseBlock } from './parse-statement.ts';
import {
  isKeyword,
  noteTransparent,
  parseDeclarator,
  parseSpecifiers,
  parseTrailingAttributes,
  type Specifiers,
} from './parse-type.ts';
import { Parser, type FunctionContext } from './parser.ts';
import type { Expression, FunctionDefinition, ParsedBody, Statement, Variable } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';
import * as t from './typing.ts';

/** A declaration inside a function. */
export function parseLocalDeclaration(p: Parser): Statement[] {
  const specifiers = parseSpecifiers(p);
  if (p.accept(';')) return [];
  const statements: Statement[] = [];
  do {
    const statement = localDeclarator(p, specifiers);
    if (statement !== undefined) statements.push(statement);
  } while (p.accept(','));
  p.expect(';');
  return statements;
}

function localDeclarator(p: Parser, specifiers: Specifiers): Statement | undefined {
  const { name, type } = parseDeclarator(p, specifiers.type);
  if (name === undefined) throw new TranslateError('declaration without a name', p.peek());
  // What stands behind a declarator is about that one alone.
  const own: Specifiers = { ...specifiers, attributes: { ...specifiers.attributes } };
  parseTrailingAttributes(p, own.attributes);
  if (own.storage === 'typedef') {
    noteTransparent(type, own.attributes);
    p.scope.declare(name.text, { kind: 'typedef', type });
    return undefined;
  }
  if (type.kind === 'function') {
    p.scope.declare(name.text, { kind: 'function', name: name.text, type });
    return undefined;
  }
  if (own.storage !== undefined) {
    declareStatic(p, name, type, own, `${p.context!.name}$${name.text}`);
    return undefined;
  }
  return localVariable(p, own, name, type);
}

function localVariable(p: Parser, specifiers: Specifiers, name: Token, declared: CType): Statement {
  const { cleanup } = specifiers.attributes;
  const variable: Variable = {
    name: name.text,
    type: declared,
    at: name,
    storage: 'local',
    inMemory: !c.isScalar(declared) || cleanup !== undefined,
    emittedName: p.uniqueLocalName(withoutCounter(name.text)),
  };
  const declare = (): void => p.scope.declare(name.text, { kind: 'variable', variable });
  p.context!.locals.push(variable);
  if (cleanup !== undefined) p.context!.functions.add(cleanup);
  if (!p.accept('=')) {
    declare();
    p.complete(variable.type);
    completeOrThrow(variable);
    return { kind: 'declare', at: name, variable, value: { kind: 'none' }, cleanup };
  }
  if (specifiers.auto) {
    const value = t.decay(parseAssignment(p));
    variable.type = value.type;
    variable.inMemory = !c.isScalar(value.type) || cleanup !== undefined;
    declare();
    return { kind: 'declare', at: name, variable, value: { kind: 'scalar', value }, cleanup };
  }
  declare();
  if (c.isScalar(declared)) {
    const value = p.is('{') ? parseBraced(p, declared) : t.convert(parseAssignment(p), declared);
    return { kind: 'declare', at: name, variable, value: { kind: 'scalar', value }, cleanup };
  }
  const parsed = parseInitialiser(p, declared);
  variable.type = parsed.type;
  completeOrThrow(variable);
  return {
    kind: 'declare',
    at: name,
    variable,
    value: { kind: 'aggregate', stores: parsed.stores },
    cleanup,
  };
}

/** A scalar's initial value in braces. */
function parseBraced(p: Parser, type: CType): Expression {
  const at = p.peek();
  const [store] = parseInitialiser(p, type).stores;
  return store?.value ?? t.convert(t.number(at, 0, c.INT), type);
}

/** Macros number their locals through the whole file (__COUNTER__); in emitted code a function looks the same wherever it stands. */
function withoutCounter(name: string): string {
  return name.startsWith('__') ? name.replace(/\d+$/, '') || name : name;
}

function completeOrThrow(variable: Variable): void {
  if (c.sizeOf(variable.type) === undefined && variable.type.kind !== 'unknown') {
    throw new TranslateError(
      `\`${variable.name}\` has incomplete type \`${c.typeText(variable.type)}\``,
      variable.at,
    );
  }
}

/** A variable with static storage, at file scope or inside a function. */
function declareStatic(
  p: Parser,
  name: Token,
  type: CType,
  specifiers: Specifiers,
  emittedName: string,
): void {
  const earlier = p.scope.findHere(name.text);
  const known =
    earlier?.kind === 'variable' && earlier.variable.storage === 'static' ? earlier.variable : undefined;
  const variable: Variable = known ?? {
    name: name.text,
    type,
    at: name,
    storage: 'static',
    inMemory: true,
    emittedName,
    defined: false,
    internal: specifiers.storage === 'static' || p.context !== undefined,
  };
  if (specifiers.attributes.aligned !== undefined) variable.align = specifiers.attributes.aligned;
  p.scope.declare(name.text, { kind: 'variable', variable });
  if (p.accept('=')) {
    const outer = p.context;
    p.context = undefined;
    const parsed = parseInitialiser(p, type);
    p.context = outer;
    variable.type = parsed.type;
    variable.initialisers = parsed.stores;
    variable.defined = true;
  } else if (specifiers.storage !== 'extern') {
    variable.defined = true;
    variable.initialisers ??= [];
    if (c.sizeOf(variable.type) === undefined) variable.type = type;
  }
  if (known === undefined) p.options.onStatic(variable);
}

/** One item at file scope: returns the function that it defines, if it does. */
export function parseExternalDeclaration(p: Parser): FunctionDefinition | undefined {
  // A macro of the tree's headers may stand for the item, or for several.
  while (p.is('(', 1) && !isKeyword(p.peek().text) && p.expandsInTree('a type'));
  if (p.accept(';') || p.peek().kind === 'end') return undefined;
  if (p.is('_Static_assert') || p.is('asm') || p.is('__asm__')) {
    p.next();
    p.skipBalanced();
    p.accept(';');
    return undefined;
  }
  const specifiers = parseSpecifiers(p);
  if (p.accept(';')) return undefined;
  for (;;) {
    const { name, type } = parseDeclarator(p, specifiers.type);
    if (name === undefined) throw new TranslateError('declaration without a name', p.peek());
    parseTrailingAttributes(p, specifiers.attributes);
    if (specifiers.storage === 'typedef') {
      noteTransparent(type, specifiers.attributes);
      p.scope.declare(name.text, { kind: 'typedef', type });
    } else if (type.kind === 'function') {
      p.scope.declare(name.text, { kind: 'function', name: name.text, type });
      if (p.is('{')) return functionDefinition(p, specifiers, name, type);
    } else declareStatic(p, name, type, specifiers, name.text);
    if (!p.accept(',')) break;
  }
  p.expect(';');
  return undefined;
}

function functionDefinition(
  p: Parser,
  specifiers: Specifiers,
  name: Token,
  type: FunctionType,
): FunctionDefinition {
  const from = p.at;
  const end = p.skipBalanced();
  const to = p.at;
  const { tokens, scope, options } = p;
  let parsed: ParsedBody | undefined;
  return {
    name: name.text,
    type,
    at: name,
    end,
    isStatic: specifiers.storage === 'static',
    isInline: specifiers.inline,
    tokens: () => tokens.slice(from, to),
    parseBody: () => (parsed ??= parseBody(new Parser(tokens.slice(from, to), scope, options), name, type)),
  };
}

function parseBody(p: Parser, name: Token, type: FunctionType): ParsedBody {
  const context: FunctionContext = {
    name: name.text,
    result: type.result,
    locals: [],
    functions: new Set(),
    gaps: [],
    statics: new Set(),
    uses: new Map(),
  };
  p.context = context;
  return p.inScope(() => {
    const parameters = type.parameters.map((parameter, index): Variable => {
      const variable: Variable = {
        name: parameter.name ?? `unnamed${index}`,
        type: parameter.type,
        at: name,
        storage: 'parameter',
        inMemory: !c.isScalar(parameter.type),
        emittedName: p.uniqueLocalName(parameter.name ?? `unnamed${index}`),
      };
      p.scope.declare(variable.name, { kind: 'variable', variable });
      return variable;
    });
    const body = parseBlock(p);
    return {
      parameters,
      body,
      locals: context.locals,
      functions: context.functions,
      statics: context.statics,
      gaps: context.gaps,
    };
  });
}
