// SPDX-License-Identifier: GPL-2.0-only
import type { IntegerType } from './c-integer.ts';
import { INT, INTEGER_TYPES } from './c-integer.ts';
import type { Choices } from './choices.ts';
import type { Place } from './scope.ts';

/** A struct or union of the generated program. */
export interface Aggregate {
  /** As written in a declaration: `struct s1@`. */
  readonly name: string;
  readonly definition: readonly string[];
  readonly members: readonly Member[];
  readonly union: boolean;
}

type Member =
  | { readonly kind: 'integer'; readonly name: string; readonly type: IntegerType }
  | { readonly kind: 'field'; readonly name: string; readonly type: IntegerType; readonly width: number }
  | { readonly kind: 'array'; readonly name: string; readonly type: IntegerType; readonly length: number }
  /** Without a name its members are the outer one's. */
  | { readonly kind: 'aggregate'; readonly name: string; readonly of: Aggregate };

/** A struct of integers, bit-fields, arrays, and whatever was defined before it. */
export function writeStruct(choices: Choices, name: string, earlier: readonly Aggregate[]): Aggregate {
  const members: Member[] = [{ kind: 'integer', name: 'a', type: choices.pick(INTEGER_TYPES) }];
  for (const letter of ['b', 'c', 'd', 'e'].slice(0, choices.below(5))) {
    members.push(writeMember(choices, letter, earlier));
  }
  const definition = [`struct ${name} {`, ...members.flatMap(memberLines), '};'];
  return { name: `struct ${name}`, definition, members, union: false };
}

/**
 * A union whose members all cover all of its bytes, so that what is read through one was written through another. The
 * first member is the one to initialise.
 */
export function writeUnion(name: string): Aggregate {
  const [u64, u32, u16, u8] = (['u64', 'u32', 'u16', 'u8'] as const).map(byName);
  if (u64 === undefined || u32 === undefined || u16 === undefined || u8 === undefined)
    throw new Error('no such type');
  const members: Member[] = [
    { kind: 'integer', name: 'whole', type: u64 },
    { kind: 'array', name: 'half', type: u32, length: 2 },
    { kind: 'array', name: 'quarter', type: u16, length: 4 },
    { kind: 'array', name: 'byte', type: u8, length: 8 },
  ];
  return {
    name: `union ${name}`,
    definition: [`union ${name} {`, ...members.flatMap(memberLines), '};'],
    members,
    union: true,
  };
}

function byName(name: string): IntegerType | undefined {
  return INTEGER_TYPES.find((type) => type.name === name);
}

function writeMember(choices: Choices, letter: string, earlier: readonly Aggregate[]): Member {
  const kind = choices.below(6);
  const of = choices.pickAny(earlier);
  if (kind === 3 && of !== undefined) return { kind: 'aggregate', name: `n${letter}`, of };
  const type = choices.pick(INTEGER_TYPES);
  if (kind >= 4) return writeField(choices, letter);
  if (kind === 2) return { kind: 'array', name: letter, type, length: 1 + choices.below(5) };
  return { kind: 'integer', name: letter, type };
}

/** None wider than int, in which GCC computes otherwise than other compilers. */
function writeField(choices: Choices, letter: string): Member {
  const type = byName(choices.pick(['u32', 's32', 'u16', 's16', 'u8', 's8', '_Bool'])) ?? INT;
  return { kind: 'field', name: `f${letter}`, type, width: 1 + choices.below(type.bits) };
}

function memberLines(member: Member): string[] {
  if (member.kind === 'aggregate') return [`\t${member.of.name} ${member.name};`];
  if (member.kind === 'field') return [`\t${member.type.name} ${member.name}:${member.width};`];
  const dimension = member.kind === 'array' ? `[${member.length}]` : '';
  return [`\t${member.type.name} ${member.name}${dimension};`];
}

/** A bit-field narrower than int is used as an int, whatever it was declared with. */
function typeOf(member: Exclude<Member, { kind: 'aggregate' }>): IntegerType {
  const isInt = member.kind === 'field' && member.type.bits === 32 && member.width < 32;
  return isInt ? INT : member.type;
}

/** Every integer inside the object that `prefix` (ending in `.` or `->`) leads into. */
export function placesInside(prefix: (index: (length: number) => string) => string, of: Aggregate): Place[] {
  return of.members.flatMap((member) => {
    if (member.kind === 'aggregate')
      return placesInside((index) => `${prefix(index)}${member.name}.`, member.of);
    const write = (index: (length: number) => string): string =>
      member.kind === 'array'
        ? `${prefix(index)}${member.name}[${index(member.length)}]`
        : `${prefix(index)}${member.name}`;
    return [{ type: typeOf(member), write, writable: true, plain: false, field: member.kind === 'field' }];
  });
}

/** A braced initialiser that leaves some members out, in order or by designators. */
export function writeInitialiser(choices: Choices, of: Aggregate, value: () => string): string {
  if (of.union) return `{ .${of.members[0]?.name} = ${value()} }`;
  const ordered = choices.chance(40);
  const members = ordered
    ? of.members.slice(0, 1 + choices.below(of.members.length))
    : of.members.filter((_, index) => index === 0 || choices.chance(70));
  const parts = members.map((member) => {
    const inside = writeMemberInitialiser(choices, member, value);
    return ordered ? inside : `.${member.name} = ${inside}`;
  });
  if (!ordered && choices.chance(50)) parts.reverse();
  return `{ ${parts.join(', ')} }`;
}

function writeMemberInitialiser(choices: Choices, member: Member, value: () => string): string {
  if (member.kind === 'aggregate') return writeInitialiser(choices, member.of, value);
  if (member.kind !== 'array') return value();
  const last = choices.below(member.length);
  return choices.chance(50) ? `{ [${last}] = ${value()} }` : `{ ${value()} }`;
}

/** Sizes and offsets of the layout, as constant expressions. */
export function layoutExpressions(of: Aggregate): string[] {
  return [
    `sizeof(${of.name})`,
    `_Alignof(${of.name})`,
    ...of.members
      .filter(({ kind }) => kind !== 'field')
      .flatMap((member) => [
        `offsetof(${of.name}, ${member.name})`,
        `sizeof(((${of.name} *)0)->${member.name})`,
      ]),
  ];
}
