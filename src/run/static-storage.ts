// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr } from '../base/units.ts';
import type { Memory } from '../model/hardware/memory.ts';
import { alignOf, sizeOf } from '../translate/c-type.ts';
import { emitStatics } from '../translate/emit-module.ts';
import type { Variable } from '../translate/syntax.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';

/** Where the variables with static storage of one kernel lie: in the order in which they are asked for. */
export class StaticStorage {
  readonly #mem: Memory;
  readonly #addresses = new Map<string, Ptr>();
  readonly #variables = new Map<Ptr, Variable>();
  /** Variables that point to structs, by the tag. */
  readonly #pointers = new Map<string, Ptr[]>();
  readonly #pending: { readonly variable: Variable; readonly key: string }[] = [];

  constructor(mem: Memory) {
    this.#mem = mem;
  }

  /** @param unit where it is named; undefined for the model's own `extern` variables, which a unit may define */
  want(variable: Variable, unit: TranslationUnit | undefined): void {
    const key =
      variable.internal === true && unit !== undefined
        ? `${unit.path}:${variable.emittedName}`
        : variable.name;
    if (!this.#pending.some((each) => each.key === key)) this.#pending.push({ variable, key });
  }

  /** Takes memory, zeroed, for all that is wanted. */
  allocate(): void {
    for (const { variable, key } of this.#pending) {
      const size = sizeOf(variable.type) ?? 8;
      const align = Math.max(8, alignOf(variable.type), variable.align ?? 1);
      const address = this.#mem.allocate({ size, align, name: variable.name, zeroed: true });
      this.#addresses.set(key, address);
      this.#variables.set(address, variable);
      const { type } = variable;
      if (type.kind !== 'pointer' || type.to.kind !== 'struct' || type.to.tag === undefined) continue;
      this.#pointers.set(type.to.tag, [...(this.#pointers.get(type.to.tag) ?? []), address]);
    }
  }

  variableAt(address: Ptr): Variable | undefined {
    return this.#variables.get(address);
  }

  /** The name of a variable that points to that struct there, now. */
  pointerTo(tag: string, there: Ptr): string | undefined {
    const pointer = this.#pointers.get(tag)?.find((address) => this.#mem.ld64(address) === there);
    return pointer === undefined ? undefined : this.#variables.get(pointer)?.name;
  }

  /** Where the variables of that name are, whoever may use them, and their bytes. */
  *named(name: string): Iterable<{ readonly address: Ptr; readonly size: ByteCount }> {
    for (const { variable, key } of this.#pending) {
      if (variable.name === name)
        yield { address: this.#addresses.get(key)!, size: sizeOf(variable.type) ?? 8 };
    }
  }

  /** The address of one that every file knows by that name; 0 where there is none. */
  global(name: string): Ptr {
    return this.#addresses.get(name) ?? 0;
  }

  /** The address of what a unit knows by that emitted name. */
  address(emittedName: string, unit: TranslationUnit): Ptr {
    const address = this.#addresses.get(`${unit.path}:${emittedName}`) ?? this.#addresses.get(emittedName);
    if (address === undefined) throw new Error(`no storage for ${emittedName}`);
    return address;
  }

  /** Where variables are and what they begin with, as one text. */
  initialValues(unit: TranslationUnit, variables: Iterable<readonly [string, Variable]>): string {
    const { statics, text, strings } = emitStatics(variables);
    if (statics.size === 0) return '';
    const addresses = [...statics.keys()].map((name) => this.address(name, unit));
    return `${addresses.join()} ${text} ${JSON.stringify(strings)}`;
  }
}
