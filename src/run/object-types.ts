// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../model/kernel.ts';
import { allocateAs, type ObjectType } from '../model/mm/object-type.ts';
import { allocatedTypes } from '../translate/allocated-types.ts';
import { sizeOf, typeText, type CType } from '../translate/c-type.ts';
import type { FunctionDefinition } from '../translate/syntax.ts';
import { bodyOf } from './named-in-functions.ts';
import type { KernelFunction } from './runtime.ts';

/** Allocators of objects that belong to no cache. */
const ALLOCATOR = /^kv?[mzc]alloc(_|$)/;

/** The names of what a C function allocates, by the allocator that it calls. */
export function typesAllocatedBy(
  definition: FunctionDefinition,
  calls: readonly string[],
): ReadonlyMap<string, ObjectType> {
  if (!calls.some((name) => ALLOCATOR.test(name))) return new Map();
  const body = bodyOf(definition);
  if (body === undefined) return new Map();
  const types = allocatedTypes(body, (name) => ALLOCATOR.test(name));
  return new Map([...types].map(([name, type]) => [name, { name: nameOf(type), size: sizeOf(type) }]));
}

function nameOf(type: CType): string {
  return type.kind === 'struct' && type.tag !== undefined ? type.tag : typeText(type, '').trim();
}

/** An allocator as somebody calls it who keeps objects of one type in what he gets; other functions have no type. */
export function allocatorOf(k: Kernel, type: ObjectType | undefined, fn: KernelFunction): KernelFunction {
  return type === undefined ? fn : (...args) => allocateAs(k, type, () => fn(...args));
}
