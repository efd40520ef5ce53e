// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../base/units.ts';
import type { Kernel } from '../model/kernel.ts';
import type { LinkedKernel } from './link.ts';
import type { Stage } from './stage.ts';

/**
 * A patch may keep an object for the next who asks, in a variable that it brings for that. What such variables point to is
 * told with each return, as far as they have room for: an object behind those, in a list, may be lost all the same.
 */
export class ObjectsSetAside {
  readonly #stage: Stage;
  #wereAny = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  tell(): void {
    const { kernel, linked } = this.#stage;
    const objects = broughtVariables(linked).flatMap((variable) => pointedTo(kernel, variable));
    if (objects.length > 0 || this.#wereAny) linked.emit({ kind: 'set-aside', objects });
    this.#wereAny = objects.length > 0;
  }
}

const WORD = 8;

/** Live objects of the kernel's allocators that begin where a word of the variable says. */
function pointedTo({ mem }: Kernel, variable: Ptr): Ptr[] {
  const whole = mem.objectAt(variable);
  if (whole === undefined || whole.size < WORD || whole.addr % WORD !== 0) return [];
  const words = mem.readAnyway(whole.addr, Math.floor(whole.size / WORD) * WORD);
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  return Array.from({ length: words.byteLength / WORD }, (_, i) =>
    Number(view.getBigInt64(i * WORD, true)),
  ).filter((pointer) => {
    const object = mem.objectAt(pointer);
    return object?.addr === pointer && object.fromKmalloc;
  });
}

const known = new WeakMap<LinkedKernel, readonly Ptr[]>();

/** Where the variables of file scope lie that the tree before the series does not have. */
function broughtVariables(linked: LinkedKernel): readonly Ptr[] {
  let variables = known.get(linked);
  if (variables === undefined) known.set(linked, (variables = findBrought(linked)));
  return variables;
}

function findBrought(linked: LinkedKernel): Ptr[] {
  const { program, before } = linked;
  if (before === undefined || before === program) return [];
  const namesIn = ({ units }: typeof program): Set<string> =>
    new Set(units.flatMap(({ statics }) => [...statics].map(({ name }) => name)));
  const old = namesIn(before);
  return [...namesIn(program)].flatMap((name) => (old.has(name) ? [] : (linked.variable(name) ?? [])));
}
