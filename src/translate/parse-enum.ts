// SPDX-License-Identifier: GPL-2.0-only
import { fromBig } from '../base/u64.ts';
import * as c from './c-type.ts';
import type { CType } from './c-type.ts';
import { exactConstant } from './parse-expression.ts';
import { noAttributes, parseAttributes, parseSpecifiers, startsType } from './parse-type.ts';
import type { Parser } from './parser.ts';
import { TranslateError } from './token.ts';

/** An enum, with its list of enumerators or without. */
export function parseEnum(p: Parser): CType {
  p.next();
  const attributes = noAttributes();
  parseAttributes(p, attributes);
  const tag = p.peek().kind === 'identifier' ? p.next() : undefined;
  const underlying = p.is(':') && startsType(p, 1) ? underlyingType(p) : undefined;
  if (!p.is('{')) {
    const known = tag === undefined ? undefined : p.scope.findTag(tag.text);
    if (known?.kind === 'enum') return known.type;
    // An enum that is declared nowhere is passed around as unsigned int.
    return { ...(underlying ?? c.UINT), enumName: tag?.text ?? '' };
  }
  p.expect('{');
  const values = new Map<string, bigint>();
  let value = 0n;
  while (!p.is('}')) {
    const name = p.identifier();
    parseAttributes(p, attributes);
    if (p.accept('=')) value = exactConstant(p);
    values.set(name.text, value);
    declareEnumerator(p, name.text, value, value < 2n ** 63n ? c.LONG : c.ULONG);
    value++;
    if (!p.accept(',')) break;
  }
  p.expect('}');
  parseAttributes(p, attributes);
  const chosen = underlying ?? enumType([...values.values()], attributes.packed);
  const type = { ...chosen, enumName: tag?.text ?? '' };
  for (const [name, each] of values) declareEnumerator(p, name, each, type);
  if (tag !== undefined) p.scope.declareTag(tag.text, { kind: 'enum', type });
  return type;
}

/** C23: `enum tag : type`. */
function underlyingType(p: Parser): c.IntegerType {
  const at = p.expect(':');
  const { type } = parseSpecifiers(p);
  if (!c.isInteger(type)) throw new TranslateError(`an enum of \`${c.typeText(type)}\``, at);
  return type;
}

function declareEnumerator(p: Parser, name: string, exact: bigint, otherwise: CType): void {
  const type = fitsIn(c.INT, exact) ? c.INT : otherwise;
  p.scope.declare(name, { kind: 'constant', value: fromBig(exact), type });
}

/** The integer type that GCC gives an enum: unsigned where nothing is negative, and as small as packed ones may be. */
function enumType(values: readonly bigint[], packed: boolean): c.IntegerType {
  const small = packed ? [c.UCHAR, c.SCHAR, c.USHORT, c.SHORT] : [];
  const types = [...small, c.UINT, c.INT, c.ULONG, c.LONG];
  return types.find((type) => values.every((value) => fitsIn(type, value))) ?? c.LONG;
}

function fitsIn({ size, unsigned }: c.IntegerType, value: bigint): boolean {
  const half = 2n ** BigInt(size * 8 - 1);
  return unsigned ? value >= 0n && value < 2n * half : value >= -half && value < half;
}
