// SPDX-License-Identifier: GPL-2.0-only
import { ULONG, type CType, type IntegerType } from './c-type.ts';
import type { BinaryOperator, Expression } from './syntax.ts';

/**
 * C arithmetic as text. Values of 32 bits and less are numbers within the range of their C type, so one operator of
 * JavaScript and one truncation give C's result; 64-bit values go through base/u64.ts.
 */
export function arithmetic(
  operator: BinaryOperator,
  type: IntegerType,
  a: string,
  b: string,
  right: Expression,
): string {
  if (type.size === 16) return arithmetic128(operator, type, a, b, right);
  if (type.size === 8) return arithmetic64(operator, type, a, b, right);
  const wrap = type.unsigned ? '>>> 0' : '| 0';
  const constant = right.kind === 'number' ? right.value : undefined;
  switch (operator) {
    case '+':
    case '-':
      return `((${a} ${operator} ${b}) ${wrap})`;
    case '*':
      return type.unsigned ? `(Math.imul(${a}, ${b}) >>> 0)` : `Math.imul(${a}, ${b})`;
    case '/':
    case '%':
      if (constant !== undefined && constant !== 0) return `((${a} ${operator} ${b}) ${wrap})`;
      return `((${a} ${operator} divisor(${b})) ${wrap})`;
    case '&':
    case '|':
    case '^':
      return type.unsigned ? `((${a} ${operator} ${b}) >>> 0)` : `(${a} ${operator} ${b})`;
    case '<<': {
      const count = shiftCount(b, constant, 32);
      return type.unsigned ? `((${a} << ${count}) >>> 0)` : `(${a} << ${count})`;
    }
    default:
      return `(${a} ${type.unsigned ? '>>>' : '>>'} ${shiftCount(b, constant, 32)})`;
  }
}

function arithmetic64(
  operator: BinaryOperator,
  type: IntegerType,
  a: string,
  b: string,
  right: Expression,
): string {
  const constant = right.kind === 'number' ? right.value : undefined;
  const checked = constant !== undefined && constant !== 0 ? b : `divisor(${b})`;
  switch (operator) {
    case '+': return `add(${a}, ${b})`;
    case '-': return `sub(${a}, ${b})`;
    case '*': return `mul(${a}, ${b})`;
    case '/': return `${type.unsigned ? 'udiv' : 'sdiv'}(${a}, ${checked})`;
    case '%': return `${type.unsigned ? 'umod' : 'smod'}(${a}, ${checked})`;
    case '&': return `and(${a}, ${b})`;
    case '|': return `or(${a}, ${b})`;
    case '^': return `xor(${a}, ${b})`;
    case '<<': return `shl(${a}, ${shiftCount(b, constant, 64)})`;
    default: return `${type.unsigned ? 'shr' : 'sar'}(${a}, ${shiftCount(b, constant, 64)})`;
  } // prettier-ignore
}

function arithmetic128(
  operator: BinaryOperator,
  type: IntegerType,
  a: string,
  b: string,
  right: Expression,
): string {
  const constant = right.kind === 'number' ? right.value : undefined;
  const isDivision = operator === '/' || operator === '%';
  const isShift = operator === '<<' || operator === '>>';
  const checked = isDivision ? `divisor(${b})` : isShift ? shiftCount(b, constant, 128) : b;
  return `rt.compute128('${operator}', ${a}, ${checked}, ${type.unsigned})`;
}

function shiftCount(text: string, constant: number | bigint | undefined, width: number): string {
  const inRange = typeof constant === 'number' && constant >= 0 && constant < width;
  return inRange ? text : `count(${text}, ${width})`;
}

/** A comparison as a JavaScript boolean. */
export function comparison(operator: BinaryOperator, operands: CType, a: string, b: string): string {
  if (operator === '==') return `${a} === ${b}`;
  if (operator === '!=') return `${a} !== ${b}`;
  if (operands.kind === 'integer' && operands.size === 16 && operands.unsigned) {
    return operator === '<' ? `rt.below128(${a}, ${b})` : `!rt.below128(${b}, ${a})`;
  }
  const wide = operands.kind !== 'integer' || operands.size === 8;
  const unsigned = operands.kind !== 'integer' || operands.unsigned;
  if (wide && unsigned) return `${operator === '<' ? 'ult' : 'ule'}(${a}, ${b})`;
  return `${a} ${operator} ${b}`;
}

/** An integer, pointer or descriptor converted to another such type; of a descriptor to and from its hardware bits. */
export function conversion(from: CType, to: CType, text: string, isSmall: boolean): string {
  if (from.kind !== to.kind && from.kind === 'descriptor') return `bitsOfDescriptor(${text})`;
  if (from.kind !== to.kind && to.kind === 'descriptor') return `descriptorFromBits(${text})`;
  if (isWidest(from) !== isWidest(to)) {
    if (isWidest(from)) return conversion(ULONG, to, `rt.narrowed(${text})`, false);
    const isUnsigned = from.kind !== 'integer' || (from.unsigned && from.size === 8);
    return isUnsigned ? `rt.widened(${text})` : text;
  }
  if (to.kind === 'pointer') {
    const wide = from.kind === 'integer' && from.size === 8;
    return wide && !isSmall ? `pointer(${text})` : text;
  }
  if (to.kind !== 'integer' || to.size >= 8) return text;
  const wide = from.kind !== 'integer' || from.size === 8;
  if (!wide && fits(from, to)) return text;
  if (to.size === 4) {
    if (wide) return `${to.unsigned ? 'u32' : 'i32'}(${text})`;
    return to.unsigned ? `(${text} >>> 0)` : `(${text} | 0)`;
  }
  const low = wide ? `i32(${text})` : text;
  if (to.unsigned) return `(${low} & ${to.size === 1 ? '0xff' : '0xffff'})`;
  const drop = 32 - to.size * 8;
  return `((${low} << ${drop}) >> ${drop})`;
}

function isWidest(type: CType): boolean {
  return type.kind === 'integer' && type.size === 16;
}

function fits(from: IntegerType, to: IntegerType): boolean {
  if (from.bool === true) return true;
  if (from.unsigned === to.unsigned) return from.size <= to.size;
  return from.unsigned && from.size < to.size;
}

/** A scalar as memory holds it at an address. */
export function loadText(type: CType, address: string): string {
  return isWidest(type) ? `rt.load128(${address})` : `mem.${loadMethod(type)}(${address})`;
}

/** Stores a scalar. */
export function storeText(type: CType, address: string, value: string): string {
  return isWidest(type)
    ? `rt.store128(${address}, ${value})`
    : `mem.${storeMethod(type)}(${address}, ${value})`;
}

/** The Memory method that loads a scalar. */
export function loadMethod(type: CType): string {
  if (type.kind === 'descriptor') return 'ldDescriptor';
  if (type.kind === 'pointer') return 'ldPointer';
  if (type.kind !== 'integer' || type.size === 8) return 'ld64';
  return `${type.unsigned ? 'ld' : 'lds'}${type.size * 8}`;
}

export function storeMethod(type: CType): string {
  if (type.kind === 'descriptor') return 'stDescriptor';
  if (type.kind !== 'integer') return 'st64';
  return `st${type.size * 8}`;
}
