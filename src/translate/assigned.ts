// SPDX-License-Identifier: GPL-2.0-only
import type { Variable } from './syntax.ts';

/** The locals that have certainly been given a value where emission stands (as Java's definite assignment). */
export class Assigned {
  readonly #variables: Set<Variable>;
  /** Nothing gets here, so everything holds. */
  unreachable = false;

  constructor(variables?: Set<Variable>) {
    this.#variables = new Set(variables);
  }

  has(variable: Variable): boolean {
    return this.unreachable || this.#variables.has(variable);
  }

  add(variable: Variable): void {
    this.#variables.add(variable);
  }

  delete(variable: Variable): void {
    this.#variables.delete(variable);
  }

  copy(): Assigned {
    const copied = new Assigned(this.#variables);
    copied.unreachable = this.unreachable;
    return copied;
  }

  /** What holds where two ways meet. */
  meet(other: Assigned): Assigned {
    if (this.unreachable) return other.copy();
    if (other.unreachable) return this.copy();
    const met = new Assigned();
    for (const variable of this.#variables) if (other.#variables.has(variable)) met.add(variable);
    return met;
  }
}
