// SPDX-License-Identifier: GPL-2.0-only
import { fromBig, type U64 } from '../base/u64.ts';
import { TranslateError, type Token } from './token.ts';

export interface NumberValue {
  readonly value: U64;
  /** Bytes of the type: 4 or 8. */
  readonly size: 4 | 8;
  readonly unsigned: boolean;
  readonly longLong?: boolean;
}

const INTEGER = /^(0[xX][\da-fA-F]+|0[bB][01]+|\d+)([uUlL]*)$/;

/** An integer or character constant with the type that C gives it (C11 6.4.4). */
export function parseNumber(token: Token): NumberValue {
  if (token.kind === 'character') return { value: characterValue(token), size: 4, unsigned: false };
  const match = INTEGER.exec(token.text.replaceAll(/(?<=[\da-fA-F])'(?=[\da-fA-F])/g, ''));
  if (match === null) throw new TranslateError(`\`${token.text}\` is no integer constant`, token);
  const [, digits = '0', suffix = ''] = match;
  const octal = /^0\d/.test(digits);
  if (octal && /[89]/.test(digits)) throw new TranslateError(`\`${token.text}\` is no octal constant`, token);
  const exact = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  if (exact >= 2n ** 64n) throw new TranslateError(`\`${token.text}\` does not fit in 64 bits`, token);
  const saysUnsigned = /u/i.test(suffix);
  const saysLong = /l/i.test(suffix);
  const decimal = /^[1-9]/.test(digits);
  const size = saysLong || exact >= 2n ** 32n || (exact >= 2n ** 31n && !saysUnsigned && decimal) ? 8 : 4;
  const limit = size === 4 ? 2n ** 31n : 2n ** 63n;
  return {
    value: fromBig(exact),
    size,
    unsigned: saysUnsigned || (exact >= limit && !(decimal && size === 4)),
    ...(/ll/i.test(suffix) && { longLong: true }),
  };
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10, t: 9, r: 13, '0': 0, a: 7, b: 8, f: 12, v: 11, e: 27, '\\': 92, "'": 39, '"': 34, '?': 63,
}; // prettier-ignore

/** The bytes of a string or character literal's inside, escapes resolved, as UTF-8. */
export function literalBytes(token: Token): number[] {
  const open = token.text.search(/["']/);
  const inside = token.text.slice(open + 1, -1);
  const bytes: number[] = [];
  for (let at = 0; at < inside.length;) {
    const escape =
      inside[at] !== '\\' ? null : /^\\(?:x([\da-fA-F]+)|([0-7]{1,3})|(.))/s.exec(inside.slice(at, at + 12));
    if (escape === null) {
      const code = inside.codePointAt(at)!;
      const char = String.fromCodePoint(code);
      if (code < 0x80) bytes.push(code);
      else bytes.push(...new TextEncoder().encode(char));
      at += char.length;
      continue;
    }
    const [whole, hexadecimal, octal, simple] = escape;
    if (hexadecimal !== undefined) bytes.push(Number.parseInt(hexadecimal, 16) & 0xff);
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else bytes.push(Object.hasOwn(ESCAPES, simple!) ? ESCAPES[simple!]! : simple!.charCodeAt(0));
    at += whole.length;
  }
  return bytes;
}

function characterValue(token: Token): number {
  return literalBytes(token).reduce((value, byte) => (value << 8) | byte, 0);
}
