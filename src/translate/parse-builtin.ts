// SPDX-License-Identifier: GPL-2.0-only
import { toBigUnsigned, type U64 } from '../base/u64.ts';
import * as c from './c-type.ts';
import type { CType } from './c-type.ts';
import { parseAssignment, parseConstant } from './parse-expression.ts';
import { parseTypeName, startsType } from './parse-type.ts';
import { noteUse, type Parser } from './parser.ts';
import type { Expression } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';
import * as t from './typing.ts';

/** GNU C's builtins that the emitter knows as operations: result type and operand type. */
const OPERATIONS: ReadonlyMap<string, { readonly result: CType; readonly operand: CType }> = new Map([
  ['__builtin_ctz', { result: c.INT, operand: c.UINT }],
  ['__builtin_ctzl', { result: c.INT, operand: c.ULONG }],
  ['__builtin_ctzll', { result: c.INT, operand: c.ULONG }],
  ['__builtin_clz', { result: c.INT, operand: c.UINT }],
  ['__builtin_clzl', { result: c.INT, operand: c.ULONG }],
  ['__builtin_clzll', { result: c.INT, operand: c.ULONG }],
  ['__builtin_ffs', { result: c.INT, operand: c.INT }],
  ['__builtin_ffsl', { result: c.INT, operand: c.LONG }],
  ['__builtin_ffsll', { result: c.INT, operand: c.LONG }],
  ['__builtin_popcount', { result: c.INT, operand: c.UINT }],
  ['__builtin_popcountl', { result: c.INT, operand: c.ULONG }],
  ['__builtin_popcountll', { result: c.INT, operand: c.ULONG }],
  ['__builtin_bswap32', { result: c.UINT, operand: c.UINT }],
  ['__builtin_bswap64', { result: c.ULONG, operand: c.ULONG }],
]);

const OVERFLOW: ReadonlySet<string> = new Set([
  '__builtin_add_overflow', '__builtin_sub_overflow', '__builtin_mul_overflow',
]); // prettier-ignore

const FORMS: ReadonlySet<string> = new Set([
  '__builtin_expect', '__builtin_constant_p', '__builtin_types_compatible_p', '__builtin_choose_expr', '_Generic',
  '__builtin_offsetof', '__builtin_return_address', '__builtin_frame_address', '__builtin_unreachable', '__builtin_object_size',
  '__builtin_dynamic_object_size', '__builtin_memcpy', '__builtin_memset', '__builtin_memmove',
  '__builtin_va_start', '__builtin_va_arg', '__builtin_va_copy', '__builtin_va_end',
]); // prettier-ignore

export function isBuiltin(name: string): boolean {
  return OPERATIONS.has(name) || OVERFLOW.has(name) || FORMS.has(name);
}

/** A builtin whose name was just read. */
export function parseBuiltin(p: Parser, at: Token): Expression {
  if (at.text === '_Generic') return parseGeneric(p, at);
  if (at.text === '__builtin_types_compatible_p') return typesCompatible(p, at);
  if (at.text === '__builtin_offsetof') return offsetOf(p, at);
  if (at.text === '__builtin_choose_expr') return chooseExpression(p, at);
  if (at.text === '__builtin_va_arg') return nextArgument(p, at);
  if (at.text === '__builtin_constant_p') {
    const [value] = p.withoutEvaluation(() => parseArguments(p));
    return t.number(at, value?.kind === 'number' ? 1 : 0, c.INT);
  }
  const args = parseArguments(p);
  const operation = OPERATIONS.get(at.text);
  if (operation !== undefined) {
    const operand = t.convert(needed(args, 0, at), operation.operand);
    const folded = operand.kind === 'number' ? foldBitCount(at.text, operand.value) : undefined;
    if (folded !== undefined) return t.number(at, folded, operation.result);
    return { kind: 'builtin', at, type: operation.result, name: at.text, args: [operand] };
  }
  if (OVERFLOW.has(at.text)) return overflow(at, args);
  switch (at.text) {
    case '__builtin_expect':
      return t.convert(needed(args, 0, at), c.LONG);
    case '__builtin_return_address':
    case '__builtin_frame_address':
      return t.number(at, 0, c.pointerTo(c.VOID));
    case '__builtin_object_size':
    case '__builtin_dynamic_object_size':
      return t.number(at, -1, c.ULONG);
    case '__builtin_va_start':
      return t.assign(at, needed(args, 0, at), {
        ...{ kind: 'builtin', at, type: t.VARIABLE_ARGUMENTS },
        ...{ name: 'variableArguments', args: [] },
      });
    case '__builtin_va_copy':
      return t.assign(at, needed(args, 0, at), needed(args, 1, at));
    case '__builtin_va_end':
      return t.convert(needed(args, 0, at), c.VOID);
    case '__builtin_unreachable':
      return { kind: 'builtin', at, type: c.VOID, name: at.text, args: [] };
    default: {
      const name = at.text.slice('__builtin_'.length);
      const found = p.scope.find(name);
      if (found?.kind !== 'function') throw new TranslateError(`\`${name}\` is declared nowhere`, at);
      const callee = noteUse(p, { kind: 'function', at, type: found.type, name });
      const converted = args.map((arg, i) => t.convert(arg, found.type.parameters[i]?.type ?? arg.type));
      return { kind: 'call', at, type: found.type.result, callee, args: converted };
    }
  }
}

/** `va_arg(list, type)`: every argument lies in eight bytes, the lowest of which are those of a narrower type. */
function nextArgument(p: Parser, at: Token): Expression {
  p.expect('(');
  const list = parseAssignment(p);
  p.expect(',');
  const type = parseTypeName(p);
  p.expect(')');
  if (!(c.isPointer(type) || (c.isInteger(type) && type.size <= 8)))
    throw new TranslateError(`\`${c.typeText(type)}\` among variable arguments`, at);
  const here = t.update(at, list, '+', t.number(at, 1, c.INT), 'before');
  return t.deref(at, t.convert(here, c.pointerTo(type)));
}

/** Bit counts of constants are constants: array lengths are computed with them. */
function foldBitCount(name: string, value: U64): number | undefined {
  const bits = toBigUnsigned(value).toString(2);
  const trailing = bits.length - 1 - bits.lastIndexOf('1');
  if (name.startsWith('__builtin_popcount')) return bits.replaceAll('0', '').length;
  if (name.startsWith('__builtin_ffs')) return value === 0 ? 0 : trailing + 1;
  if (value === 0) return undefined;
  if (name.startsWith('__builtin_ctz')) return trailing;
  if (name.startsWith('__builtin_clz')) return (name === '__builtin_clz' ? 32 : 64) - bits.length;
  return undefined;
}

function needed(args: readonly Expression[], index: number, at: Token): Expression {
  const arg = args[index];
  if (arg === undefined) throw new TranslateError(`\`${at.text}\` with too few arguments`, at);
  return arg;
}

function parseArguments(p: Parser): Expression[] {
  p.expect('(');
  const args: Expression[] = [];
  while (!p.is(')')) {
    args.push(t.decay(parseAssignment(p)));
    if (!p.accept(',')) break;
  }
  p.expect(')');
  return args;
}

/** `__builtin_add_overflow(a, b, &result)`: exact arithmetic, then the conversion to the result's type. */
function overflow(at: Token, args: readonly Expression[]): Expression {
  const pointer = needed(args, 2, at);
  if (pointer.type.kind !== 'pointer' || pointer.type.to.kind !== 'integer') {
    throw new TranslateError(`\`${at.text}\` needs a pointer to an integer`, at);
  }
  return {
    kind: 'builtin',
    at,
    type: c.BOOL,
    name: at.text,
    args: [needed(args, 0, at), needed(args, 1, at), pointer],
  };
}

function typesCompatible(p: Parser, at: Token): Expression {
  p.expect('(');
  const left = parseTypeName(p);
  p.expect(',');
  const right = parseTypeName(p);
  p.expect(')');
  return t.number(at, c.compatible(left, right) ? 1 : 0, c.INT);
}

function offsetOf(p: Parser, at: Token): Expression {
  p.expect('(');
  const type = parseTypeName(p);
  p.expect(',');
  // Built as an access to an object at address 0, whose address is then the offset.
  let object: Expression = t.deref(at, t.number(at, 0, c.pointerTo(type)));
  object = t.member(at, object, p.identifier().text);
  let offset = object.kind === 'member' ? object.offset : 0;
  for (;;) {
    if (p.accept('.')) {
      object = t.member(at, object, p.identifier().text);
      offset += object.kind === 'member' ? object.offset : 0;
    } else if (p.accept('[')) {
      const index = Number(parseConstant(p));
      p.expect(']');
      if (object.type.kind !== 'array') throw new TranslateError('offsetof index of what is no array', at);
      offset += index * (c.sizeOf(object.type.of) ?? 0);
      object = { ...object, type: object.type.of };
    } else break;
  }
  p.expect(')');
  return t.number(at, offset, c.ULONG, `offsetof(${c.typeText(type)})`);
}

function chooseExpression(p: Parser, at: Token): Expression {
  p.expect('(');
  const which = parseConstant(p);
  p.expect(',');
  const first = which !== 0 ? parseAssignment(p) : p.withoutEvaluation(() => parseAssignment(p));
  p.expect(',');
  const second = which === 0 ? parseAssignment(p) : p.withoutEvaluation(() => parseAssignment(p));
  p.expect(')');
  return { ...(which !== 0 ? first : second), at };
}

function parseGeneric(p: Parser, at: Token): Expression {
  p.expect('(');
  const { type } = p.withoutEvaluation(() => t.decay(parseAssignment(p)));
  let chosen: Expression | undefined;
  let fallback: Expression | undefined;
  while (p.accept(',')) {
    const isDefault = p.accept('default');
    const candidate = isDefault ? undefined : startsType(p) ? parseTypeName(p) : undefined;
    p.expect(':');
    const matches = candidate !== undefined && c.compatible(candidate, type);
    const take = isDefault || (matches && chosen === undefined);
    const value = take ? parseAssignment(p) : p.withoutEvaluation(() => parseAssignment(p));
    if (isDefault) fallback = value;
    else if (matches) chosen ??= value;
  }
  p.expect(')');
  const result = chosen ?? fallback;
  if (result === undefined) throw new TranslateError(`_Generic has no case for \`${c.typeText(type)}\``, at);
  return result;
}
