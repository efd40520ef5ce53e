// SPDX-License-Identifier: GPL-2.0-only

/** An integer type of C, as an LP64 compiler has it. */
export interface IntegerType {
  /** As written in a declaration. */
  readonly name: string;
  readonly bits: number;
  readonly signed: boolean;
  /** Conversion rank: types of one width can differ in it (`long` and `long long`). */
  readonly rank: number;
}

const integer = (name: string, bits: number, signed: boolean, rank: number): IntegerType => ({
  name,
  bits,
  signed,
  rank,
});

export const BOOL = integer('_Bool', 1, false, 0);
export const INT = integer('int', 32, true, 3);
export const UINT = integer('unsigned int', 32, false, 3);
export const LONG = integer('long', 64, true, 4);
export const ULONG = integer('unsigned long', 64, false, 4);
export const LLONG = integer('long long', 64, true, 5);
export const ULLONG = integer('unsigned long long', 64, false, 5);

/** What variables are declared with; the first is what a reduced program uses. Plain `char` is left out: its sign is the machine's. */
export const INTEGER_TYPES: readonly [IntegerType, ...IntegerType[]] = [
  INT,
  UINT,
  LONG,
  ULONG,
  LLONG,
  ULLONG,
  integer('signed char', 8, true, 1),
  integer('unsigned char', 8, false, 1),
  integer('short', 16, true, 2),
  integer('unsigned short', 16, false, 2),
  BOOL,
  integer('u8', 8, false, 1),
  integer('s8', 8, true, 1),
  integer('u16', 16, false, 2),
  integer('s16', 16, true, 2),
  integer('u32', 32, false, 3),
  integer('s32', 32, true, 3),
  integer('u64', 64, false, 5),
  integer('s64', 64, true, 5),
];

/** C's integer promotions. */
export function promoted(type: IntegerType): IntegerType {
  return type.rank < INT.rank ? INT : type;
}

/** C's usual arithmetic conversions. */
export function common(left: IntegerType, right: IntegerType): IntegerType {
  const [a, b] = [promoted(left), promoted(right)];
  if (a.signed === b.signed) return a.rank >= b.rank ? a : b;
  const [unsigned, signed] = a.signed ? [b, a] : [a, b];
  if (unsigned.rank >= signed.rank) return unsigned;
  if (signed.bits > unsigned.bits) return signed;
  return signed.rank === LLONG.rank ? ULLONG : ULONG;
}

/** The type of a decimal, octal or hexadecimal constant with the given suffix. */
export function constantType(value: bigint, suffix: string, decimal: boolean): IntegerType {
  const unsigned = suffix.includes('U');
  const rank = suffix.includes('LL') ? 5 : suffix.includes('L') ? 4 : 3;
  const candidates = [INT, UINT, LONG, ULONG, LLONG, ULLONG].filter(
    (type) => type.rank >= rank && (unsigned ? !type.signed : type.signed || !decimal),
  );
  const fits = (type: IntegerType): boolean => value < 1n << BigInt(type.signed ? type.bits - 1 : type.bits);
  return candidates.find(fits) ?? ULLONG;
}
