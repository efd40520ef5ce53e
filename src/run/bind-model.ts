// SPDX-License-Identifier: GPL-2.0-only
import { NotModelled, type Kernel } from '../model/kernel.ts';
import { functionsWithWideArguments } from '../model/wide-arguments.ts';
import { typeText, type FunctionType } from '../translate/c-type.ts';
import type { KernelFunction } from './runtime.ts';

type ModelFunction = (k: Kernel, ...args: unknown[]) => unknown;
type Check = (args: readonly unknown[]) => void;
type Binder = (
  k: Kernel,
  model: ModelFunction,
  check: Check,
  flags: Uint8Array,
  slot: number,
) => KernelFunction;

/**
 * A model function with its kernel applied. The model computes with plain numbers, so a 64-bit argument beyond ±2^53 is
 * refused as not modelled; descriptors may be any 64 bits. A predicate may answer with a JavaScript boolean, which C
 * knows as 1 and 0. @param flags where the function notes, at `slot`, that it was executed
 */
export function bindModelFunction(
  k: Kernel,
  name: string,
  fn: KernelFunction,
  type: FunctionType | undefined,
  { flags, slot }: { readonly flags: Uint8Array; readonly slot: number },
): KernelFunction {
  const model = fn as unknown as ModelFunction;
  const takesWide = functionsWithWideArguments.has(name);
  const checked = (type?.parameters ?? []).map(
    ({ type: each }) =>
      each.kind !== 'descriptor' && !(each.kind === 'integer' && each.size < 8) && !takesWide,
  );
  const check = (args: readonly unknown[]): void => {
    const position = args.findIndex((arg, i) => typeof arg === 'bigint' && (checked[i] ?? !takesWide));
    if (position < 0) return;
    const parameter = type?.parameters[position];
    const label =
      parameter === undefined ? `argument ${position + 1}` : typeText(parameter.type, parameter.name ?? '');
    throw new NotModelled(`${name}() called with ${String(args[position])} for \`${label}\``);
  };
  if (type?.variadic !== false) {
    return (...args: unknown[]) => {
      flags[slot] = 1;
      check(args);
      return asNumber(model(k, ...args));
    };
  }
  const result = type.result;
  const isPredicate = result.kind === 'integer' && (result.bool === true || result.size === 4);
  return binderFor(name, checked, isPredicate)(k, model, check, flags, slot);
}

function asNumber(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

const binders = new Map<string, Binder>();

/**
 * Each function gets a wrapper compiled for itself. One wrapper for all would do the same work, but the engine would
 * learn nothing from its calls: every target of every call of the model would meet in one place. The text holds numbers
 * of parameters only, no name from outside.
 */
function binderFor(name: string, checked: readonly boolean[], isPredicate: boolean): Binder {
  const key = `${name} ${checked.map(Number).join('')} ${isPredicate}`;
  let binder = binders.get(key);
  if (binder === undefined) {
    const parameters = checked.map((_, i) => `a${i}`);
    const wide = parameters
      .filter((_, i) => checked[i])
      .map((parameter) => `typeof ${parameter} === 'bigint'`);
    const list = parameters.join(', ');
    const body = [
      'flags[slot] = 1;',
      wide.length === 0 ? '' : `if (${wide.join(' || ')}) check([${list}]);`,
      `const value = model(${['k', ...parameters].join(', ')});`,
      isPredicate ? 'return value === true ? 1 : value === false ? 0 : value;' : 'return value;',
    ].join(' ');
    // oxlint-disable-next-line no-implied-eval, no-new-func -- one wrapper a function, see above
    binder = new Function(
      'k',
      'model',
      'check',
      'flags',
      'slot',
      `return (${list}) => { ${body} };`,
    ) as Binder;
    binders.set(key, binder);
  }
  return binder;
}
