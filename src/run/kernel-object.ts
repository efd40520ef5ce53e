// SPDX-License-Identifier: GPL-2.0-only
import type { Kernel } from '../model/kernel.ts';
import type { KernelFunction } from './runtime.ts';

interface Shape {
  readonly prototype: object;
  /** Place of each symbol in the table. */
  readonly places: ReadonlyMap<string, number>;
}

const shapes = new Map<string, Shape>();

/**
 * `k`: every symbol of the model as a method, bound by a table that belongs to this kernel alone. All kernels of one
 * architecture share the methods, so that the engine, which has seen a thousand kernels booted in one worker, still
 * knows what `k.vmap` is.
 */
export function makeKernelObject(
  world: object,
  functions: ReadonlyMap<string, KernelFunction>,
): { readonly kernel: Kernel; readonly bind: (name: string, fn: KernelFunction) => void } {
  const { prototype, places } = shapeOf(functions);
  const table: KernelFunction[] = Array.from(places, () => notBound);
  const kernel = Object.assign(Object.create(prototype) as object, world, { table }) as unknown as Kernel;
  return {
    kernel,
    bind: (name, fn) => {
      const place = places.get(name);
      if (place !== undefined) table[place] = fn;
    },
  };
}

function notBound(): never {
  throw new Error('a symbol was called before the kernel was linked');
}

function shapeOf(functions: ReadonlyMap<string, KernelFunction>): Shape {
  // The kernel parameter is not passed; a function with a rest parameter takes what comes.
  const arities = [...functions].map(([name, fn]) => [name, takesRest(fn) ? 'rest' : fn.length] as const);
  const key = arities.map(([name, arity]) => `${name}/${arity}`).join(' ');
  let shape = shapes.get(key);
  if (shape === undefined) {
    const methods = arities.map(([name, arity], place) => `${name}(${method(arity, place)}`);
    // oxlint-disable-next-line no-implied-eval, no-new-func -- the text holds names of kernel functions and numbers
    const prototype = new Function(`return { ${methods.join(',\n')} };`)() as object;
    shape = { prototype, places: new Map(arities.map(([name], place) => [name, place])) };
    shapes.set(key, shape);
  }
  return shape;
}

/** As many parameters as the model's function has, counting the kernel's place as one to spare. */
function method(arity: number | 'rest', place: number): string {
  const list = arity === 'rest' ? '...args' : Array.from({ length: arity }, (_, i) => `a${i}`).join(', ');
  return `${list}) { return this.table[${place}](${list}); }`;
}

function takesRest(fn: KernelFunction): boolean {
  return /^[^)]*\.\.\./.test(fn.toString());
}
