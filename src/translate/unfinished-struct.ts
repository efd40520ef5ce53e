// SPDX-License-Identifier: GPL-2.0-only
import { layOut, type CType, type MemberDeclaration, type StructType } from './c-type.ts';

// Structs that hold another one which nothing has defined so far: a header of the tree may, and is read when somebody uses the struct.

interface Layout {
  readonly members: readonly MemberDeclaration[];
  readonly packed: boolean;
  readonly aligned: number | undefined;
}

const unfinished = new WeakMap<StructType, Layout>();

/** Lays the struct out as far as its members are known, and notes it where they are not. @param aligned bytes that it asks for */
export function layOutStruct(type: StructType, layout: Layout): void {
  layOut(type, layout.members, layout.packed, layout.aligned);
  if (layout.members.some((member) => isUnfinished(elementOf(member.type)))) unfinished.set(type, layout);
}

/** Lays the struct out anew, if that was put off. @param complete looks for the members of a struct */
export function finishLayout(type: StructType, complete: (type: CType) => void): void {
  const layout = unfinished.get(type);
  if (layout === undefined) return;
  // Hostile C may have it hold itself.
  unfinished.delete(type);
  for (const member of layout.members) complete(elementOf(member.type));
  layOut(type, layout.members, layout.packed, layout.aligned);
}

function isUnfinished(type: CType): boolean {
  return type.kind === 'struct' && (type.members === undefined || unfinished.has(type));
}

function elementOf(type: CType): CType {
  return type.kind === 'array' ? elementOf(type.of) : type;
}
