// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr } from '../base/units.ts';
import type { Allocation } from '../model/hardware/heap.ts';
import type { Memory } from '../model/hardware/memory.ts';
import { sizeOf, type CType, type Member, type StructType } from '../translate/c-type.ts';
import type { Program } from './program.ts';
import type { StaticStorage } from './static-storage.ts';

/** `vmap_node[4]`: the struct and how many of it. */
const STRUCTS = /^(\w+)(?:\[(\d+)\])?$/;

/**
 * What C calls the bytes at an address: `vmap_nodes[3].busy.lock`, `vmap_block.lock`. An object that a variable points to, and
 * that has several elements, goes by the variable's name; another one by its type.
 */
export class ObjectNames {
  readonly #program: Program;
  readonly #mem: Memory;
  readonly #storage: StaticStorage;
  /** Paths to members by offset, of each variable by its address and of all other objects by their name. */
  readonly #paths = new Map<Ptr | string, Map<ByteCount, string>>();

  constructor(program: Program, mem: Memory, storage: StaticStorage) {
    this.#program = program;
    this.#mem = mem;
    this.#storage = storage;
  }

  /** Empty where nothing is known of what lies there. */
  nameOf(addr: Ptr): string {
    const object = this.#mem.objectAt(addr);
    if (object === undefined || addr >= object.addr + object.size) return '';
    const path = this.#pathIn(object, addr - object.addr);
    const bracket = object.name.indexOf('[');
    if (bracket < 0) return `${object.name}${path}`;
    const type = object.name.slice(0, bracket);
    return `${this.#storage.pointerTo(type, object.addr) ?? type}${path}`;
  }

  #pathIn(object: Allocation, offset: ByteCount): string {
    const variable = this.#storage.variableAt(object.addr);
    const key = variable === undefined ? object.name : object.addr;
    let paths = this.#paths.get(key);
    if (paths === undefined) this.#paths.set(key, (paths = new Map<ByteCount, string>()));
    let path = paths.get(offset);
    if (path === undefined) {
      const type = variable?.type ?? this.#typeOf(object);
      path = type === undefined ? '' : this.#path(type, offset, hasParts(type));
      paths.set(offset, path);
    }
    return path;
  }

  #typeOf({ name, size }: Allocation): CType | undefined {
    const [, tag, length] = STRUCTS.exec(name) ?? [];
    const struct = tag === undefined ? undefined : this.#program.findStruct(tag);
    if (struct === undefined || size !== struct.size * Number(length ?? 1)) return undefined;
    return length === undefined ? struct : { kind: 'array', of: struct, length: Number(length) };
  }

  /** @param enters also what the tree does not declare */
  #path(type: CType, offset: ByteCount, enters: boolean): string {
    if (type.kind === 'array') {
      const each = sizeOf(type.of) ?? 0;
      if (each === 0) return '';
      return `[${Math.floor(offset / each)}]${this.#path(type.of, offset % each, enters)}`;
    }
    if (type.kind !== 'struct' || !(enters || this.#isOfTree(type))) return '';
    const member = type.members?.findLast((each) => isWithin(each, offset));
    if (member === undefined) return '';
    const inside = this.#path(member.type, offset - member.offset, member.name === undefined);
    return member.name === undefined ? inside : `.${member.name}${inside}`;
  }

  /** What the model's own headers declare (locks, lists, nodes of trees) has no members to speak of. */
  #isOfTree(struct: StructType): boolean {
    return struct.tag !== undefined && this.#program.base.scope.findTagHere(struct.tag) !== struct;
  }
}

/** A lock of the model has one member, or no name. */
function hasParts(type: CType): boolean {
  if (type.kind === 'array') return hasParts(type.of);
  return type.kind === 'struct' && type.tag !== undefined && (type.members?.length ?? 0) > 1;
}

function isWithin({ type, offset }: Member, at: ByteCount): boolean {
  return at >= offset && at < offset + (sizeOf(type) ?? 0);
}
