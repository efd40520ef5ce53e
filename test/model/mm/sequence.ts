// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../../../src/base/descriptor.ts';
import { Prng } from '../../../src/base/prng.ts';
import type { ByteCount, PageCount, Pfn, Ptr, VirtAddr } from '../../../src/base/units.ts';
import type { Kernel } from '../../../src/model/kernel.ts';
import { pageKernel } from '../../../src/model/mm/page-kernel.ts';
import type { LinkedKernel } from '../../../src/run/link.ts';

/** Where the pages of a sequence lie; everything of the heap lies below. */
export const PAGES_START = 0x60000000;

/** How something came to be, which decides what may be done with it and how it is given back. */
export type Kind = 'mapped' | 'allocated' | 'given' | 'ram' | 'device' | 'taken' | 'sparse' | 'percpu';

/** Something that a sequence has and must give back. */
export interface Live {
  readonly kind: Kind;
  addr: VirtAddr;
  /** Bytes that its maker asked for. */
  size: ByteCount;
  /** For `percpu`: where the array of areas lies, and how many there are. */
  readonly array?: { readonly at: Ptr; readonly count: number };
  /** Somebody mapped something in an area that was only taken. */
  filled?: boolean;
  /** It may be made of large pages. */
  readonly huge?: boolean;
  /** Its protection was changed: nothing may be written there. */
  changed?: boolean;
  /** Bytes from its start on that were written. */
  known?: ByteCount;
}

/** What an operation is about to do. */
export interface Drawn {
  readonly text: string;
  /** Calls the kernel. What it returns must be the same everywhere. */
  readonly run: () => unknown;
}

/** A sequence of operations on a kernel that has just been booted: what there is, and what to draw from. */
export class Sequence {
  readonly linked: LinkedKernel;
  readonly prng: Prng;
  readonly page: ByteCount;
  /** Bytes of a contiguous run and of the smallest block. */
  readonly run: ByteCount;
  readonly block: ByteCount;
  readonly live: Live[] = [];

  constructor(linked: LinkedKernel, seed: number) {
    this.linked = linked;
    this.prng = new Prng(seed);
    const { levels, pageShift } = linked.machine;
    this.page = 2 ** pageShift;
    this.run = this.page * (levels.at(-1)!.contiguousEntries ?? 16);
    this.block =
      2 **
      Math.min(...levels.filter(({ leaf, shift }) => leaf && shift > pageShift).map((level) => level.shift));
  }

  get kernel(): Kernel {
    return this.linked.kernel;
  }

  get prot(): Descriptor {
    return pageKernel(this.kernel);
  }

  /** Calls what the tree has under this name, or under the name that kernels from 6.10 on give it. */
  call(name: string, ...args: readonly (number | Descriptor)[]): number {
    const noprof = this.linked.bindings.find(`${name}_noprof`, undefined)?.kind === 'c';
    return Number(this.linked.call(noprof ? `${name}_noprof` : name, args));
  }

  /** Notes what a call made, unless it failed. */
  keep(kind: Kind, addr: VirtAddr, size: ByteCount, more: Partial<Live> = {}): VirtAddr {
    if (addr !== 0) this.live.push({ kind, addr, size, ...more });
    return addr;
  }

  lose(one: Live): void {
    this.live.splice(this.live.indexOf(one), 1);
  }

  ofKind(kinds: readonly Kind[]): readonly Live[] {
    return this.live.filter(({ kind }) => kinds.includes(kind));
  }

  /** Mostly few, so that much is done in little time. */
  pageCount(): PageCount {
    const { prng } = this;
    return prng.oneIn(40) ? 1 + prng.below(300) : 1 + prng.below(10);
  }

  /** Bytes, not always whole pages; now and then as many as a run or a block has. */
  byteCount(): ByteCount {
    const { prng, page } = this;
    const odd = prng.oneIn(2) ? prng.below(page) : 0;
    if (prng.oneIn(60)) return prng.pick([0, 2 ** 50]);
    return this.pageCount() * page - odd;
  }

  largeByteCount(): ByteCount {
    const { prng, run, block, page } = this;
    const unit = prng.oneIn(10) && block < 1000 * page ? block : run;
    return unit * (1 + prng.below(unit === run ? 4 : 2)) + prng.pick([0, 0, -1, 1, page, 0 - page]);
  }

  pfn(): Pfn {
    return PAGES_START / this.page + this.prng.below(1000);
  }

  /** An array of struct page pointers in memory. */
  pageArray(pfn: Pfn, count: PageCount, stride: number): Ptr {
    return this.words(
      Array.from({ length: count }, (_, i) => this.kernel.pfn_to_page(pfn + i * stride)),
      'pages[]',
    );
  }

  /** An array of 64-bit words. */
  words(values: readonly number[], name: string): Ptr {
    const { mem } = this.kernel;
    const array = mem.allocate({ name, size: values.length * 8 });
    values.forEach((value, i) => mem.st64(array + i * 8, value));
    return array;
  }

  /** The vm_struct of the area at an address, without what depends on where the heap's objects lie. */
  describeArea(addr: VirtAddr): string {
    const area = this.call('find_vm_area', addr);
    if (area === 0) return 'none';
    const { addr: start, size, flags, nr_pages, phys_addr } = this.kernel.structs.vm_struct(area);
    return `${start} ${size} flags ${flags} pages ${nr_pages} phys ${phys_addr}`;
  }
}
