// SPDX-License-Identifier: GPL-2.0-only

/** C types as LP64 kernels lay them out. Sizes and offsets are bytes. */
export type CType =
  VoidType | IntegerType | DescriptorType | PointerType | ArrayType | StructType | FunctionType | UnknownType;

export interface VoidType {
  readonly kind: 'void';
}

/** `_Bool`, every integer width, and enums (as the integer type that holds them). */
export interface IntegerType {
  readonly kind: 'integer';
  readonly size: 1 | 2 | 4 | 8 | 16;
  readonly unsigned: boolean;
  readonly bool?: boolean;
  /** `long long`, which is as wide as `long` and another type all the same. */
  readonly longLong?: boolean;
  /** The tag of an enum. */
  readonly enumName?: string;
}

/** A hardware page-table entry or protection: 64 bits that C cannot compute with (base/descriptor.ts). */
export interface DescriptorType {
  readonly kind: 'descriptor';
}

export interface PointerType {
  readonly kind: 'pointer';
  readonly to: CType;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly of: CType;
  /** Undefined for `[]`. */
  readonly length: number | undefined;
}

/** A struct or union; members appear once its body was read. */
export interface StructType {
  readonly kind: 'struct';
  readonly union: boolean;
  readonly tag: string | undefined;
  members: readonly Member[] | undefined;
  size: number;
  align: number;
  /** A union that a parameter may have where the argument is of one of its members' types. */
  transparent?: true;
}

export interface Member {
  /** Undefined for anonymous structs and unions, whose members are found through them. */
  readonly name: string | undefined;
  readonly type: CType;
  readonly offset: number;
  /** For bit-fields: the first bit counted from the offset's least significant bit, and the width in bits. */
  readonly bits?: { readonly start: number; readonly width: number };
}

export interface FunctionType {
  readonly kind: 'function';
  readonly result: CType;
  readonly parameters: readonly Parameter[];
  readonly variadic: boolean;
  /** `f()`: the parameters are not told. */
  readonly unspecified: boolean;
}

export interface Parameter {
  readonly name: string | undefined;
  readonly type: CType;
}

/** The type of a call to a function that nobody declares: whatever the context wants; it ends as "not modelled". */
export interface UnknownType {
  readonly kind: 'unknown';
}

export const VOID: VoidType = { kind: 'void' };
export const BOOL: IntegerType = { kind: 'integer', size: 1, unsigned: true, bool: true };
export const INT: IntegerType = { kind: 'integer', size: 4, unsigned: false };
export const UINT: IntegerType = { kind: 'integer', size: 4, unsigned: true };
export const LONG: IntegerType = { kind: 'integer', size: 8, unsigned: false };
export const ULONG: IntegerType = { kind: 'integer', size: 8, unsigned: true };
export const LLONG: IntegerType = { ...LONG, longLong: true };
export const ULLONG: IntegerType = { ...ULONG, longLong: true };
export const INT128: IntegerType = { kind: 'integer', size: 16, unsigned: false };
export const UINT128: IntegerType = { kind: 'integer', size: 16, unsigned: true };
export const UCHAR: IntegerType = { kind: 'integer', size: 1, unsigned: true };
export const SCHAR: IntegerType = { kind: 'integer', size: 1, unsigned: false };
export const SHORT: IntegerType = { kind: 'integer', size: 2, unsigned: false };
export const USHORT: IntegerType = { kind: 'integer', size: 2, unsigned: true };
export const DESCRIPTOR: DescriptorType = { kind: 'descriptor' };
export const UNKNOWN: UnknownType = { kind: 'unknown' };

export function pointerTo(to: CType): PointerType {
  return { kind: 'pointer', to };
}

export function isPointer(type: CType): type is PointerType {
  return type.kind === 'pointer';
}

export function isInteger(type: CType): type is IntegerType {
  return type.kind === 'integer';
}

/** A value that is one JavaScript value: no struct, array, function or void. */
export function isScalar(type: CType): boolean {
  return (
    type.kind === 'integer' ||
    type.kind === 'pointer' ||
    type.kind === 'descriptor' ||
    type.kind === 'unknown'
  );
}

/** sizeof; undefined for incomplete types. GNU C gives void and functions the size 1. */
export function sizeOf(type: CType): number | undefined {
  switch (type.kind) {
    case 'integer':
      return type.size;
    case 'descriptor':
    case 'pointer':
      return 8;
    case 'void':
    case 'function':
      return 1;
    case 'array': {
      const each = sizeOf(type.of);
      return each === undefined || type.length === undefined ? undefined : each * type.length;
    }
    case 'struct':
      return type.members === undefined ? undefined : type.size;
    case 'unknown':
      return undefined;
  }
}

export function alignOf(type: CType): number {
  if (type.kind === 'array') return alignOf(type.of);
  if (type.kind === 'struct') return type.align;
  return sizeOf(type) ?? 1;
}

export interface MemberDeclaration {
  readonly name: string | undefined;
  readonly type: CType;
  readonly bitWidth: number | undefined;
  /** Of this member alone. */
  readonly packed: boolean;
  readonly align: number | undefined;
}

/** Places members as GCC does for x86-64 and arm64, and completes the struct. */
export function layOut(
  struct: StructType,
  declarations: readonly MemberDeclaration[],
  packed: boolean,
  aligned: number | undefined,
): void {
  const members: Member[] = [];
  let bit = 0;
  let size = 0;
  let align = 1;
  for (const { name, type, bitWidth, packed: alone, align: asked } of declarations) {
    const bytes = sizeOf(type) ?? 0;
    const own = Math.max(packed || alone ? 1 : alignOf(type), asked ?? 1);
    if (struct.union) bit = 0;
    if (bitWidth === undefined) {
      bit = roundUp(roundUp(bit, 8), own * 8);
      members.push({ name, type, offset: bit / 8 });
      bit += bytes * 8;
    } else if (bitWidth === 0) {
      bit = roundUp(bit, bytes * 8);
    } else {
      // A bit-field does not cross a boundary of its declared type.
      if (
        !packed &&
        !alone &&
        Math.floor(bit / (bytes * 8)) !== Math.floor((bit + bitWidth - 1) / (bytes * 8))
      ) {
        bit = roundUp(bit, bytes * 8);
      }
      const offset = Math.floor(bit / (bytes * 8)) * bytes;
      if (name !== undefined)
        members.push({ name, type, offset, bits: { start: bit - offset * 8, width: bitWidth } });
      bit += bitWidth;
    }
    // An unnamed bit-field does not raise the alignment of its struct.
    if (bitWidth === undefined || (bitWidth > 0 && name !== undefined)) align = Math.max(align, own);
    size = Math.max(size, Math.ceil(bit / 8));
  }
  struct.align = Math.max(align, aligned ?? 1);
  struct.size = roundUp(size, struct.align);
  struct.members = members;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

export interface FoundMember {
  readonly member: Member;
  /** From the start of the outer struct. */
  readonly offset: number;
}

/** A member by name, looked for in anonymous structs and unions too. */
export function findMember(struct: StructType, name: string): FoundMember | undefined {
  for (const member of struct.members ?? []) {
    if (member.name === name) return { member, offset: member.offset };
    if (member.name === undefined && member.type.kind === 'struct') {
      const inner = findMember(member.type, name);
      if (inner !== undefined) return { member: inner.member, offset: inner.offset + member.offset };
    }
  }
  return undefined;
}

/** Two types whose values are held and passed alike; qualifiers are not kept. */
export function sameType(left: CType, right: CType): boolean {
  return matches(left, right, sameInteger);
}

/** Two types that C calls compatible, as _Generic and __builtin_types_compatible_p() ask; qualifiers are not kept. */
export function compatible(left: CType, right: CType): boolean {
  return matches(left, right, (a, b) => sameInteger(a, b) && (a.longLong ?? false) === (b.longLong ?? false));
}

function sameInteger(left: IntegerType, right: IntegerType): boolean {
  return (
    left.size === right.size &&
    left.unsigned === right.unsigned &&
    (left.bool ?? false) === (right.bool ?? false)
  );
}

function matches(left: CType, right: CType, integers: typeof sameInteger): boolean {
  if (left === right) return true;
  const same = (a: CType, b: CType): boolean => matches(a, b, integers);
  switch (left.kind) {
    case 'integer':
      return right.kind === 'integer' && integers(left, right);
    case 'pointer':
      return right.kind === 'pointer' && same(left.to, right.to);
    case 'array':
      return right.kind === 'array' && left.length === right.length && same(left.of, right.of);
    case 'function':
      return (
        right.kind === 'function' &&
        same(left.result, right.result) &&
        left.variadic === right.variadic &&
        left.parameters.length === right.parameters.length &&
        left.parameters.every((parameter, i) => same(parameter.type, right.parameters[i]!.type))
      );
    case 'struct':
      return (
        right.kind === 'struct' &&
        left.tag !== undefined &&
        left.tag === right.tag &&
        left.union === right.union
      );
    default:
      return left.kind === right.kind;
  }
}

/** The type as C text, for messages and for comparing signatures. */
export function typeText(type: CType, inner = ''): string {
  const name = inner === '' ? '' : ` ${inner}`;
  switch (type.kind) {
    case 'void':
      return `void${name}`;
    case 'unknown':
      return `?${name}`;
    case 'descriptor':
      return `__descriptor${name}`;
    case 'integer':
      return `${integerText(type)}${name}`;
    case 'struct':
      return `${type.union ? 'union' : 'struct'} ${type.tag ?? '{…}'}${name}`;
    case 'pointer': {
      const wrap = type.to.kind === 'array' || type.to.kind === 'function';
      return typeText(type.to, wrap ? `(*${inner})` : `*${inner}`);
    }
    case 'array':
      return typeText(type.of, `${inner}[${type.length ?? ''}]`);
    case 'function': {
      const parameters = type.parameters.map((parameter) => typeText(parameter.type));
      if (type.variadic) parameters.push('...');
      if (parameters.length === 0 && !type.unspecified) parameters.push('void');
      return typeText(type.result, `${inner}(${parameters.join(', ')})`);
    }
  }
}

function integerText(type: IntegerType): string {
  if (type.bool === true) return 'bool';
  if (type.enumName !== undefined) return `enum ${type.enumName}`;
  const name = { 1: 'char', 2: 'short', 4: 'int', 8: 'long', 16: '__int128' }[type.size];
  return type.unsigned ? `unsigned ${name}` : type.size === 1 ? 'signed char' : name;
}
