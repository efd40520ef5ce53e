// SPDX-License-Identifier: GPL-2.0-only
import type { IntegerType } from './c-integer.ts';
import type { Choices } from './choices.ts';
import type { Expression } from './write-expression.ts';

/** An lvalue of integer type that is valid whatever the other variables hold. */
export interface Place {
  readonly type: IntegerType;
  /** `index` writes an index below the length that it is given. */
  readonly write: (index: (length: number) => string) => string;
  /** False for what must keep its value, or is `const`. */
  readonly writable: boolean;
  /** True when it is a variable by name alone. */
  readonly plain: boolean;
  /** A bit-field: it has no address, and no type that typeof could tell. */
  readonly field?: boolean;
}

/** Writes an expression around others. */
export type Extra = (choices: Choices, deeper: () => Expression) => Expression;

/** Writes a statement that is neither assignment nor control flow, without its final newline. */
export type Deed = (choices: Choices, scope: Scope) => string;

/** What a piece of C may use. */
export interface Scope {
  readonly places: readonly Place[];
  readonly extras: readonly Extra[];
  readonly deeds: readonly Deed[];
}

export const EMPTY_SCOPE: Scope = { places: [], extras: [], deeds: [] };

/** `inner` last, and what it declares hides what `outer` has under the same name. */
export function joinScopes(outer: Scope, inner: Scope): Scope {
  return {
    places: [...outer.places, ...inner.places],
    extras: [...outer.extras, ...inner.extras],
    deeds: [...outer.deeds, ...inner.deeds],
  };
}

export function variable(name: string, type: IntegerType): Place {
  return { type, write: () => name, writable: true, plain: true };
}

/** Something to be read only. */
export function constant(text: string, type: IntegerType): Place {
  return { type, write: () => text, writable: false, plain: false };
}

export function element(array: string, type: IntegerType, length: number): Place {
  return { type, write: (index) => `${array}[${index(length)}]`, writable: true, plain: false };
}
