// SPDX-License-Identifier: GPL-2.0-only
import { neg, not, type U64 } from '../base/u64.ts';
import * as c from './c-type.ts';
import type { CType, IntegerType } from './c-type.ts';
import { convertConstant, convertTyped, foldBinary } from './fold.ts';
import type { BinaryOperator, Expression } from './syntax.ts';
import { TranslateError, type Token } from './token.ts';

/** Constructors of typed expressions: C's conversions are applied and constants folded here, in one place. */

export function number(at: Token, value: U64, type: CType, origin?: string): Expression {
  return { kind: 'number', at, type, value: convertConstant(value, type), origin };
}

/** `va_list`: where the next argument lies, each in eight bytes. */
export const VARIABLE_ARGUMENTS = c.pointerTo(c.ULONG);

/** Arrays and functions become pointers where they are used as values (C11 6.3.2.1). */
export function decay(expression: Expression): Expression {
  const { type, at } = expression;
  if (type.kind === 'array') {
    markAddressed(expression);
    return { kind: 'address', at, type: c.pointerTo(type.of), of: expression };
  }
  if (type.kind === 'function') return { kind: 'address', at, type: c.pointerTo(type), of: expression };
  return expression;
}

/** A variable whose address is taken lies in memory. */
function markAddressed(expression: Expression): void {
  if (expression.kind === 'variable') expression.variable.inMemory = true;
  else if (expression.kind === 'member') markAddressed(expression.base);
}

function markChanged(target: Expression): void {
  if (target.kind === 'variable') target.variable.isChanged = true;
}

export function addressOf(at: Token, of: Expression): Expression {
  if (of.kind === 'deref') return { ...of.pointer, type: c.pointerTo(of.type) };
  const descriptor = descriptorBehind(of);
  if (descriptor !== undefined) return { ...addressOf(at, descriptor), type: c.pointerTo(of.type) };
  if (!isLvalue(of) && of.type.kind !== 'function')
    throw new TranslateError('address of what is no object', at);
  if (of.kind === 'member' && of.member.bits !== undefined)
    throw new TranslateError('address of a bit-field', at);
  markAddressed(of);
  return { kind: 'address', at, type: c.pointerTo(of.type), of };
}

function isLvalue(expression: Expression): boolean {
  switch (expression.kind) {
    case 'variable':
    case 'deref':
    case 'string':
    case 'compound':
      return true;
    case 'member':
      return isLvalue(expression.base) || expression.base.type.kind === 'struct';
    default:
      return false;
  }
}

export function deref(at: Token, pointer: Expression): Expression {
  const value = decay(pointer);
  if (value.type.kind === 'unknown') throw new TranslateError('use of a value of unknown type', at);
  if (value.type.kind !== 'pointer') throw new TranslateError(`\`*\` on \`${c.typeText(value.type)}\``, at);
  if (value.type.to.kind === 'function') return value;
  return { kind: 'deref', at, type: value.type.to, pointer: value };
}

export function member(at: Token, base: Expression, name: string): Expression {
  if (base.type.kind === 'descriptor' && DESCRIPTOR_MEMBERS.has(name)) return bitsOf(at, base);
  if (base.type.kind !== 'struct')
    throw new TranslateError(`\`.${name}\` of \`${c.typeText(base.type)}\``, at);
  if (base.type.members === undefined) {
    throw new TranslateError(
      `\`${c.typeText(base.type)}\` is declared nowhere, so \`.${name}\` is not modelled`,
      at,
    );
  }
  const found = c.findMember(base.type, name);
  if (found === undefined)
    throw new TranslateError(`\`${c.typeText(base.type)}\` has no member \`${name}\``, at);
  return { kind: 'member', at, type: found.member.type, base, member: found.member, offset: found.offset };
}

/** Architectures declare entries and protections as structs of one word, and take it as `pte.pte` or `prot.pgprot`. */
const DESCRIPTOR_MEMBERS = new Set(['pte', 'pmd', 'pud', 'p4d', 'pgd', 'pgprot']);

/** The hardware bits of a descriptor, as an integer; where the descriptor is an object they can be assigned to. */
function bitsOf(at: Token, descriptor: Expression): Expression {
  return { kind: 'cast', at, type: c.ULLONG, operand: descriptor };
}

/** A descriptor of these hardware bits. */
export function descriptorOf(at: Token, bits: Expression): Expression {
  return { kind: 'cast', at, type: c.DESCRIPTOR, operand: convert(bits, c.ULLONG) };
}

/** Macros of the kernel that stand for the same, and so for an object: `pte_val(pte) |= bit`, `xchg(&pte_val(*ptep), 0)`. */
const DESCRIPTOR_VALUES = new Set(['pte_val', 'pmd_val', 'pud_val', 'p4d_val', 'pgd_val', 'pgprot_val']);

/** The descriptor that an expression is the bits of. */
function descriptorBehind(expression: Expression): Expression | undefined {
  if (expression.kind === 'call') {
    const { callee, args } = expression;
    const isValue = callee.kind === 'function' && DESCRIPTOR_VALUES.has(callee.name);
    return isValue && args[0]?.type.kind === 'descriptor' ? args[0] : undefined;
  }
  const isBits = expression.kind === 'cast' && expression.operand.type.kind === 'descriptor';
  return isBits && expression.type.kind === 'integer' ? expression.operand : undefined;
}

/** An integer conversion, or a pointer or descriptor taken as another one. */
export function convert(expression: Expression, type: CType, at: Token = expression.at): Expression {
  const operand = decay(expression);
  if (type.kind === 'void') return { kind: 'cast', at, type, operand };
  if (operand.type.kind === 'unknown' || type.kind === 'unknown') return { kind: 'cast', at, type, operand };
  if (operand.kind === 'number' && (type.kind === 'integer' || type.kind === 'pointer')) {
    return { ...operand, value: convertTyped(operand.value, operand.type, type), type, at };
  }
  if (c.sameType(operand.type, type) && type.kind !== 'struct') return { ...operand, type };
  if (type.kind === 'struct' || operand.type.kind === 'struct') {
    if (c.sameType(operand.type, type)) return operand;
    throw new TranslateError(`\`${c.typeText(operand.type)}\` converted to \`${c.typeText(type)}\``, at);
  }
  if ((type.kind === 'descriptor') !== (operand.type.kind === 'descriptor')) {
    throw new TranslateError(`\`${c.typeText(operand.type)}\` converted to \`${c.typeText(type)}\``, at);
  }
  if (operand.type.kind === 'void') throw new TranslateError('use of a void value', at);
  return { kind: 'cast', at, type, operand };
}

/** C's integer promotions. */
export function promote(type: IntegerType): IntegerType {
  if (type.size < 4) return c.INT;
  return type.enumName === undefined ? type : { kind: 'integer', size: type.size, unsigned: type.unsigned };
}

/** A bit-field narrower than int promotes to int, whatever its declared type (C11 6.3.1.1). */
function promoteBitField(value: Expression): Expression {
  const narrow = value.kind === 'member' && value.member.bits !== undefined && value.member.bits.width < 32;
  return narrow ? convert(value, c.INT) : value;
}

/** The type of the usual arithmetic conversions. */
function commonType(left: IntegerType, right: IntegerType): IntegerType {
  const a = promote(left);
  const b = promote(right);
  if (a.size !== b.size) return a.size > b.size ? a : b;
  const unsigned = a.unsigned || b.unsigned;
  if (a.longLong === true || b.longLong === true) return unsigned ? c.ULLONG : c.LLONG;
  return a.unsigned ? a : b;
}

const COMPARISONS = new Set<string>(['==', '!=', '<', '<=', '>', '>=']);

/** A binary operator of C on two values; `>` and `>=` become `<` and `<=` of exchanged operands. */
export function binary(at: Token, operator: string, l: Expression, r: Expression): Expression {
  const left = promoteBitField(decay(l));
  const right = promoteBitField(decay(r));
  if (left.type.kind === 'unknown' || right.type.kind === 'unknown') {
    const type = COMPARISONS.has(operator) ? c.INT : c.UNKNOWN;
    return { kind: 'binary', at, type, operator: '+', left, right };
  }
  if (c.isPointer(left.type) || c.isPointer(right.type)) return pointerBinary(at, operator, left, right);
  if (!c.isInteger(left.type) || !c.isInteger(right.type)) {
    throw new TranslateError(`\`${c.typeText(left.type)}\` ${operator} \`${c.typeText(right.type)}\``, at);
  }
  if (operator === '<<' || operator === '>>') {
    const type = promote(left.type);
    const count = convert(right, promote(right.type));
    return makeBinary(at, operator, type, type, convert(left, type), count);
  }
  const type = commonType(left.type, right.type);
  return compareOrCompute(at, operator, type, convert(left, type), convert(right, type));
}

function compareOrCompute(
  at: Token,
  operator: string,
  type: CType,
  left: Expression,
  right: Expression,
): Expression {
  if (operator === '>') return makeBinary(at, '<', type, c.INT, right, left);
  if (operator === '>=') return makeBinary(at, '<=', type, c.INT, right, left);
  const result = COMPARISONS.has(operator) ? c.INT : type;
  return makeBinary(at, operator as BinaryOperator, type, result, left, right);
}

function makeBinary(
  at: Token,
  operator: BinaryOperator,
  operands: CType,
  type: CType,
  left: Expression,
  right: Expression,
): Expression {
  if (left.kind === 'number' && right.kind === 'number' && operands.kind === 'integer') {
    const value = foldBinary(operator, operands, left.value, right.value);
    if (value !== undefined) {
      const origin = left.origin === right.origin ? left.origin : undefined;
      return { kind: 'number', at, type, value, origin };
    }
  }
  return { kind: 'binary', at, type, operator, left, right };
}

function pointerBinary(at: Token, operator: string, left: Expression, right: Expression): Expression {
  if (COMPARISONS.has(operator)) {
    const a = convert(left, c.ULONG);
    const b = convert(right, c.ULONG);
    return compareOrCompute(at, operator, c.ULONG, a, b);
  }
  if (operator === '+' && c.isInteger(left.type)) return pointerBinary(at, '+', right, left);
  if (!c.isPointer(left.type)) throw new TranslateError(`\`${operator}\` with a pointer on its right`, at);
  const size = c.sizeOf(left.type.to);
  if (size === undefined) {
    throw new TranslateError(`arithmetic on a pointer to incomplete \`${c.typeText(left.type.to)}\``, at);
  }
  if (operator === '-' && c.isPointer(right.type)) {
    return { kind: 'binary', at, type: c.LONG, operator: 'pointer-difference', left, right };
  }
  if ((operator !== '+' && operator !== '-') || !c.isInteger(right.type)) {
    throw new TranslateError(`\`${c.typeText(left.type)}\` ${operator} \`${c.typeText(right.type)}\``, at);
  }
  const index = convert(right, right.type.unsigned ? c.ULONG : c.LONG);
  if (index.kind === 'number' && index.value === 0) return left;
  return {
    kind: 'binary',
    at,
    type: left.type,
    operator: operator === '+' ? 'pointer+' : 'pointer-',
    left,
    right: index,
  };
}

export function unary(at: Token, operator: '-' | '~' | '+', o: Expression): Expression {
  const operand = promoteBitField(decay(o));
  if (operand.type.kind === 'unknown') return operand;
  if (!c.isInteger(operand.type))
    throw new TranslateError(`\`${operator}\` on \`${c.typeText(operand.type)}\``, at);
  const type = promote(operand.type);
  const value = convert(operand, type);
  if (operator === '+') return value;
  if (value.kind === 'number' && type.size <= 8) {
    return number(at, operator === '-' ? neg(value.value) : not(value.value), type, value.origin);
  }
  return { kind: 'unary', at, type, operator, operand: value };
}

/** Anything that can be tested: numbers and pointers. */
export function condition(at: Token, tested: Expression): Expression {
  const value = decay(tested);
  if (!c.isScalar(value.type) || value.type.kind === 'descriptor') {
    throw new TranslateError(`\`${c.typeText(value.type)}\` as a condition`, at);
  }
  return value;
}

export function logicalNot(at: Token, tested: Expression): Expression {
  const operand = condition(at, tested);
  if (operand.kind === 'number') return number(at, operand.value === 0 ? 1 : 0, c.INT);
  return { kind: 'unary', at, type: c.INT, operator: '!', operand };
}

export function logical(at: Token, operator: '&&' | '||', l: Expression, r: Expression): Expression {
  const left = condition(at, l);
  const right = condition(at, r);
  if (left.kind === 'number') {
    const decided = operator === '&&' ? left.value === 0 : left.value !== 0;
    if (decided) return number(at, operator === '&&' ? 0 : 1, c.INT);
    if (right.kind === 'number') return number(at, right.value === 0 ? 0 : 1, c.INT);
  }
  return { kind: 'logical', at, type: c.INT, operator, left, right };
}

/** `condition ? yes : no`; `yes` undefined is GNU's short form. */
export function conditional(
  at: Token,
  tested: Expression,
  y: Expression | undefined,
  n: Expression,
): Expression {
  const test = condition(at, tested);
  const yes = decay(y ?? test);
  const no = decay(n);
  const type = conditionalType(at, yes, no);
  if (test.kind === 'number' && y !== undefined) return convert(test.value !== 0 ? yes : no, type);
  const converted = { yes: convert(yes, type), no: convert(no, type) };
  return { kind: 'conditional', at, type, condition: test, yes: y && converted.yes, no: converted.no };
}

function conditionalType(at: Token, yes: Expression, no: Expression): CType {
  const [a, b] = [yes.type, no.type];
  if (a.kind === 'void' || b.kind === 'void') return c.VOID;
  if (a.kind === 'unknown') return b;
  if (b.kind === 'unknown') return a;
  if (c.isInteger(a) && c.isInteger(b)) return commonType(a, b);
  if (c.isPointer(a) && c.isPointer(b)) {
    // A null pointer constant and void * take the other side's type.
    if (isNull(yes)) return b;
    if (isNull(no)) return a;
    return b.to.kind === 'void' ? b : a;
  }
  if (c.isPointer(a)) return a;
  if (c.isPointer(b)) return b;
  if (c.sameType(a, b)) return a;
  throw new TranslateError(`\`?:\` of \`${c.typeText(a)}\` and \`${c.typeText(b)}\``, at);
}

/** A null pointer constant? */
export function isNull(expression: Expression): boolean {
  return expression.kind === 'number' && expression.value === 0;
}

export function assign(at: Token, target: Expression, value: Expression): Expression {
  const descriptor = descriptorBehind(target);
  if (descriptor !== undefined) return bitsOf(at, assign(at, descriptor, descriptorOf(at, value)));
  if (!isLvalue(target)) throw new TranslateError('assignment to what is no object', at);
  markChanged(target);
  return { kind: 'assign', at, type: target.type, target, value: convert(value, target.type) };
}

/** `target op= operand`, `target++` and relatives. */
export function update(
  at: Token,
  target: Expression,
  operator: string,
  operand: Expression,
  yields: 'before' | 'after',
): Expression {
  const descriptor = descriptorBehind(target);
  const object = descriptor ?? target;
  if (!isLvalue(object)) throw new TranslateError('assignment to what is no object', at);
  markChanged(object);
  const old: Expression = { kind: 'old', at, type: object.type };
  if (descriptor !== undefined) {
    const combine = descriptorOf(at, binary(at, operator, bitsOf(at, old), operand));
    return bitsOf(at, { kind: 'update', at, type: object.type, target: object, old, combine, yields });
  }
  const combine = convert(binary(at, operator, old, operand), object.type);
  return { kind: 'update', at, type: object.type, target: object, old, combine, yields };
}
