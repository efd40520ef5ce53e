// SPDX-License-Identifier: GPL-2.0-only
import { wide, widened, type U128 } from '../base/u128.ts';
import * as u64 from '../base/u64.ts';
import type { U64 } from '../base/u64.ts';
import type { CType, IntegerType } from './c-type.ts';
import type { BinaryOperator } from './syntax.ts';

/** A value converted to an integer or pointer type, in the form that emitted code holds it in. */
export function convertConstant(value: U64, type: CType): U64 {
  if (type.kind !== 'integer' || type.size === 8) return value;
  if (type.size === 16) return wide(BigInt(value));
  if (type.bool === true) return value === 0 ? 0 : 1;
  const low = u64.lowHalf(value);
  if (type.size === 4) return type.unsigned ? low >>> 0 : low;
  const drop = 32 - type.size * 8;
  return type.unsigned ? (low << drop) >>> drop : (low << drop) >> drop;
}

/** The same for a value of a given type, which matters where one of the two has 128 bits. */
export function convertTyped(value: U128, from: CType, to: CType): U128 {
  const [narrow, wider] = [from, to].map((type) => type.kind !== 'integer' || type.size < 16);
  if (narrow === wider) return convertConstant(value, to);
  if (wider) return convertConstant(u64.fromBig(BigInt(value)), to);
  const isUnsigned = from.kind !== 'integer' || (from.unsigned && from.size === 8);
  return isUnsigned ? widened(value) : value;
}

/** A binary operation on constants of one integer type; undefined where C gives no value (division by 0 …). */
export function foldBinary(operator: BinaryOperator, type: IntegerType, a: U64, b: U64): U64 | undefined {
  const wrap = (value: U64): U64 => convertConstant(value, type);
  const truth = (value: boolean): U64 => (value ? 1 : 0);
  const bits = type.size * 8;
  if (bits > 64) return undefined;
  switch (operator) {
    case '+': return wrap(u64.add(a, b));
    case '-': return wrap(u64.sub(a, b));
    case '*': return wrap(u64.mul(a, b));
    case '/': return b === 0 ? undefined : wrap(type.unsigned ? u64.udiv(a, b) : u64.sdiv(a, b));
    case '%': return b === 0 ? undefined : wrap(type.unsigned ? u64.umod(a, b) : u64.smod(a, b));
    case '&': return wrap(u64.and(a, b));
    case '|': return wrap(u64.or(a, b));
    case '^': return wrap(u64.xor(a, b));
    case '<<': return typeof b === 'number' && b >= 0 && b < bits ? wrap(u64.shl(a, b)) : undefined;
    case '>>':
      if (typeof b !== 'number' || b < 0 || b >= bits) return undefined;
      return wrap(type.unsigned ? u64.shr(a, b) : u64.sar(a, b));
    case '==': return truth(a === b);
    case '!=': return truth(a !== b);
    case '<': return truth(type.unsigned ? u64.ult(a, b) : a < b);
    case '<=': return truth(type.unsigned ? u64.ule(a, b) : a <= b);
    default: return undefined;
  } // prettier-ignore
}
