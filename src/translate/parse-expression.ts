// SPDX-License-Identifier: GPL-2.0-only
import { toBigUnsigned, type U64 } from '../base/u64.ts';
import * as c from './c-type.ts';
import type { CType } from './c-type.ts';
import { literalBytes, parseNumber } from './number.ts';
import { isBuiltin, parseBuiltin } from './parse-builtin.ts';
import { parseBlock } from './parse-statement.ts';
import { parseInitialiser } from './parse-initialiser.ts';
import { parseTypeName, startsType } from './parse-type.ts';
import { noteUse, type Parser } from './parser.ts';
import type { Expression, Initialiser, Variable } from './syntax.ts';
import { GrammarError, TranslateError, type Token } from './token.ts';
import * as t from './typing.ts';

const ALIGNOF = new Set(['_Alignof', '__alignof__', '__alignof', 'alignof']);

/** A full expression, with the comma operator. */
export function parseExpression(p: Parser): Expression {
  let left = parseAssignment(p);
  while (p.is(',')) {
    const at = p.next();
    const right = t.decay(parseAssignment(p));
    left = { kind: 'comma', at, type: right.type, left, right };
  }
  return left;
}

/** The value of a constant expression. */
export function parseConstant(p: Parser): U64 {
  return constant(p).value;
}

/** The same as the number that it is, whatever its type. */
export function exactConstant(p: Parser): bigint {
  const { value, type } = constant(p);
  return c.isInteger(type) && type.unsigned && type.size === 8 ? toBigUnsigned(value) : BigInt(value);
}

function constant(p: Parser): Expression & { readonly kind: 'number' } {
  const at = p.peek();
  const value = p.withoutEvaluation(() => parseConditional(p));
  if (value.kind !== 'number') throw new TranslateError('constant expression expected', at);
  return value;
}

export function parseAssignment(p: Parser): Expression {
  return p.nested(() => {
    const left = parseConditional(p);
    const token = p.peek();
    if (token.kind !== 'punctuator') return left;
    if (token.text === '=') {
      p.next();
      return t.assign(token, left, parseAssignment(p));
    }
    const operator = /^(<<|>>|[-+*/%&|^])=$/.exec(token.text)?.[1];
    if (operator === undefined) return left;
    p.next();
    return t.update(token, left, operator, parseAssignment(p), 'after');
  });
}

function parseConditional(p: Parser): Expression {
  const test = parseBinary(p, 1);
  if (!p.is('?')) return test;
  const at = p.next();
  if (p.accept(':')) return t.conditional(at, test, undefined, parseConditional(p));
  const yes = p.nested(() => parseExpression(p));
  p.expect(':');
  return t.conditional(
    at,
    test,
    yes,
    p.nested(() => parseConditional(p)),
  );
}

const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['||', 1], ['&&', 2], ['|', 3], ['^', 4], ['&', 5], ['==', 6], ['!=', 6], ['<', 7], ['>', 7], ['<=', 7], ['>=', 7],
  ['<<', 8], ['>>', 8], ['+', 9], ['-', 9], ['*', 10], ['/', 10], ['%', 10],
]); // prettier-ignore

function parseBinary(p: Parser, minimum: number): Expression {
  let left = parseCast(p);
  for (;;) {
    const token = p.peek();
    const precedence = token.kind === 'punctuator' ? (PRECEDENCE.get(token.text) ?? 0) : 0;
    if (precedence < minimum || precedence === 0) return left;
    p.next();
    const right = p.nested(() => parseBinary(p, precedence + 1));
    left =
      token.text === '&&' || token.text === '||'
        ? t.logical(token, token.text, left, right)
        : t.binary(token, token.text, left, right);
  }
}

function parseCast(p: Parser): Expression {
  if (!p.is('(') || !startsType(p, 1)) return parseUnary(p);
  const at = p.next();
  const type = parseTypeName(p);
  p.expect(')');
  if (p.is('{')) return parsePostfix(p, compoundLiteral(p, at, type));
  return t.convert(
    p.nested(() => parseCast(p)),
    type,
    at,
  );
}

function compoundLiteral(p: Parser, at: Token, type: CType): Expression {
  const parsed = parseInitialiser(p, type);
  if (p.context === undefined && p.unevaluated === 0)
    return staticCompound(p, at, parsed.type, parsed.stores);
  if (c.isScalar(parsed.type) && parsed.stores[0] !== undefined) return parsed.stores[0].value;
  return unnamedObject(p, at, parsed.type, parsed.stores);
}

function unnamedObject(p: Parser, at: Token, type: CType, stores: readonly Initialiser[]): Expression {
  const variable: Variable = {
    name: '(compound literal)',
    type,
    at,
    storage: 'local',
    inMemory: true,
    emittedName: p.context === undefined ? 'literal' : p.uniqueLocalName('literal'),
  };
  p.context?.locals.push(variable);
  return { kind: 'compound', at, type, variable, stores };
}

/** At file scope a compound literal is an object with static storage. */
function staticCompound(
  p: Parser,
  at: Token,
  type: CType,
  stores: Variable['initialisers'] & object,
): Expression {
  if (c.isScalar(type) && stores[0] !== undefined) return stores[0].value;
  const variable: Variable = {
    name: '(compound literal)', type, at, storage: 'static', inMemory: true, emittedName: '', initialisers: stores, defined: true, internal: true,
  }; // prettier-ignore
  variable.emittedName = `literal$${p.options.onStatic(variable)}`;
  return noteUse(p, { kind: 'variable', at, type, variable });
}

function parseUnary(p: Parser): Expression {
  const token = p.peek();
  if (token.kind === 'identifier') {
    if (token.text === 'sizeof') return parseSizeof(p, 'sizeof');
    if (ALIGNOF.has(token.text)) return parseSizeof(p, 'alignof');
    if (token.text === '__extension__') {
      p.next();
      return parseCast(p);
    }
    if (!isBuiltin(token.text) && p.expandsInTree()) return p.nested(() => parseCast(p));
  }
  if (token.kind !== 'punctuator') return parsePostfix(p, parsePrimary(p));
  switch (token.text) {
    case '+':
    case '-':
    case '~':
      p.next();
      return t.unary(
        token,
        token.text,
        p.nested(() => parseCast(p)),
      );
    case '!':
      p.next();
      return t.logicalNot(
        token,
        p.nested(() => parseCast(p)),
      );
    case '*':
      p.next();
      return t.deref(
        token,
        p.nested(() => parseCast(p)),
      );
    case '&':
      p.next();
      return t.addressOf(
        token,
        p.nested(() => parseCast(p)),
      );
    case '++':
    case '--': {
      p.next();
      const target = p.nested(() => parseUnary(p));
      return t.update(token, target, token.text[0]!, t.number(token, 1, c.INT), 'after');
    }
    case '&&':
      // GNU's address of a label, of which the kernel only prints the value (_THIS_IP_).
      p.next();
      p.identifier();
      return t.number(token, 0, c.pointerTo(c.VOID));
    default:
      return parsePostfix(p, parsePrimary(p));
  }
}

function parseSizeof(p: Parser, what: 'sizeof' | 'alignof'): Expression {
  const at = p.next();
  const type = p.withoutEvaluation(() => {
    if (!p.is('(') || !startsType(p, 1)) return parseUnary(p).type;
    p.next();
    const typeName = parseTypeName(p);
    p.expect(')');
    if (!p.is('{')) return typeName;
    return compoundLiteral(p, at, typeName).type;
  });
  p.complete(type);
  const size = what === 'sizeof' ? c.sizeOf(type) : c.alignOf(type);
  if (size === undefined) throw new TranslateError(`${what} of incomplete \`${c.typeText(type)}\``, at);
  return t.number(at, size, c.ULONG, `${what}(${c.typeText(type)})`);
}

function parsePostfix(p: Parser, start: Expression): Expression {
  let expression = start;
  for (;;) {
    const at = p.peek();
    if (at.kind !== 'punctuator') return expression;
    switch (at.text) {
      case '(':
        expression = parseCall(p, expression);
        break;
      case '[': {
        p.next();
        const index = p.nested(() => parseExpression(p));
        p.expect(']');
        expression = t.deref(at, t.binary(at, '+', expression, index));
        break;
      }
      case '.':
        p.next();
        p.complete(expression.type);
        expression = t.member(at, expression, p.identifier().text);
        break;
      case '->':
        p.next();
        expression = t.deref(at, expression);
        p.complete(expression.type);
        expression = t.member(at, expression, p.identifier().text);
        break;
      case '++':
      case '--':
        p.next();
        expression = t.update(at, expression, at.text[0]!, t.number(at, 1, c.INT), 'before');
        break;
      default:
        return expression;
    }
  }
}

function parseCall(p: Parser, callee: Expression): Expression {
  const at = p.next();
  const args: Expression[] = [];
  while (!p.is(')')) {
    args.push(t.decay(p.nested(() => parseAssignment(p))));
    if (!p.accept(',')) break;
  }
  p.expect(')');
  const fn = callee.type.kind === 'pointer' ? callee.type.to : callee.type;
  if (fn.kind === 'unknown') return { kind: 'call', at, type: c.UNKNOWN, callee, args };
  if (fn.kind !== 'function') throw new TranslateError(`call of \`${c.typeText(callee.type)}\``, at);
  const name = callee.kind === 'function' ? `\`${callee.name}()\`` : 'the function';
  if (
    !fn.unspecified &&
    (args.length < fn.parameters.length || (args.length > fn.parameters.length && !fn.variadic))
  ) {
    const message = `${name} takes ${fn.parameters.length} arguments, ${args.length} are given`;
    // The model declares another version's signature: only reaching this call is beyond the model.
    if (callee.kind === 'function' && p.options.isModelled(callee.name, p.scope)) {
      return { kind: 'builtin', at, type: fn.result, name: 'refuse', args: [stringOf(at, message)] };
    }
    throw new TranslateError(message, at);
  }
  const converted = args.map((arg, i) => {
    const parameter = fn.parameters[i];
    if (parameter !== undefined) return argument(p, arg, parameter.type);
    return c.isInteger(arg.type) ? t.convert(arg, t.promote(arg.type), arg.at) : arg;
  });
  return { kind: 'call', at, type: fn.result, callee, args: converted };
}

/** An argument as its parameter's type: one for a transparent union may be of any of its members' types. */
function argument(p: Parser, arg: Expression, type: CType): Expression {
  if (type.kind !== 'struct' || type.transparent !== true || arg.type.kind === 'struct')
    return t.convert(arg, type, arg.at);
  p.complete(type);
  const members = type.members ?? [];
  const member =
    members.find((each) => c.compatible(each.type, arg.type)) ??
    members.find((each) => c.isPointer(each.type) && (c.isPointer(arg.type) || t.isNull(arg)));
  if (member === undefined) return t.convert(arg, type, arg.at);
  const value = t.convert(arg, member.type, arg.at);
  return unnamedObject(p, arg.at, type, [{ offset: 0, type: member.type, member, value }]);
}

function parsePrimary(p: Parser): Expression {
  const at = p.peek();
  if (at.kind === 'number' || at.kind === 'character') {
    p.next();
    const { value, ...type } = parseNumber(at);
    return t.number(at, value, { kind: 'integer', ...type }, at.origin?.name);
  }
  if (at.kind === 'string') return stringLiteral(p);
  if (at.kind === 'identifier') {
    p.next();
    if (isBuiltin(at.text)) return parseBuiltin(p, at);
    return noteUse(p, named(p, at));
  }
  if (!p.accept('('))
    throw new GrammarError(`expected an expression, found \`${at.text || 'end of file'}\``, at);
  if (p.is('{')) {
    const block = p.nested(() => parseBlock(p));
    p.expect(')');
    const last = block.statements.at(-1);
    const type = last?.kind === 'expression' ? t.decay(last.expression).type : c.VOID;
    return { kind: 'statements', at, type, block };
  }
  const inside = p.nested(() => parseExpression(p));
  p.expect(')');
  return inside;
}

/** A string literal of that text. */
export function stringOf(at: Token, text: string): Expression {
  const bytes = [...new TextEncoder().encode(text), 0];
  return { kind: 'string', at, type: { kind: 'array', of: c.UCHAR, length: bytes.length }, bytes };
}

function stringLiteral(p: Parser): Expression {
  const at = p.peek();
  const bytes: number[] = [];
  while (p.peek().kind === 'string') for (const byte of literalBytes(p.next())) bytes.push(byte);
  bytes.push(0);
  return { kind: 'string', at, type: { kind: 'array', of: c.UCHAR, length: bytes.length }, bytes };
}

function named(p: Parser, at: Token): Expression {
  const found = p.scope.find(at.text);
  if (found === undefined) {
    if (at.text === '__func__' || at.text === '__FUNCTION__') {
      return stringOf(at, p.context?.name ?? '');
    }
    // A call of an undeclared function: it links to nothing and ends as "not modelled" if it is reached.
    if (p.is('(')) {
      const type: CType = {
        kind: 'function',
        result: c.UNKNOWN,
        parameters: [],
        variadic: true,
        unspecified: true,
      };
      return { kind: 'function', at, type, name: at.text };
    }
    if (at.text === 'nullptr') return t.number(at, 0, c.pointerTo(c.VOID));
    throw new TranslateError(`\`${at.text}\` is declared nowhere`, at);
  }
  switch (found.kind) {
    case 'constant':
      return t.number(at, found.value, found.type, at.text);
    case 'function':
      return { kind: 'function', at, type: found.type, name: found.name };
    case 'variable':
      return { kind: 'variable', at, type: found.variable.type, variable: found.variable };
    case 'typedef':
      throw new TranslateError(`unexpected type name \`${at.text}\``, at);
  }
}
