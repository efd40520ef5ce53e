// SPDX-License-Identifier: GPL-2.0-only
import type { IntegerType } from './c-integer.ts';
import { BOOL, INT, INTEGER_TYPES, ULONG, common, constantType, promoted } from './c-integer.ts';
import type { Choices } from './choices.ts';
import type { Scope } from './scope.ts';

/** An expression without side effects, parenthesised as far as its surroundings may need. */
export interface Expression {
  readonly text: string;
  readonly type: IntegerType;
}

const MAX_DEPTH = 4;

/** Around the widths of types, the exact range of a double, and the kernel's addresses and masks. */
const VALUES: readonly [bigint, ...bigint[]] = [
  0n,
  1n,
  2n,
  7n,
  10n,
  31n,
  0x7fn,
  0x80n,
  0xffn,
  0x1000n,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x1fffffffffffffn,
  0x20000000000000n,
  0x20000000000001n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0xffff800000000000n,
  0xfffffffffffff000n,
  0xffffffffffffffffn,
];

export function writeExpression(choices: Choices, scope: Scope, depth = 0): Expression {
  if (depth >= MAX_DEPTH || choices.exhausted) return writeLeaf(choices, scope);
  const deeper = (): Expression => writeExpression(choices, scope, depth + 1);
  const write = choices.pick<() => Expression>([
    () => writeLeaf(choices, scope),
    () => writePlace(choices, scope, depth + 1),
    () => writeArithmetic(choices, deeper(), deeper()),
    () => writeArithmetic(choices, deeper(), deeper()),
    () => writeComparison(choices, deeper(), deeper()),
    () => writeShift(choices, deeper(), deeper()),
    () => writeDivision(choices, deeper(), deeper()),
    () => writeUnary(choices, deeper()),
    () => writeCast(choices, deeper()),
    () => writeConditional(deeper(), deeper(), deeper()),
    () => writeComma(choices, scope, deeper(), deeper()),
    () => writeExtra(choices, scope, deeper),
  ]);
  return write();
}

/** An index that is inside [0, length) whatever the variables hold. */
export function writeIndex(choices: Choices, scope: Scope, length: number, depth: number): string {
  if (depth >= MAX_DEPTH || choices.chance(50) || choices.exhausted) return String(choices.below(length));
  const { text } = writeExpression(choices, scope, depth + 1);
  return Number.isInteger(Math.log2(length)) ? `(${text}) & ${length - 1}` : `(u32)(${text}) % ${length}u`;
}

/** An lvalue to be read. */
function writePlace(choices: Choices, scope: Scope, depth: number): Expression {
  const place = choices.pickAny(scope.places);
  if (place === undefined) return writeConstant(choices);
  const text = place.write((length) => writeIndex(choices, scope, length, depth));
  // sizeof and typeof take no bit-field, but its value.
  return { text: place.field === true ? `(+${text})` : text, type: place.type };
}

function writeLeaf(choices: Choices, scope: Scope): Expression {
  return choices.chance(60) ? writePlace(choices, scope, MAX_DEPTH) : writeConstant(choices);
}

export function writeConstant(choices: Choices): Expression {
  const value = choices.chance(50) ? choices.pick(VALUES) : BigInt(choices.below(300));
  if (choices.chance(10)) {
    const letter = String.fromCharCode(97 + choices.below(26));
    return {
      text: choices.pick([`'${letter}'`, String.raw`'\n'`, String.raw`'\x41'`, String.raw`'\0'`]),
      type: INT,
    };
  }
  const suffix = choices.pick(['', 'U', 'L', 'UL', 'LL', 'ULL']);
  const base = choices.pick([10, 16, 8]);
  // A decimal constant beyond `long long` has no type in C.
  if (base === 10 && (value < 1n << 63n || suffix.includes('U'))) {
    return { text: `${value}${suffix}`, type: constantType(value, suffix, true) };
  }
  const digits = base === 8 ? `0${value.toString(8)}` : `0x${value.toString(16)}`;
  return { text: `${digits}${suffix}`, type: constantType(value, suffix, false) };
}

function writeArithmetic(choices: Choices, left: Expression, right: Expression): Expression {
  const operator = choices.pick(['+', '-', '*', '&', '|', '^']);
  return { text: `(${left.text} ${operator} ${right.text})`, type: common(left.type, right.type) };
}

function writeComparison(choices: Choices, left: Expression, right: Expression): Expression {
  const operator = choices.pick(['==', '!=', '<', '<=', '>', '>=', '&&', '||']);
  return { text: `(${left.text} ${operator} ${right.text})`, type: INT };
}

function writeShift(choices: Choices, left: Expression, right: Expression): Expression {
  const type = promoted(left.type);
  const amount = choices.chance(50) ? String(choices.below(type.bits)) : `(${right.text} & ${type.bits - 1})`;
  return { text: `(${left.text} ${choices.pick(['<<', '>>'])} ${amount})`, type };
}

/** Never by zero, and never by -1, which the smallest value cannot be divided by. */
function writeDivision(choices: Choices, left: Expression, right: Expression): Expression {
  const operator = choices.pick(['/', '%']);
  const type = common(left.type, right.type);
  const signedDivisor = choices.pick<() => string>([
    () => String(choices.below(20) + 1),
    () => `((${right.text} & 15) + 1)`,
    () => `(-${choices.below(20) + 2})`,
    () => `((${right.text}) == 0 || (${right.text}) == -1 ? 3 : (${right.text}))`,
  ]);
  const divisor = type.signed ? signedDivisor() : `(${right.text} | 1)`;
  // The divisor's type is part of the common type, so the cast keeps the constants from narrowing it.
  return { text: `(${left.text} ${operator} (${type.name})${divisor})`, type };
}

function writeUnary(choices: Choices, operand: Expression): Expression {
  const operator = choices.pick(['-', '~', '!', '+']);
  // A blank between keeps `- -1` from becoming `--1`.
  return { text: `(${operator} ${operand.text})`, type: operator === '!' ? INT : promoted(operand.type) };
}

function writeCast(choices: Choices, operand: Expression): Expression {
  const type = choices.pick(INTEGER_TYPES);
  return { text: `(${type.name})${operand.text}`, type };
}

function writeConditional(test: Expression, yes: Expression, no: Expression): Expression {
  return { text: `(${test.text} ? ${yes.text} : ${no.text})`, type: common(yes.type, no.type) };
}

/** gcc 12 breaks down over `(_Bool)(1, 2) + 0`, so only a variable stands before a comma without a cast. */
function writeComma(choices: Choices, scope: Scope, first: Expression, second: Expression): Expression {
  const variable = scope.places.length > 0 && choices.chance(50);
  const { text } = variable ? writePlace(choices, scope, MAX_DEPTH) : { text: `(void)${first.text}` };
  return { text: `(${text}, ${second.text})`, type: second.type };
}

/** What the scope offers beside variables: macros, functions, pointers to compare, sizes. */
function writeExtra(choices: Choices, scope: Scope, deeper: () => Expression): Expression {
  const extra = choices.pickAny(scope.extras);
  if (extra !== undefined && choices.chance(80)) return extra(choices, deeper);
  const { text } = deeper();
  return choices.chance(50)
    ? { text: `sizeof(${text})`, type: ULONG }
    : { text: `(_Bool)${text}`, type: BOOL };
}
