// SPDX-License-Identifier: GPL-2.0-only
import type { Prng } from '../../base/prng.ts';
import type { PageCount } from '../../base/units.ts';
import {
  areaAt,
  runOf,
  singles,
  windowAt,
  type AllocOperation,
  type FreeOperation,
  type Operation,
  type PageGroup,
  type ProtectOperation,
  type Scenario,
} from '../scenario.ts';
import { shiftOf, type Shapes } from './shapes.ts';

const MOST_OPERATIONS = 12;
/** Scenarios run on the first few CPUs, one call at a time. */
const CPUS = 4;

/** What the callers of a sequence still hold. */
interface Held {
  /** The operation that made it. */
  readonly area: number;
  readonly pages: PageCount;
  readonly end: FreeOperation['call'];
}

interface Placed {
  readonly at: PageCount;
  readonly pages: PageCount;
}

/**
 * Calls as several users of vmalloc space make them, on several CPUs: areas of all kinds made and ended in any order,
 * places used again, attributes of parts changed, purges in between, and a call now and then that gets no memory. A
 * model of what each user holds keeps every call legal.
 */
export class Sequence {
  readonly #shapes: Shapes;
  readonly #prng: Prng;
  readonly #mayCall: (call: Operation['call']) => boolean;
  readonly #operations: Operation[] = [];
  readonly #held: Held[] = [];
  readonly #placed: Placed[] = [];

  /** @param mayCall which entry points the code has */
  constructor(shapes: Shapes, prng: Prng, mayCall: (call: Operation['call']) => boolean) {
    this.#shapes = shapes;
    this.#prng = prng;
    this.#mayCall = mayCall;
  }

  scenario(): Scenario {
    const length = this.#prng.between(4, MOST_OPERATIONS);
    while (this.#operations.length < length) this.#step();
    while (this.#held.length > 0) this.#end();
    while (this.#placed.length > 0) this.#unmap();
    return { operations: this.#operations };
  }

  #step(): void {
    switch (this.#prng.below(10)) {
      case 0:
      case 1:
      case 2:
        return this.#make(this.#maker());
      case 3:
      case 4:
        return this.#held.length === 0 ? this.#make(this.#maker()) : this.#end();
      case 5:
        return this.#refused();
      case 6:
        return this.#protect();
      case 7:
        return this.#placed.length === 0 || this.#prng.oneIn(2) ? this.#place() : this.#unmap();
      case 8:
        return this.#lookUp();
      default:
        this.#add({ call: 'vm_unmap_aliases' });
    }
  }

  /** Every fourth call is made by another CPU than the first. */
  #add(operation: Operation): void {
    const cpu = this.#prng.oneIn(4) ? this.#prng.between(1, CPUS - 1) : 0;
    this.#operations.push(cpu === 0 ? operation : { ...operation, cpu });
  }

  /** A call that makes an area, how many pages it holds, and what ends it. */
  #maker(): readonly [Operation, PageCount, FreeOperation['call']] {
    const prng = this.#prng;
    const pages = this.#size();
    const choices: (readonly [Operation, PageCount, FreeOperation['call']])[] = [
      [{ call: 'vmap', pages: this.#groups(pages), prot: 'rw', flags: ['VM_MAP'] }, pages, 'vunmap'],
      [{ call: 'vmalloc', size: pages }, pages, 'vfree'],
      [this.#anyAlloc(pages), pages, 'vfree'],
      [
        { call: 'get_vm_area', size: pages, flags: [prng.pick(['VM_ALLOC', 'VM_IOREMAP'])] },
        pages,
        'free_vm_area',
      ],
      [{ call: 'vm_map_ram', pages: this.#groups(Math.min(pages, 80)) }, Math.min(pages, 80), 'vm_unmap_ram'],
    ];
    const there = choices.filter(([{ call }, , end]) => this.#mayCall(call) && this.#mayCall(end));
    return prng.pick(there.length > 0 ? there : choices.slice(0, 1));
  }

  #anyAlloc(size: PageCount): AllocOperation {
    const calls = (['vzalloc', 'vmalloc_user', 'vmalloc_huge'] as const).filter((call) =>
      this.#mayCall(call),
    );
    return { call: calls.length === 0 ? 'vmalloc' : this.#prng.pick(calls), size };
  }

  #size(): PageCount {
    const { run, block } = this.#shapes;
    const prng = this.#prng;
    return prng.oneIn(12) ? block : prng.pick([1, 1, 2, 3, 5, run, run + 1, prng.between(1, 3 * run)]);
  }

  /** Contiguous in parts. */
  #groups(pages: PageCount): readonly PageGroup[] {
    const prng = this.#prng;
    if (pages < 2 || prng.oneIn(2)) return [singles(pages)];
    const first = prng.between(1, pages - 1);
    return [runOf(first, { compound: prng.oneIn(2) }), singles(pages - first)];
  }

  #make([operation, pages, end]: readonly [Operation, PageCount, FreeOperation['call']]): void {
    this.#held.push({ area: this.#operations.length, pages, end });
    this.#add(operation);
  }

  #end(): void {
    const [{ area, end }] = this.#held.splice(this.#prng.below(this.#held.length), 1) as [Held];
    this.#add({ call: end, area });
  }

  /** The first allocations of such a call are its area's own: without one of them it fails. */
  #refused(): void {
    const [operation] = this.#maker();
    this.#add({ ...operation, fail: { nth: this.#prng.between(1, 2), onward: true } });
  }

  #protect(): void {
    const allocated = this.#held.filter(({ end }) => end === 'vfree');
    if (allocated.length === 0) return this.#make(this.#maker());
    const prng = this.#prng;
    const { area, pages } = prng.pick(allocated);
    const page = prng.below(pages);
    const call: ProtectOperation['call'] = prng.pick(['set_memory_ro', 'set_memory_rw', 'set_memory_nx']);
    if (this.#mayCall(call)) this.#add({ call, at: areaAt(area, page), size: prng.between(1, pages - page) });
  }

  /** At the start of the window, over and over, or behind what is there. */
  #place(): void {
    const prng = this.#prng;
    const { run } = this.#shapes;
    const group = prng.pick([1, run]);
    const repeat = prng.between(1, 4);
    const pages = group * repeat;
    const from = Math.max(0, ...this.#placed.map((placed) => placed.at + placed.pages));
    const at = Math.ceil(from / run) * run;
    this.#placed.push({ at, pages });
    this.#add({
      call: 'vmap_pages_range',
      at: windowAt(at),
      pages: [runOf(group, { repeat, compound: false })],
      prot: 'rw',
      shift: shiftOf(this.#shapes, group),
    });
  }

  #unmap(): void {
    const [{ at, pages }] = this.#placed.splice(this.#prng.below(this.#placed.length), 1) as [Placed];
    this.#add({ call: 'vunmap_range', at: windowAt(at), size: pages });
  }

  #lookUp(): void {
    const mapped = this.#held.filter(({ end }) => end === 'vfree' || end === 'vunmap');
    if (mapped.length === 0 || !this.#mayCall('vmalloc_to_page')) return this.#make(this.#maker());
    const { area, pages } = this.#prng.pick(mapped);
    this.#add({ call: 'vmalloc_to_page', at: areaAt(area, this.#prng.below(pages)) });
  }
}
