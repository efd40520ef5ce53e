// SPDX-License-Identifier: GPL-2.0-only
import { typeText, type CType } from './c-type.ts';
import type { Expression, ParsedBody } from './syntax.ts';

/**
 * What a function keeps in the objects that it gets from each of the functions that `isAllocator` knows: what the pointer
 * is to that their `void *` becomes. Absent where one serves for several types.
 */
export function allocatedTypes(
  { body }: ParsedBody,
  isAllocator: (name: string) => boolean,
): ReadonlyMap<string, CType> {
  const found = new Map<string, Map<string, CType>>();
  visit(body, ({ type, operand }) => {
    if (operand.kind !== 'call' || operand.callee.kind !== 'function' || type.kind !== 'pointer') return;
    const { name } = operand.callee;
    const types = found.get(name) ?? new Map<string, CType>();
    if (isAllocator(name)) found.set(name, types.set(typeText(type.to), type.to));
  });
  const unambiguous = [...found].filter(([, types]) => types.size === 1);
  return new Map(unambiguous.map(([name, types]) => [name, [...types.values()][0]!]));
}

type Cast = Expression & { readonly kind: 'cast' };

/** Properties of nodes that are no nodes below them. */
const ASIDE: ReadonlySet<string> = new Set(['at', 'type', 'variable', 'member']);

function visit(node: object, told: (cast: Cast) => void): void {
  if ('kind' in node && node.kind === 'cast') told(node as Cast);
  for (const [key, below] of Object.entries(node) as [string, unknown][]) {
    if (typeof below === 'object' && below !== null && !ASIDE.has(key)) visit(below, told);
  }
}
