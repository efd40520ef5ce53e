// SPDX-License-Identifier: GPL-2.0-only
import { fromBig, type U64 } from '../base/u64.ts';
import { parseAsm } from './parse-asm.ts';
import { isBuiltin } from './parse-builtin.ts';
import { parseLocalDeclaration } from './parse-declaration.ts';
import { parseConstant, parseExpression } from './parse-expression.ts';
import { orRefuse } from './parse-or-refuse.ts';
import { isKeyword, isStandardAttribute, noAttributes, parseAttributes, startsType } from './parse-type.ts';
import type { Parser } from './parser.ts';
import type { BlockStatement, Expression, Statement } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';
import * as t from './typing.ts';

const CASE_RANGE_LIMIT = 4096n;

/** `{ … }` with a scope of its own. */
export function parseBlock(p: Parser): BlockStatement {
  const at = p.expect('{');
  return p.inScope(() => {
    const statements: Statement[] = [];
    while (!p.is('}')) statements.push(...parseBlockItem(p));
    p.expect('}');
    return { kind: 'block', at, statements };
  });
}

/** Macros that only the tree's headers have may stand for declarations, or for the head of a loop. */
function expandHere(p: Parser): void {
  while (p.is('(', 1) && !isKeyword(p.peek().text) && !isBuiltin(p.peek().text) && p.expandsInTree());
}

function parseBlockItem(p: Parser): Statement[] {
  while (isStandardAttribute(p)) p.skipBalanced();
  expandHere(p);
  if (p.is('__label__')) {
    while (!p.accept(';')) p.next();
    return [];
  }
  if (p.is('_Static_assert')) {
    p.next();
    p.skipBalanced();
    p.expect(';');
    return [];
  }
  // `name:` is a label even where the name is a type.
  if (startsType(p) && !p.is(':', 1))
    return orRefuse(
      p,
      () => parseLocalDeclaration(p),
      (refused) => [refused],
    );
  return [parseStatement(p)];
}

function parseStatement(p: Parser): Statement {
  return p.nested(() =>
    orRefuse(
      p,
      () => statement(p),
      (refused) => refused,
    ),
  );
}

function statement(p: Parser): Statement {
  expandHere(p);
  const at = p.peek();
  if (at.kind === 'punctuator') {
    if (at.text === '{') return parseBlock(p);
    if (p.accept(';')) return { kind: 'empty', at };
    if (isStandardAttribute(p)) {
      p.skipBalanced();
      return parseStatement(p);
    }
  }
  if (at.kind === 'identifier') {
    const parse = KEYWORDS.get(at.text);
    if (parse !== undefined) {
      p.next();
      return parse(p, at);
    }
    if (p.is(':', 1)) {
      p.at += 2;
      const ignored = noAttributes();
      if (p.is('__attribute__')) parseAttributes(p, ignored);
      const body: Statement = endsHere(p) ? { kind: 'empty', at } : parseStatement(p);
      return { kind: 'label', at, name: at.text, body };
    }
  }
  const expression = parseExpression(p);
  p.expect(';');
  return { kind: 'expression', at, expression };
}

/** Behind a label: the block ends, or a declaration follows, which C23 allows and which is no part of the label. */
function endsHere(p: Parser): boolean {
  return p.is('}') || (startsType(p) && !p.is(':', 1));
}

const KEYWORDS: ReadonlyMap<string, (p: Parser, at: Token) => Statement> = new Map([
  ['if', parseIf],
  ['for', parseFor],
  ['while', parseWhile],
  ['do', parseDo],
  ['switch', parseSwitch],
  ['case', parseCase],
  ['default', parseDefault],
  ['goto', parseGoto],
  ['return', parseReturn],
  ['break', parseJump],
  ['continue', parseJump],
  ['asm', parseAsm],
  ['__asm', parseAsm],
  ['__asm__', parseAsm],
  ['__attribute__', parseFallthrough],
]);

function parenthesised(p: Parser): Expression {
  p.expect('(');
  const value = parseExpression(p);
  p.expect(')');
  return value;
}

function parseIf(p: Parser, at: Token): Statement {
  const condition = t.condition(at, parenthesised(p));
  const yes = parseStatement(p);
  const no = p.accept('else') ? parseStatement(p) : undefined;
  return { kind: 'if', at, condition, yes, no };
}

function parseFor(p: Parser, at: Token): Statement {
  return p.inScope(() => {
    p.expect('(');
    let declarations: Statement[] = [];
    if (startsType(p)) declarations = parseLocalDeclaration(p);
    else if (!p.accept(';')) {
      declarations = [{ kind: 'expression', at, expression: parseExpression(p) }];
      p.expect(';');
    }
    const condition = p.is(';') ? undefined : t.condition(at, parseExpression(p));
    p.expect(';');
    const step = p.is(')') ? undefined : parseExpression(p);
    p.expect(')');
    const body = parseStatement(p);
    return { kind: 'for', at, declarations, condition, step, body };
  });
}

function parseWhile(p: Parser, at: Token): Statement {
  const condition = t.condition(at, parenthesised(p));
  return { kind: 'for', at, declarations: [], condition, step: undefined, body: parseStatement(p) };
}

function parseDo(p: Parser, at: Token): Statement {
  const body = parseStatement(p);
  p.expect('while');
  const condition = t.condition(at, parenthesised(p));
  p.expect(';');
  return { kind: 'do', at, body, condition };
}

function parseSwitch(p: Parser, at: Token): Statement {
  const value = t.decay(parenthesised(p));
  if (value.type.kind !== 'integer') throw new TranslateError('switch on what is no integer', at);
  const promoted = t.convert(value, t.promote(value.type));
  return { kind: 'switch', at, value: promoted, body: parseStatement(p) };
}

function parseCase(p: Parser, at: Token): Statement {
  const first = parseConstant(p);
  const last = p.accept('...') ? parseConstant(p) : first;
  p.expect(':');
  const values: U64[] = [];
  if (BigInt(last) - BigInt(first) > CASE_RANGE_LIMIT) throw new TranslateError('case range too wide', at);
  for (let value = BigInt(first); value <= BigInt(last); value++) values.push(fromBig(value));
  const body: Statement = endsHere(p) ? { kind: 'empty', at } : parseStatement(p);
  return { kind: 'case', at, values: first === last ? [first] : values, body };
}

function parseDefault(p: Parser, at: Token): Statement {
  p.expect(':');
  const body: Statement = endsHere(p) ? { kind: 'empty', at } : parseStatement(p);
  return { kind: 'case', at, values: 'default', body };
}

function parseGoto(p: Parser, at: Token): Statement {
  if (p.is('*')) throw new TranslateError('a computed goto is not supported', at);
  const label = p.identifier().text;
  p.expect(';');
  return { kind: 'goto', at, label };
}

function parseReturn(p: Parser, at: Token): Statement {
  const { result } = p.context!;
  if (p.accept(';')) return { kind: 'return', at, value: undefined };
  const value = parseExpression(p);
  p.expect(';');
  return { kind: 'return', at, value: t.convert(value, result) };
}

function parseJump(p: Parser, at: Token): Statement {
  p.expect(';');
  return { kind: at.text === 'break' ? 'break' : 'continue', at };
}

/** `__attribute__((__fallthrough__));` */
function parseFallthrough(p: Parser, at: Token): Statement {
  p.skipBalanced();
  p.accept(';');
  return { kind: 'empty', at };
}
