// SPDX-License-Identifier: GPL-2.0-only
import { findMember, typeText, type StructType } from '../translate/c-type.ts';
import type { Program } from './program.ts';

/** Where a tree has the members of every struct that the model declares, as one text: all that the model reads of structs. */
export function structLayouts(program: Program): string {
  return [...program.base.scope.tags()]
    .map((tag) => {
      const struct = program.findStruct(tag);
      return struct === undefined ? tag : `${tag}(${struct.size}): ${membersText(struct)}`;
    })
    .join('\n');
}

/** Names of a struct's members, those of its nameless members among them. */
export function memberNames(struct: StructType): string[] {
  return (struct.members ?? []).flatMap((member) => {
    if (member.name !== undefined) return [member.name];
    return member.type.kind === 'struct' ? memberNames(member.type) : [];
  });
}

function membersText(struct: StructType): string {
  return memberNames(struct)
    .map((name) => {
      const { member, offset } = findMember(struct, name)!;
      const bits = member.bits === undefined ? '' : `:${JSON.stringify(member.bits)}`;
      return `${typeText(member.type, name)}${bits} @${offset}`;
    })
    .join('; ');
}
