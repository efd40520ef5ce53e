// SPDX-License-Identifier: GPL-2.0-only
import { Prng } from '../../base/prng.ts';
import type { PageCount } from '../../base/units.ts';
import {
  areaAt,
  countPages,
  invalidPages,
  nullPages,
  runOf,
  windowAt,
  type Operation,
  type PageGroup,
  type Protection,
  type Scenario,
} from '../scenario.ts';
import { Sequence } from './sequences.ts';
import { shiftOf, type Shapes } from './shapes.ts';

const MOST_OPERATIONS = 5;
const MOST_PAGES = 700;

/**
 * Sequences of operations drawn from a seed: two about the shapes of mappings, then one about all of vmalloc, and so on. Every
 * scenario has a generator of its own: asking for more changes none.
 * @param mayCall which entry points the code has
 */
export function randomScenarios(
  shapes: Shapes,
  count: number,
  seed: number,
  mayCall: (call: Operation['call']) => boolean,
): readonly Scenario[] {
  const prng = new Prng(seed);
  return Array.from({ length: count }, (_, i) => {
    const own = prng.split();
    return i % 3 === 2 ? new Sequence(shapes, own, mayCall).scenario() : new Draw(shapes, own).scenario();
  });
}

interface Mapping {
  readonly at: PageCount;
  readonly size: PageCount;
  /** Leaves are no larger, so that parts may be unmapped in multiples of it. */
  readonly group: PageCount;
}

/** One scenario in the making. */
class Draw {
  readonly #shapes: Shapes;
  readonly #prng: Prng;
  readonly #operations: Operation[] = [];
  /** Operations whose areas still exist. */
  readonly #areas = new Map<number, PageCount>();
  readonly #mappings: Mapping[] = [];
  #pages = 0;
  /** Free place in the window, in pages. */
  #next = 0;

  constructor(shapes: Shapes, prng: Prng) {
    this.#shapes = shapes;
    this.#prng = prng;
  }

  scenario(): Scenario {
    const length = this.#prng.between(1, MOST_OPERATIONS);
    while (this.#operations.length < length) this.#step();
    for (const area of this.#areas.keys()) this.#operations.push({ call: 'vunmap', area });
    return { operations: this.#operations };
  }

  #step(): void {
    switch (this.#prng.below(6)) {
      case 0:
      case 1:
        return this.#vmap();
      case 2:
        return this.#mapPages();
      case 3:
        return this.#mapRange();
      case 4:
        return this.#protect();
      default:
        return this.#unmap();
    }
  }

  #vmap(): void {
    const pages = this.#groups();
    this.#areas.set(this.#operations.length, countPages(pages));
    const flags = this.#prng.oneIn(6) ? ['VM_MAP', 'VM_ALLOW_HUGE_VMAP'] : ['VM_MAP'];
    this.#operations.push({ call: 'vmap', pages, prot: this.#protection(), flags });
  }

  #groups(): readonly PageGroup[] {
    const groups: PageGroup[] = [];
    const length = this.#prng.between(1, 6);
    for (let i = 0; i < length; i++) {
      const group = this.#group(i > 0);
      const pages = countPages([group]);
      if (this.#pages + pages > MOST_PAGES && groups.length > 0) break;
      this.#pages += pages;
      groups.push(group);
    }
    return groups;
  }

  #group(mayFollow: boolean): PageGroup {
    const prng = this.#prng;
    if (prng.oneIn(24)) return prng.oneIn(2) ? nullPages() : invalidPages();
    const { run, block } = this.#shapes;
    const small = [1, 1, 2, run / 2, run, run, 2 * run, 4 * run, prng.between(1, 3 * run)];
    const pages = prng.oneIn(8) ? prng.pick([block / 2, block]) : prng.pick(small);
    const follows = mayFollow && prng.oneIn(5);
    const misaligned = !follows && pages > 1 && prng.oneIn(5) ? prng.pick([1, Math.floor(pages / 2)]) : 0;
    const first = prng.oneIn(8) ? prng.below(pages) : 0;
    const count = prng.oneIn(8) ? prng.between(1, pages - first) : pages - first;
    const repeat = pages < block && prng.oneIn(3) ? prng.between(2, 4) : 1;
    return runOf(pages, { misaligned, follows, first, count, repeat, compound: !prng.oneIn(3) });
  }

  #mapPages(): void {
    const { run, block } = this.#shapes;
    const prng = this.#prng;
    const group = prng.pick([1, 1, run, 2 * run, block / 2, block, 2 * block]);
    const shift = shiftOf(this.#shapes, group);
    const pages = group === 1 ? this.#groups() : this.#equalGroups(group);
    const at = this.#take(group === 1 ? 1 : group, countPages(pages));
    this.#mappings.push({ at, size: countPages(pages), group });
    this.#operations.push({
      call: 'vmap_pages_range',
      at: windowAt(at),
      pages,
      prot: this.#protection(),
      shift,
    });
  }

  #equalGroups(group: PageCount): readonly PageGroup[] {
    const prng = this.#prng;
    const length = prng.between(1, group > 100 ? 2 : 4);
    this.#pages += length * group;
    return Array.from({ length }, () => {
      if (prng.oneIn(24)) return prng.oneIn(2) ? nullPages(group) : invalidPages(group);
      const misaligned = prng.oneIn(4) ? prng.pick([1, group / 2]) : 0;
      return runOf(group, { misaligned, compound: !prng.oneIn(2) });
    });
  }

  #mapRange(): void {
    const { run, block } = this.#shapes;
    const prng = this.#prng;
    const size = prng.pick([
      1,
      run,
      prng.between(1, 4 * run),
      block,
      block + prng.between(1, run),
      2 * block,
    ]);
    const frames = runOf(size, {
      compound: false,
      misaligned: size > 1 && prng.oneIn(3) ? prng.between(1, Math.min(size - 1, run)) : 0,
    });
    const at = this.#take(prng.pick([1, run, block]), size) + (prng.oneIn(3) ? prng.between(1, run) : 0);
    this.#next = Math.max(this.#next, at + size);
    this.#mappings.push({ at, size, group: size });
    this.#pages += size;
    this.#operations.push({ call: 'vmap_page_range', at: windowAt(at), frames, prot: this.#protection() });
  }

  /** An unused place of the window. */
  #take(align: PageCount, size: PageCount): PageCount {
    const at = Math.ceil(this.#next / align) * align;
    this.#next = at + size;
    return at;
  }

  #protect(): void {
    const [area, pages] = this.#anyArea() ?? [];
    if (area === undefined || pages === undefined || pages === 0) return this.#vmap();
    const prng = this.#prng;
    const page = prng.below(pages);
    const size = prng.between(1, pages - page);
    const call = prng.pick(['set_memory_ro', 'set_memory_rw', 'set_memory_nx', 'set_memory_x'] as const);
    this.#operations.push({ call, at: areaAt(area, page), size });
  }

  #anyArea(): readonly [number, PageCount] | undefined {
    return this.#areas.size === 0 ? undefined : this.#prng.pick([...this.#areas]);
  }

  #unmap(): void {
    const prng = this.#prng;
    const mapping = this.#mappings.length > 0 && prng.oneIn(2) ? prng.pick(this.#mappings) : undefined;
    if (mapping !== undefined) {
      this.#mappings.splice(this.#mappings.indexOf(mapping), 1);
      this.#unmapFrom(mapping);
      return;
    }
    const [area] = this.#anyArea() ?? [];
    if (area === undefined) return this.#vmap();
    this.#areas.delete(area);
    this.#operations.push({ call: 'vunmap', area });
    if (prng.oneIn(3)) this.#operations.push({ call: 'vm_unmap_aliases' });
  }

  /** All of a mapping, or its first groups. */
  #unmapFrom({ at, size, group }: Mapping): void {
    const groups = size / group;
    const part = groups > 1 && this.#prng.oneIn(3) ? this.#prng.between(1, groups - 1) * group : size;
    this.#operations.push({ call: 'vunmap_range', at: windowAt(at), size: part });
    if (part === size && this.#prng.oneIn(2)) this.#next = Math.min(this.#next, at);
  }

  #protection(): Protection {
    return this.#prng.oneIn(4) ? this.#prng.pick(['ro', 'rwx', 'rox', 'uncached']) : 'rw';
  }
}
