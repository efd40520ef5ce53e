// SPDX-License-Identifier: GPL-2.0-only
import type { U64 } from '../base/u64.ts';
import type { CType, FunctionType, StructType } from './c-type.ts';
import type { Variable } from './syntax.ts';

export type Named =
  | { readonly kind: 'typedef'; readonly type: CType }
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'function'; readonly name: string; readonly type: FunctionType }
  | { readonly kind: 'constant'; readonly value: U64; readonly type: CType };

/** A C scope: ordinary names and tags, looked up outwards. Maps, so that no C name means anything to JavaScript. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly #names = new Map<string, Named>();
  readonly #tags = new Map<string, StructType | { readonly kind: 'enum'; readonly type: CType }>();

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  find(name: string): Named | undefined {
    return this.#names.get(name) ?? this.parent?.find(name);
  }

  findHere(name: string): Named | undefined {
    return this.#names.get(name);
  }

  declare(name: string, named: Named): void {
    this.#names.set(name, named);
  }

  findTag(tag: string): StructType | { readonly kind: 'enum'; readonly type: CType } | undefined {
    return this.#tags.get(tag) ?? this.parent?.findTag(tag);
  }

  findTagHere(tag: string): StructType | { readonly kind: 'enum'; readonly type: CType } | undefined {
    return this.#tags.get(tag);
  }

  declareTag(tag: string, type: StructType | { readonly kind: 'enum'; readonly type: CType }): void {
    this.#tags.set(tag, type);
  }

  /** Tags of the structs whose members are known in this scope itself. */
  completeTags(): ReadonlySet<string> {
    const complete = [...this.#tags].filter(
      ([, type]) => type.kind === 'struct' && type.members !== undefined,
    );
    return new Set(complete.map(([tag]) => tag));
  }

  /** Every tag declared in this scope itself. */
  tags(): IterableIterator<string> {
    return this.#tags.keys();
  }

  /** Every name declared in this scope itself. */
  names(): IterableIterator<[string, Named]> {
    return this.#names.entries();
  }
}
