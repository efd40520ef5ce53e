// SPDX-License-Identifier: GPL-2.0-only
import { descriptorFromBits, type Descriptor } from '../base/descriptor.ts';
import type { U64 } from '../base/u64.ts';
import type { ByteCount, PageCount, Pfn, Ptr, VirtAddr } from '../base/units.ts';
import { KernelOops } from '../model/hardware/kernel-oops.ts';
import { KernelBug, NotModelled, type Kernel } from '../model/kernel.ts';
import type { EventSink, TraceEvent } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import { entryPointsText } from './entry-points.ts';
import { orderArguments } from './kernel-call.ts';
import type { LinkedKernel } from './link.ts';
import { pieceNumber } from './pieces.ts';
import type { OnEvent } from './recorder.ts';
import type { Protection } from './scenario.ts';
import { windowStartOf } from './test-window.ts';
import { TreeConstants } from './tree-constants.ts';

/** An area as find_vm_area() has it. */
export interface FoundArea {
  /** The struct vm_struct. */
  readonly vm: Ptr;
  readonly addr: VirtAddr;
  /** With the guard page. */
  readonly size: ByteCount;
  readonly flags: number;
  /** As it was asked for; absent where the tree does not note it. */
  readonly requestedSize?: ByteCount;
  /** Who asked for it. */
  readonly caller: Ptr;
  /** Pages that stand in it as its own. */
  readonly pages: PageCount;
}

/** All that decides what a run does beside the scenario: numbers of pieces (pieces.ts), and constants with their values. */
export interface WhatRan {
  readonly pieces: readonly number[];
  readonly constants: readonly (readonly [string, U64 | undefined])[];
}

const macroSuffixes: Readonly<Record<Protection, string>> = {
  rw: '',
  ro: '_RO',
  rwx: '_EXEC',
  rox: '_ROX',
  uncached: '',
};

/** Who of a tree makes huge entries of a size. */
export interface HugeUses {
  readonly hugetlb: boolean;
  /** For kernel mappings, by vmap_pte_range() or its like. */
  readonly vmap: boolean;
}

/** What reads that a page is part of a compound one; everything else goes through these. */
const readers = new Set(['compound_head', 'PageHead', 'PageTail', 'compound_order']);

/** One linked kernel as scenarios see it: where they may play, and what the tree's own constants mean. */
export class Stage {
  readonly linked: LinkedKernel;
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly pageSize: ByteCount;
  /** Start of a range in vmalloc space that no area lies in. */
  readonly windowStart: VirtAddr;
  readonly #constants: TreeConstants;
  readonly #protections = new Map<Protection, Descriptor>();
  #seesCompounds: boolean | undefined;
  readonly #hugeSizes = new Map<ByteCount, HugeUses>();
  /** Names of constants that the present run has read. */
  readonly #read = new Set<string>();
  #ground: number | undefined;
  /** Lists of pieces that were asked for, and whether all of them are here. */
  readonly #hasAll = new Map<WhatRan['pieces'], boolean>();

  constructor(linked: LinkedKernel) {
    this.linked = linked;
    this.machine = linked.machine;
    this.kernel = linked.kernel;
    this.pageSize = 2 ** linked.machine.pageShift;
    this.windowStart = windowStartOf(linked.machine);
    this.#constants = new TreeConstants(linked.program, linked.before);
  }

  /**
   * Power-on, with all that boot calls. What happens there is told to nobody, so that a kernel which faults there, and
   * never gets to a scenario, counts as not modelled.
   */
  boot(events: EventSink | TraceEvent[], onEvent?: OnEvent): void {
    const { linked } = this;
    try {
      linked.boot(events, onEvent);
    } catch (error) {
      if (!(error instanceof KernelOops || error instanceof KernelBug)) throw error;
      const frame = linked
        .placeFrames(linked.rawFrames(error.stack))
        .find(({ file }) => file?.startsWith('<') === false);
      const where = frame === undefined ? '' : ` in ${frame.function}(), ${frame.file}:${frame.line}`;
      const object = error instanceof KernelOops ? error.event.object : undefined;
      const of = object === undefined ? '' : ` behind or in \`${object.name}\``;
      throw new NotModelled(`the kernel does not come up: ${error.message}${of}${where}`);
    }
  }

  get initMm(): Ptr {
    return this.kernel.globals['init_mm']!;
  }

  /** Can anything that is linked tell a compound page from others? Marking them takes time. */
  get seesCompounds(): boolean {
    this.#seesCompounds ??= this.linked.bindings.all.some(({ binding }) => readers.has(binding.name));
    return this.#seesCompounds;
  }

  /** From here on `whatRan()` tells what was executed. */
  beginRun(): void {
    this.linked.record.forget();
    this.linked.runtime.restart();
    this.#read.clear();
  }

  /** All that decides what the present run does. */
  whatRan(): WhatRan {
    const constants = [...this.#read].map((name) => [name, this.#constants.integer(name)] as const);
    return { pieces: [this.#groundNumber, ...this.linked.record.executed()], constants };
  }

  /** Would a run that depends on that, on another stage, do the same here? */
  runsTheSame({ pieces, constants }: WhatRan): boolean {
    let hasAll = this.#hasAll.get(pieces);
    if (hasAll === undefined) {
      hasAll = pieces.every((number) => number === this.#groundNumber || this.linked.record.hasPiece(number));
      this.#hasAll.set(pieces, hasAll);
    }
    return hasAll && constants.every(([name, value]) => this.#constants.integer(name) === value);
  }

  /** What scenarios look at without asking for a constant by its name. */
  get #groundNumber(): number {
    if (this.#ground === undefined) {
      const flags = JSON.stringify(this.#constants.vmFlags);
      const calls = entryPointsText(this.linked.program);
      this.#ground = pieceNumber(`stage ${this.seesCompounds} ${flags} ${calls}`);
    }
    return this.#ground;
  }

  /** A pgprot of ordinary kernel memory. */
  protection(name: Protection): Descriptor {
    let found = this.#protections.get(name);
    if (found === undefined) {
      found = this.linked.record.keeping(() => this.#makeProtection(name));
      this.#protections.set(name, found);
    }
    for (const constant of protectionConstants(name)) this.#read.add(constant);
    return found;
  }

  #makeProtection(name: Protection): Descriptor {
    const [first, second] = protectionConstants(name);
    const bits = this.#constants.integer(first) ?? this.#constants.integer(second);
    if (bits === undefined) throw new NotModelled(`PAGE_KERNEL${macroSuffixes[name]} is defined nowhere`);
    const prot = descriptorFromBits(bits);
    return name === 'uncached' ? this.kernel.pgprot_noncached(prot) : prot;
  }

  /** The flags of that name in this tree. */
  areaFlags(names: readonly string[]): number {
    return names.reduce((flags, name) => flags | this.constant(name), 0);
  }

  /** A mask by the names of its parts, with | between them. */
  gfpMask(names: string): number {
    return names.split('|').reduce((mask, name) => (mask | this.constant(name)) >>> 0, 0);
  }

  /** The first of the flags that this tree does not have. */
  missingFlag(names: readonly string[]): string | undefined {
    return names.find((name) => this.constantOf(name) === undefined);
  }

  /** A macro or enumerator of the tree or of the model's headers. */
  constant(name: string): number {
    const value = this.constantOf(name);
    if (value === undefined) throw new NotModelled(`\`${name}\` is no constant here`);
    return value;
  }

  /** The same; undefined where it is none. */
  constantOf(name: string): number | undefined {
    this.#read.add(name);
    const value = this.#constants.integer(name);
    return typeof value === 'number' ? value : undefined;
  }

  /** Names of the set flags. */
  flagNames(flags: number): readonly string[] {
    return this.#constants.vmFlags.filter(({ bit }) => (flags & bit) !== 0).map(({ name }) => name);
  }

  /** The area that `addr` lies in. */
  findArea(addr: VirtAddr): FoundArea | undefined {
    const vm = Number(this.linked.call('find_vm_area', [addr]));
    if (vm === 0) return undefined;
    const view = this.kernel.structs.vm_struct(vm);
    const { addr: start, size, flags, caller, nr_pages: pages } = view;
    // Trees that do not note it have no such member.
    const requestedSize: ByteCount | undefined = view.requested_size;
    const requested = requestedSize === undefined ? {} : { requestedSize };
    return { vm, addr: start, size, flags, caller, pages, ...requested };
  }

  /** The entry that the tree itself makes for a huge page. */
  makeHugePte(pfn: Pfn, prot: Descriptor, size: ByteCount): Descriptor {
    const pte = this.kernel.pfn_pte(pfn, prot);
    const values = { pte, shift: Math.log2(size), flags: 0 };
    return this.linked.call('arch_make_huge_pte', orderArguments(this.linked, 'arch_make_huge_pte', values));
  }

  /**
   * Does this tree itself hand out huge entries of that size, to hugetlb or to vmalloc? The tree is asked once; to be
   * called before a scenario boots, so that no scenario's events hold what the asking did.
   */
  hugeUses(size: ByteCount): HugeUses {
    let uses = this.#hugeSizes.get(size);
    if (uses === undefined) {
      const isLarge = size > this.pageSize && Number.isInteger(Math.log2(size));
      uses = this.linked.record.keeping(() => ({
        hugetlb: isLarge && this.#isHugetlbSize(size),
        vmap: isLarge && this.#isVmapSize(size),
      }));
      this.#hugeSizes.set(size, uses);
    }
    return uses;
  }

  /** For one of the two. */
  isHugeSize(size: ByteCount): boolean {
    const { hugetlb, vmap } = this.hugeUses(size);
    return hugetlb || vmap;
  }

  /** One entry of some level maps that much. */
  isBlockSize(size: ByteCount): boolean {
    const { levels } = this.machine;
    return levels.some(({ leaf, shift }) => leaf !== undefined && size === 2 ** shift);
  }

  #isHugetlbSize(size: ByteCount): boolean {
    const name = 'arch_hugetlb_valid_size';
    if (this.linked.prototypeOf(name) !== undefined) return this.#ask(name, { size }) !== 0;
    return this.isBlockSize(size);
  }

  #isVmapSize(size: ByteCount): boolean {
    const name = 'arch_vmap_pte_range_map_size';
    if (this.linked.prototypeOf(name) === undefined) return false;
    const addr = this.windowStart;
    const values = { addr, end: addr + size, pfn: 0, shift: Math.log2(size) };
    return this.#ask(name, values) === size;
  }

  #ask(name: string, values: Readonly<Record<string, number>>): number {
    try {
      return Number(this.linked.call(name, orderArguments(this.linked, name, values)));
    } catch (error) {
      if (error instanceof NotModelled) return 0;
      throw error;
    }
  }
}

/** The macros that may hold a protection's bits, in the order of preference. */
function protectionConstants(name: Protection): readonly [string, string] {
  const suffix = macroSuffixes[name];
  return [`_PAGE_KERNEL${suffix}`, `__PAGE_KERNEL${suffix}`];
}
