// SPDX-License-Identifier: GPL-2.0-only
import type { Ptr } from '../base/units.ts';
import type { Allocation } from '../model/hardware/heap.ts';
import type { Kernel } from '../model/kernel.ts';
import { waitingObjects } from '../model/kernel/waiting-objects.ts';
import { arrayEntries } from '../model/lib/array-entries.ts';

/** A cache whose objects are kept for later, so that only who still points to them tells one of them that is lost. */
const KEPT = /^vmap_area\b/;
/** They hold descriptors, and no pointers. */
const TABLE = /table/;

/**
 * Objects of the kernel's allocators that were made since boot, are in use, and that nothing points to: not from
 * variables, nor from other objects that can be reached. As kmemleak finds them, pointers into an object count.
 * @param atBoot how many objects there were
 */
export function unreachableObjects(k: Kernel, atBoot: number): readonly Allocation[] {
  const objects = k.mem.liveObjects();
  const early = objects.filter(({ addr }) => addr < atBoot);
  const lost = new Map<Ptr, Allocation>();
  for (const object of objects) {
    if (object.addr >= atBoot && (object.fromKmalloc || KEPT.test(object.name)))
      lost.set(object.addr, object);
  }
  if (lost.size === 0) return [];
  const search = new Search(k, lost);
  for (const pointer of [...arrayEntries(k), ...k.state(waitingObjects).objects]) search.follow(pointer);
  for (const object of early) if (!TABLE.test(object.name)) search.readThrough(object);
  search.finish();
  return [...lost.values()];
}

/** The end of the newest object: what lies behind it is made later. */
export function endOfObjects(k: Kernel): Ptr {
  const last = k.mem.liveObjects().at(-1);
  return last === undefined ? 0 : last.addr + Math.max(last.size, 1);
}

const WORD = 8;
const TWO_32 = 2 ** 32;

class Search {
  readonly #k: Kernel;
  readonly #lost: Map<Ptr, Allocation>;
  readonly #found: Allocation[] = [];
  readonly #first: Ptr;
  readonly #end: Ptr;

  /** @param lost what is found is taken out of it */
  constructor(k: Kernel, lost: Map<Ptr, Allocation>) {
    this.#k = k;
    this.#lost = lost;
    const starts = [...lost.keys()];
    this.#first = Math.min(...starts);
    this.#end = Math.max(...[...lost.values()].map(({ addr, size }) => addr + size));
  }

  follow(pointer: Ptr): void {
    if (pointer < this.#first || pointer >= this.#end) return;
    const object = this.#k.mem.objectAt(pointer);
    if (object === undefined || pointer >= object.addr + object.size) return;
    if (this.#lost.delete(object.addr)) this.#found.push(object);
  }

  readThrough({ addr, size }: Allocation): void {
    const whole = Math.floor(size / WORD) * WORD;
    if (whole === 0 || addr % WORD !== 0) return;
    const words = new Int32Array(this.#k.mem.readAnyway(addr, whole).buffer);
    for (let i = 0; i < words.length; i += 2) {
      this.follow(words[i + 1]! * TWO_32 + (words[i]! >>> 0));
    }
  }

  /** What is found may lead to more. */
  finish(): void {
    for (let object = this.#found.pop(); object !== undefined; object = this.#found.pop()) {
      this.readThrough(object);
    }
  }
}
