// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../base/units.ts';
import type { TranslationUnit } from '../translate/translation-unit.ts';
import type { Bindings } from './binding.ts';

/** Where function pointers point: below the linear map of every machine, and never read as memory. */
const TEXT_START = -(2 ** 46) + 2 ** 33;
/** Bytes. */
const APART = 16;

/** An address for each function that somebody takes the address of, in the order in which that is asked for. */
export class FunctionAddresses {
  readonly #bindings: Bindings;
  readonly #addresses = new Map<string, Ptr>();

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
  }

  /**
   * @param unit where it is named: a static function is another one there
   * @param isNew told of an address that was not given before
   */
  of(name: string, unit: TranslationUnit, isNew: (address: Ptr) => void): Ptr {
    const resolved = this.#bindings.find(name, unit);
    const isStatic = resolved?.kind === 'c' && resolved.definition.isStatic;
    const key = isStatic ? `${resolved.unit.path}:${name}` : name;
    let address = this.#addresses.get(key);
    if (address === undefined) {
      address = TEXT_START + this.#addresses.size * APART;
      this.#addresses.set(key, address);
      isNew(address);
    }
    return address;
  }
}
