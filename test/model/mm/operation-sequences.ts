// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../src/base/descriptor.ts';
import { Prng } from '../../../src/base/prng.ts';
import { boot } from '../../../src/model/boot.ts';
import { modelHeaders, replacedHeaders } from '../../../src/model/headers.ts';
import { frameOf, matches } from '../../../src/model/hardware/entry.ts';
import { ignored } from '../../../src/model/ignored.ts';
import { drainWork } from '../../../src/model/kernel/queued-work.ts';
import { makeAllocationLimit } from '../../../src/model/mm/allocation-limit.ts';
import { pageKernel } from '../../../src/model/mm/page-kernel.ts';
import { modelSymbols } from '../../../src/model/symbols.ts';
import type { SourceText } from '../../../src/run/link-tree.ts';
import { LinkedKernel } from '../../../src/run/link.ts';
import { parseProgram } from '../../../src/run/program.ts';
import type { KernelFunction } from '../../../src/run/runtime.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';
import type { Machine } from '../../../src/trace/machine.ts';

/** Where the pages of a sequence lie; everything of the heap lies below. */
const PAGES_START = 0x60000000;
const GFP_KERNEL = 0x6c0;
const VM_MAP = 4;

/** What a sequence may do. */
export const everything = [
  ...[
    'vmap',
    'vmap',
    'vmalloc',
    'vmalloc',
    'vmalloc_huge',
    'vm_map_ram',
    'vm_map_ram',
    'ioremap',
    'get_vm_area',
  ],
  ...['free', 'free', 'free', 'free', 'vm_unmap_aliases', 'work', 'cpu', 'vrealloc'],
] as const;
export type Operation = (typeof everything)[number];

const entryPoints = [
  ...[
    'vmap',
    'vunmap',
    'vmalloc',
    'vfree',
    'vmalloc_huge',
    'vm_map_ram',
    'vm_unmap_ram',
    'generic_ioremap_prot',
  ],
  ...[
    'iounmap',
    'get_vm_area',
    'free_vm_area',
    'find_vm_area',
    'vm_unmap_aliases',
    'vrealloc',
    'vmalloc_init',
  ],
];

/** A kernel on which sequences run: the model, or the C of a tree as far as `mode` binds it. */
export function linkForSequences(
  machine: Machine,
  source: SourceText,
  mode: 'patched' | 'from-tree',
): LinkedKernel {
  const face = { prelude: modelHeaders(machine), headers: new Map(Object.entries(replacedHeaders(machine))) };
  const noprof = entryPoints.map((name) => `${name}_noprof`);
  return new LinkedKernel({
    machine,
    program: parseProgram({ read: (path) => source[path] }, machine, face),
    before: undefined,
    touched: new Set(),
    mode,
    modelFunctions: new Map(Object.entries(modelSymbols(machine) as Record<string, KernelFunction>)),
    ignored: new Map(Object.entries(ignored).map(([name, { reason }]) => [name, reason])),
    entryPoints: [...entryPoints, ...noprof],
    bootModel: boot,
  });
}

/** One operation: what was called, what it returned, and everything that it did that others can see. */
export type Step = readonly [call: string, result: string, effects: string];

/** Runs a sequence of `length` operations that `seed` names. Some get only few allocations before they fail. */
export function runSequence(
  linked: LinkedKernel,
  seed: number,
  length: number,
  allowed: readonly Operation[],
): Step[] {
  const events: TraceEvent[] = [];
  linked.boot(events);
  const sequence = new Sequence(linked, new Prng(seed));
  const steps: Step[] = [];
  for (let i = 0; i < length; i++) {
    const before = events.length;
    const [call, result] = sequence.step(allowed);
    const effects = events.slice(before).flatMap((event) => effectOf(event, linked.machine));
    steps.push([call, result, effects.join('\n')]);
  }
  return steps;
}

class Sequence {
  readonly #linked: LinkedKernel;
  readonly #prng: Prng;
  readonly #page: number;
  /** Bytes of a contiguous run. */
  readonly #run: number;
  /** What must be given back, and how. */
  readonly #live: { readonly release: string; addr: number; readonly args: readonly number[] }[] = [];

  constructor(linked: LinkedKernel, prng: Prng) {
    this.#linked = linked;
    this.#prng = prng;
    const { machine } = linked;
    this.#page = 2 ** machine.pageShift;
    this.#run = this.#page * (machine.levels.at(-1)!.contiguousEntries ?? 16);
  }

  /** So many bytes where pages are of 4 KiB, and as many pages elsewhere. */
  #scaled(size: number): number {
    return size * (this.#page / 4096);
  }

  step(allowed: readonly Operation[]): readonly [string, string] {
    const prng = this.#prng;
    const operation = prng.pick(allowed);
    const few = prng.oneIn(12) ? prng.below(7) : undefined;
    this.#linked.kernel.state(makeAllocationLimit).remaining = few;
    const [text, run] = this.#prepare(operation);
    const limited = few === undefined ? text : `${text} with ${few} allocations`;
    try {
      return [limited, String(run())];
    } catch (error) {
      return [limited, `${(error as Error).name}: ${(error as Error).message}`];
    }
  }

  #prepare(operation: Operation): readonly [string, () => number] {
    const prng = this.#prng;
    const { kernel } = this.#linked;
    const few = prng.below(20) + 1;
    const many = prng.oneIn(8) ? prng.below(600) + 1 : few;
    const pfn = PAGES_START / this.#page + prng.below(1000);
    const stride = 1 + prng.below(2);
    const offset = prng.below(2) * prng.below(this.#page);
    switch (operation) {
      case 'vmap':
        return [`vmap ${many} from ${pfn}`, () => this.#keep('vunmap', this.#vmap(pfn, many, stride))];
      case 'vmalloc':
        return [
          `vmalloc ${many}`,
          () => this.#keep('vfree', this.#call('vmalloc', many * this.#page - offset)),
        ];
      case 'vmalloc_huge': {
        const size = few * this.#scaled(200000);
        return [
          `vmalloc_huge ${size}`,
          () => this.#keep('vfree', this.#call('vmalloc_huge', size, GFP_KERNEL)),
        ];
      }
      case 'vm_map_ram': {
        const count = prng.oneIn(8) ? 60 + few : few;
        return [`vm_map_ram ${count}`, () => this.#mapRam(pfn, count)];
      }
      case 'ioremap': {
        const phys = 0x80000000 + prng.below(200) * (prng.oneIn(3) ? this.#page : this.#run) + offset;
        const size = few * this.#scaled(prng.oneIn(8) ? 200000 : 10000);
        return [`ioremap ${phys} ${size}`, () => this.#keep('iounmap', this.#ioremap(phys, size))];
      }
      case 'get_vm_area':
        return [`get_vm_area ${many}`, () => this.#takeArea(many * this.#page)];
      case 'free':
        return this.#prepareFree();
      case 'vrealloc':
        return this.#prepareRealloc(few * this.#scaled(3000));
      case 'cpu': {
        const cpu = prng.below(Number(this.#linked.machine.config['CONFIG_NR_CPUS']));
        return [`cpu ${cpu}`, () => (kernel.cpu = cpu)];
      }
      case 'work':
        return ['work', () => (drainWork(kernel), 0)];
      case 'vm_unmap_aliases':
        return ['vm_unmap_aliases', () => this.#call('vm_unmap_aliases')];
    }
  }

  /** Calls what the tree has under this name, or under the name that kernels from 6.10 on give it. */
  #call(name: string, ...args: number[]): number {
    const noprof = this.#linked.bindings.find(`${name}_noprof`, undefined)?.kind === 'c';
    return Number(this.#linked.call(noprof ? `${name}_noprof` : name, args));
  }

  #keep(release: string, addr: number, ...args: number[]): number {
    if (addr !== 0) this.#live.push({ release, addr, args });
    return addr;
  }

  #pages(pfn: number, count: number, stride: number): number {
    const { kernel } = this.#linked;
    const array = kernel.mem.allocate({ name: 'pages[]', size: count * 8 });
    for (let i = 0; i < count; i++) kernel.mem.st64(array + i * 8, kernel.pfn_to_page(pfn + i * stride));
    return array;
  }

  #vmap(pfn: number, count: number, stride: number): number {
    const pages = this.#pages(pfn, count, stride);
    return Number(this.#linked.call('vmap', [pages, count, VM_MAP, pageKernel(this.#linked.kernel)]));
  }

  #mapRam(pfn: number, count: number): number {
    return this.#keep('vm_unmap_ram', this.#call('vm_map_ram', this.#pages(pfn, count, 1), count, -1), count);
  }

  #ioremap(phys: number, size: number): number {
    return Number(this.#linked.call('generic_ioremap_prot', [phys, size, pageKernel(this.#linked.kernel)]));
  }

  #takeArea(size: number): number {
    const area = this.#call('get_vm_area', size, VM_MAP);
    const addr = area === 0 ? 0 : this.#linked.kernel.structs.vm_struct(area).addr;
    return this.#keep('free_vm_area', addr);
  }

  #prepareFree(): readonly [string, () => number] {
    if (this.#live.length === 0) return ['nothing to free', () => 0];
    const [one] = this.#live.splice(this.#prng.below(this.#live.length), 1);
    const { release, addr, args } = one!;
    if (release !== 'free_vm_area') return [release, () => this.#call(release, addr, ...args)];
    return [release, () => this.#call('free_vm_area', this.#call('find_vm_area', addr))];
  }

  #prepareRealloc(size: number): readonly [string, () => number] {
    const candidates = this.#live.filter(({ release }) => release === 'vfree');
    if (candidates.length === 0) return ['nothing to grow', () => 0];
    const one = this.#prng.pick(candidates);
    return [
      `vrealloc ${size}`,
      () => (one.addr = this.#call('vrealloc', one.addr, size, GFP_KERNEL) || one.addr),
    ];
  }
}

/** An event as text, without what depends on where the heap's objects lie; locks and barriers are not compared. */
function effectOf(event: TraceEvent, machine: Machine): string[] {
  switch (event.kind) {
    case 'table-write': {
      const { level, addr, after } = event;
      return [
        `write ${level} ${addr} ${level !== 'pte' && isTable(after, machine) ? 'table' : String(after)}`,
      ];
    }
    case 'walk':
      return [`walk ${event.level} ${event.addr}`];
    case 'tlb-flush':
      return [`tlb-flush ${event.start} ${event.end}`];
    case 'cache-flush':
      return [`${event.call} ${event.start} ${event.end}`];
    case 'page':
      return [`page ${event.change} ${event.pfn} ${event.order}`];
    case 'alloc':
      return [`alloc ${event.name.startsWith('kmalloc') ? event.what : event.name}`];
    case 'free':
      return [`free ${event.what}`];
    case 'sync':
      return [`sync ${event.start} ${event.end}`];
    case 'scope':
      // Kernels before 6.16 have no lazy MMU mode here.
      return event.scope === 'lazy-mmu' ? [] : [`${event.change} ${event.scope}`];
    case 'warn':
      return [event.call];
    case 'fault':
      return [`fault ${event.fault}`];
    default:
      return [];
  }
}

/** An entry above the page level that is valid and points to the heap. */
function isTable(entry: Descriptor, machine: Machine): boolean {
  const isValid = matches(entry, machine.attributes.valid);
  return isValid && frameOf(machine, entry) * 2 ** machine.pageShift < PAGES_START;
}
