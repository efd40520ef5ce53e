// SPDX-License-Identifier: GPL-2.0-only
import type { Token } from '../translate/token.ts';
import type { FunctionDefinition } from '../translate/syntax.ts';
import type { Resolved } from './binding.ts';
import type { CModule } from './c-module.ts';
import { makeHotCode, type HotCode, type HotKernel, type LinkedFunction } from './hot-code.ts';
import type { KernelFunction } from './runtime.ts';

/** Rounds of loops after which hot code is made of a kernel: to make it takes as long as they do. A review has not as many. */
const HOT_ROUNDS = 8_000_000;

/** The C functions of a linked kernel, each by what it is bound to: as JavaScript, and as hot code once that was made. */
export class CFunctions {
  readonly #linked = new Map<Resolved, LinkedFunction>();
  #hot: HotCode | undefined;
  #rounds = 0;

  add(resolved: Resolved, definition: FunctionDefinition, module: CModule, cold: KernelFunction): void {
    this.#linked.set(resolved, { module, definition, cold });
  }

  linked(resolved: Resolved | undefined): LinkedFunction | undefined {
    return resolved === undefined ? undefined : this.#linked.get(resolved);
  }

  /** What is to be called. */
  find(resolved: Resolved): KernelFunction | undefined {
    const linked = this.#linked.get(resolved);
    return linked === undefined ? undefined : (this.#hot?.entries.get(linked) ?? linked.cold);
  }

  /** Loops have gone round so often. @returns whether hot code is worth it by now, once */
  count(rounds: number): boolean {
    this.#rounds += rounds;
    if (this.#rounds < HOT_ROUNDS) return false;
    this.#rounds = Number.NEGATIVE_INFINITY;
    return true;
  }

  /** Makes hot code (docs/decisions/0011-hot-code.md). @returns whether there is something else to be called now */
  heat(kernel: HotKernel): boolean {
    this.#hot = makeHotCode([...this.#linked.values()], kernel);
    return this.#hot !== undefined;
  }

  /** Names of those that are JavaScript. */
  get cold(): string[] {
    return [...this.#linked.values()]
      .filter((each) => this.#hot?.entries.has(each) !== true)
      .map(({ definition }) => definition.name);
  }

  /** The C at an offset of the hot code, as the engine's stacks have it. */
  placeAt(offset: number): { readonly function: string; readonly at: Token | undefined } | undefined {
    return this.#hot?.placeAt(offset);
  }
}
