// SPDX-License-Identifier: GPL-2.0-only
import type { CType } from './c-type.ts';
import { loadMethod, loadText, storeMethod, storeText } from './emit-arithmetic.ts';
import type { FunctionEmitter } from './emit-function.ts';

/** How loads and stores are printed in place; the shape of src/model/hardware/memory-forms.ts, which this folder does not import. */
export interface MemoryForms {
  readonly head: string;
  has(method: string): boolean;
  load(method: string, address: string, temporary: () => string): string;
  store(method: string, address: string, value: string, temporary: () => string): string;
}

/** Loads a scalar, in loops in place. */
export function loadHere(f: FunctionEmitter, type: CType, address: string): string {
  const method = loadMethod(type);
  const forms = f.memoryForms(method);
  if (forms === undefined) return loadText(type, address);
  const { name, naming } = f.named(address);
  const text = forms.load(method, name, () => f.temporary());
  return inOrder(naming, text);
}

/** Stores a scalar, in loops in place. The value is computed before anything is asked of the address. */
export function storeHere(f: FunctionEmitter, type: CType, address: string, value: string): string {
  const method = storeMethod(type);
  const forms = f.memoryForms(method);
  if (forms === undefined) return storeText(type, address, value);
  const to = f.named(address);
  const stored = f.named(value);
  const text = forms.store(method, to.name, stored.name, () => f.temporary());
  return inOrder(to.naming + stored.naming, text);
}

function inOrder(naming: string, text: string): string {
  return naming === '' ? text : `(${naming}${text})`;
}
