// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr } from '../../base/units.ts';
import type { KernelWorld } from '../kernel.ts';
import { partOfState } from '../part-of-state.ts';
import type { StructTypes } from '../struct-types.ts';

/** What will be kept in an object: a type of C, and its size where it is known. */
export interface ObjectType {
  readonly name: string;
  readonly size: ByteCount | undefined;
}

const wanted = partOfState((): { type: ObjectType | undefined } => ({ type: undefined }));

/** Allocates one object in such a way that what is said of it later can name its type. */
export function allocateAs<T>(k: KernelWorld, type: ObjectType, allocate: () => T): T {
  const state = k.state(wanted);
  state.type = type;
  const object = allocate();
  state.type = undefined;
  return object;
}

/** The same for a struct that the model knows. */
export function allocateStruct(
  k: KernelWorld,
  name: keyof StructTypes,
  allocate: (size: ByteCount) => Ptr,
): Ptr {
  const size = k.sizeof(name);
  return allocateAs(k, { name, size }, () => allocate(size));
}

/** What an object of `size` bytes that is allocated now is called: `vm_struct`, `vmap_node[4]`, or by its slab alone. */
export function takeObjectName(k: KernelWorld, size: ByteCount): string {
  const state = k.state(wanted);
  const { type } = state;
  state.type = undefined;
  if (type === undefined) return `kmalloc-${size}`;
  const count = type.size === undefined || type.size === 0 ? 1 : size / type.size;
  return count > 1 && Number.isInteger(count) ? `${type.name}[${count}]` : type.name;
}
