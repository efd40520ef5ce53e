// SPDX-License-Identifier: GPL-2.0-only
import * as c from './c-type.ts';
import type { CType } from './c-type.ts';
import { loadMethod, loadText, storeMethod, storeText } from './emit-arithmetic.ts';
import { emitValue, isSmall } from './emit-expression.ts';
import type { FunctionEmitter } from './emit-function.ts';
import type { Expression } from './syntax.ts';

type FixedParameter = Expression & { readonly kind: 'variable' };

/** A pointer that is the same everywhere in the function. */
function isFixedParameter(e: Expression): e is FixedParameter {
  if (e.kind !== 'variable' || e.type.kind !== 'pointer') return false;
  const { storage, inMemory, isChanged } = e.variable;
  return storage === 'parameter' && !inMemory && isChanged === undefined;
}

/** In loops, loads what a parameter points to that nothing is assigned to. */
export function loadBehindParameter(f: FunctionEmitter, e: Expression): string | undefined {
  if (e.kind !== 'deref' || !isFixedParameter(e.pointer)) return undefined;
  const method = loadMethod(e.type);
  const forms = f.memoryForms(method)?.places;
  if (forms === undefined) return undefined;
  const place = f.placeOf(e.pointer.variable, forms.size(method));
  return forms.load(method, place, `${place} >= 0`, loadText(e.type, f.localName(e.pointer.variable)));
}

/** In loops, loads an element behind what such a parameter points to. */
export function loadElement(f: FunctionEmitter, e: Expression): string | undefined {
  if (e.kind !== 'deref' || e.pointer.kind !== 'binary' || e.pointer.operator !== 'pointer+')
    return undefined;
  const { left, right } = e.pointer;
  const method = loadMethod(e.type);
  const forms = f.memoryForms(method)?.places;
  if (forms === undefined || !isFixedParameter(left) || !isSmall(right)) return undefined;
  const size = forms.size(method);
  if (c.sizeOf(e.type) !== size) return undefined;
  const index = f.named(emitValue(f, right));
  const first = f.placeOf(left.variable, size);
  const place = f.temporary();
  const isThere = `${first} >= 0 && ${forms.isIn(`(${place} = ${first} + ${index.name})`, place, size)}`;
  const elsewhere = loadText(e.type, `${f.localName(left.variable)} + ${index.name} * ${size}`);
  return inOrder(index.naming, forms.load(method, place, isThere, elsewhere));
}

/** In loops, stores to what such a parameter points to. The value is computed before anything is asked of the address. */
export function storeBehindParameter(f: FunctionEmitter, e: Expression, value: string): string | undefined {
  if (e.kind !== 'deref' || !isFixedParameter(e.pointer)) return undefined;
  const method = storeMethod(e.type);
  const forms = f.memoryForms(method)?.places;
  if (forms === undefined) return undefined;
  const place = f.placeOf(e.pointer.variable, forms.size(method));
  const { name, naming } = f.named(value);
  const elsewhere = storeText(e.type, f.localName(e.pointer.variable), name);
  return inOrder(naming, forms.store(place, name, `${place} >= 0`, elsewhere));
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
