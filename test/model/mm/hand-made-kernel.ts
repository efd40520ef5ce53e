// SPDX-License-Identifier: GPL-2.0-only
import { bitsOfDescriptor, descriptorFromBits, type Descriptor } from '../../../src/base/descriptor.ts';
import type { Ptr } from '../../../src/base/units.ts';
import { Memory } from '../../../src/model/hardware/memory.ts';
import * as fallBacks from '../../../src/model/include/linux/vmalloc.functions.ts';
import type { Kernel } from '../../../src/model/kernel.ts';
import { arm64With4k } from '../../../src/model/machines/arm64-4k.ts';
import { ModelState } from '../../../src/model/part-of-state.ts';
import * as memoryUserPages from '../../../src/model/mm/memory-user-pages.ts';
import { vmallocModules } from '../../../src/model/mm/vmalloc-modules.ts';
import { Recorder } from '../../../src/run/recorder.ts';
import { EventArray } from '../../../src/trace/event-array.ts';
import type { TraceEvent } from '../../../src/trace/events.ts';

/**
 * Just enough of a kernel around mm/vmalloc.c to test it alone: tables of 512 entries at four levels, an entry with
 * bit 0 is valid, with bit 1 a table, bit 2 a contiguous entry. What the real neighbours do is tested elsewhere.
 */
export interface HandMadeKernel {
  readonly k: Kernel;
  readonly events: TraceEvent[];
  /** Allocations that still succeed; undefined for all. */
  allowAllocations(count: number | undefined): void;
  /** Whether pages of an order above 0 can be had. */
  allowHighOrders(allowed: boolean): void;
  /** Heap objects by name that are live. */
  live(): Map<string, number>;
  /** An array of struct page pointers in memory. */
  pages(pfns: readonly (number | null)[]): Ptr;
  /** The frame that the tables give for an address, or undefined. */
  frameOf(addr: number): number | undefined;
  /** The protection that they give. */
  entryOf(addr: number): Descriptor;
}

const VALID = 1n;
const TABLE = 2n;
const CONTIGUOUS = 4n;
const FRAME = 0x0000fffffffff000n;
const fields = {
  vm_struct: {
    next: [0, 8],
    addr: [8, 8],
    size: [16, 8],
    flags: [24, 8],
    pages: [32, 8],
    page_order: [40, 4],
    nr_pages: [44, 4],
    phys_addr: [48, 8],
    caller: [56, 8],
    requested_size: [64, 8],
  },
  vm_area_struct: { vm_start: [0, 8], vm_end: [8, 8], vm_flags: [16, 8] },
  vmap_area: { va_start: [0, 8], va_end: [8, 8], vm: [56, 8], flags: [64, 8] },
} as const;
const sizes: Record<string, number> = { vm_struct: 72, vmap_area: 72 };

export function makeHandMadeKernel(cpus = 1): HandMadeKernel {
  const events: TraceEvent[] = [];
  const config = { ...arm64With4k.config, CONFIG_NR_CPUS: cpus };
  const machine = { ...arm64With4k, config };
  const trace = new Recorder();
  trace.record(new EventArray(events));
  const mem = new Memory(machine, trace);
  const state = new ModelState();
  let allowance: number | undefined;
  let highOrders = true;
  let nextPage = 0x50000;

  const allocate = (size: number, name: string, zeroed: boolean, table = false): Ptr => {
    if (allowance === 0) return 0;
    if (allowance !== undefined) allowance--;
    return mem.allocate({ size, name, zeroed, table, guard: 64, ...(table && { align: 4096 }) });
  };
  const view = (struct: keyof typeof fields) => (at: Ptr) => {
    const object = {};
    for (const [field, [offset, size]] of Object.entries(fields[struct])) {
      Object.defineProperty(object, field, {
        enumerable: true,
        get: () => (size === 8 ? Number(mem.ld64(at + offset)) : mem.ld32(at + offset)),
        set: (value: number) => {
          if (size === 8) mem.st64(at + offset, value);
          else mem.st32(at + offset, value);
        },
      });
    }
    return object;
  };
  const bits = (entry: Descriptor): bigint => BigInt.asUintN(64, BigInt(bitsOfDescriptor(entry)));
  const linear = (entry: Descriptor): Ptr => machine.addresses.pageOffset + Number(bits(entry) & FRAME);
  const root = mem.allocate({ size: 4096, name: 'pgd table', table: true, align: 4096 });
  const slot = (table: Ptr, addr: number, shift: number): Ptr =>
    table + (((Math.floor(addr / 2 ** shift) % 512) + 512) % 512) * 8;
  const emitRange = (call: 'flush_cache_vmap' | 'flush_cache_vunmap') => (start: number, end: number) =>
    trace.emit({ kind: 'cache-flush', call, start, end });
  const none = (entry: Descriptor) => (bits(entry) === 0n ? 1 : 0);
  const present = (entry: Descriptor) => (bits(entry) & VALID ? 1 : 0);
  const leaf = (entry: Descriptor) => (bits(entry) & VALID && !(bits(entry) & TABLE) ? 1 : 0);
  const entry = (at: Ptr): Descriptor => mem.ldDescriptor(at);
  const clearHuge = (at: Ptr) => {
    if (!leaf(entry(at))) return 0;
    mem.stDescriptor(at, 0);
    return 1;
  };
  const setHuge = (at: Ptr, phys: number, prot: Descriptor) => {
    mem.stDescriptor(at, descriptorFromBits(BigInt(phys) | (bits(prot) & ~TABLE) | VALID));
    return 1;
  };
  const below = (at: Ptr, addr: number, shift: number): Ptr => slot(linear(entry(at)), addr, shift);
  const allocateBelow = (at: Ptr, addr: number, shift: number, bit: number, mask: Ptr): Ptr => {
    if (none(entry(at))) {
      const table = allocate(4096, 'table', true, true);
      if (table === 0) return 0;
      mem.stDescriptor(at, descriptorFromBits(BigInt(table - machine.addresses.pageOffset) | VALID | TABLE));
      mem.st32(mask, mem.ld32(mask) | bit);
    }
    return below(at, addr, shift);
  };
  const frame = (page: Ptr) => (page - machine.addresses.vmemmapStart) / 64;
  const pageOf = (pfn: number): Ptr => machine.addresses.vmemmapStart + pfn * 64;
  const leafEntry = (pfn: number, prot: Descriptor) =>
    descriptorFromBits((BigInt(pfn) << 12n) | bits(prot) | VALID);
  const lock = (change: 'acquire' | 'release') => (at: Ptr) =>
    trace.emit({ kind: 'lock', change, lock: at, name: mem.objectAt(at)?.name ?? '' });
  const freePage = (page: Ptr, order: number) =>
    trace.emit({ kind: 'page', change: 'free', pfn: frame(page), order });
  const takePages = (order: number): Ptr => {
    if (allowance === 0 || (order > 0 && !highOrders)) return 0;
    if (allowance !== undefined) allowance--;
    const pfn = Math.ceil(nextPage / 2 ** order) * 2 ** order;
    nextPage = pfn + 2 ** order;
    trace.emit({ kind: 'page', change: 'alloc', pfn, order });
    return pageOf(pfn);
  };

  const neighbours: Record<string, unknown> = {
    machine,
    pageSize: 4096,
    mem,
    trace,
    cpu: 0,
    globals: { init_mm: 1 },
    structs: {
      vm_struct: view('vm_struct'),
      vmap_area: view('vmap_area'),
      vm_area_struct: view('vm_area_struct'),
    },
    sizeof: (struct: string) => sizes[struct],
    notModelled: (what: string) => {
      throw new Error(`not modelled: ${what}`);
    },
    state: state.of,
    pgprot_nx: (prot: Descriptor) => descriptorFromBits(bits(prot) | 0x10n),
    in_interrupt: () => 0,
    might_sleep: () => undefined,
    totalram_pages: () => 0x400000,
    kzalloc_node: (size: number) => allocate(size, size === 72 ? 'vm_struct' : 'object', true),
    kzalloc: (size: number) => allocate(size, size === 72 ? 'vm_struct' : 'object', true),
    kcalloc: (count: number, size: number) => allocate(count * size, 'object', true),
    kmalloc_node: (size: number, flags: number) => allocate(size, 'object', (flags & 0x100) !== 0),
    kfree: (at: Ptr) => void (at !== 0 && mem.release(at)),
    kvfree: (at: Ptr) =>
      at < machine.addresses.heapStart && at >= machine.addresses.vmallocStart
        ? kernel.vfree(at)
        : void (at !== 0 && mem.release(at)),
    kmem_cache_create: () => 1,
    kmem_cache_alloc_node: () => allocate(72, 'vmap_area', false),
    kmem_cache_alloc: () => allocate(72, 'vmap_area', false),
    kmem_cache_zalloc: () => allocate(72, 'vmap_area', true),
    kmem_cache_free: (_cache: Ptr, at: Ptr) => void mem.release(at),
    alloc_pages: (_gfp: number, order: number) => takePages(order),
    alloc_pages_bulk_array_node: (_gfp: number, _nid: number, count: number, array: Ptr) => {
      for (let i = 0; i < count; i++) {
        const page = takePages(0);
        if (page === 0) return i;
        mem.st64(array + i * 8, page);
      }
      return count;
    },
    split_page: () => undefined,
    page_count: () => 1,
    get_page: (page: Ptr) => trace.emit({ kind: 'barrier', name: `get_page ${frame(page)}` }),
    __free_pages: freePage,
    memalloc_nofs_save: () => 0,
    memalloc_nofs_restore: () => undefined,
    page_address: (page: Ptr) => machine.addresses.pageOffset + frame(page) * 4096,
    set_direct_map_invalid_noflush: () => trace.emit({ kind: 'barrier', name: 'invalid' }),
    set_direct_map_default_noflush: () => trace.emit({ kind: 'barrier', name: 'default' }),
    spin_lock: lock('acquire'),
    spin_unlock: lock('release'),
    mutex_lock: lock('acquire'),
    mutex_unlock: lock('release'),
    spin_lock_init: (at: Ptr) => mem.st32(at, 0),
    rcu_read_lock: () => undefined,
    rcu_read_unlock: () => undefined,
    arch_enter_lazy_mmu_mode: () => trace.emit({ kind: 'scope', scope: 'lazy mmu', change: 'enter' }),
    arch_leave_lazy_mmu_mode: () => trace.emit({ kind: 'scope', scope: 'lazy mmu', change: 'leave' }),
    flush_cache_vmap: emitRange('flush_cache_vmap'),
    flush_cache_vunmap: emitRange('flush_cache_vunmap'),
    flush_tlb_kernel_range: (start: number, end: number) =>
      trace.emit({ kind: 'tlb-flush', scope: 'range', start, end, local: false }),
    pgd_offset_k: (addr: number) => slot(root, addr, 39),
    p4d_alloc_track: (_mm: Ptr, pgd: Ptr) => pgd,
    pud_alloc_track: (_mm: Ptr, p4d: Ptr, addr: number, mask: Ptr) => allocateBelow(p4d, addr, 30, 2, mask),
    pmd_alloc_track: (_mm: Ptr, pud: Ptr, addr: number, mask: Ptr) => allocateBelow(pud, addr, 21, 4, mask),
    pte_alloc_kernel_track: (pmd: Ptr, addr: number, mask: Ptr) => allocateBelow(pmd, addr, 12, 8, mask),
    p4d_offset: (pgd: Ptr) => pgd,
    pud_offset: (p4d: Ptr, addr: number) => below(p4d, addr, 30),
    pmd_offset: (pud: Ptr, addr: number) => below(pud, addr, 21),
    pte_offset_kernel: (pmd: Ptr, addr: number) => below(pmd, addr, 12),
    ptep_get: entry,
    ptep_get_and_clear: (_mm: Ptr, _addr: number, at: Ptr) => {
      const before = entry(at);
      mem.stDescriptor(at, 0);
      return before;
    },
    set_pte_at: (_mm: Ptr, _addr: number, at: Ptr, value: Descriptor) => mem.stDescriptor(at, value),
    pfn_pte: leafEntry,
    mk_pte: (page: Ptr, prot: Descriptor) => leafEntry(frame(page), prot),
    pte_page: (value: Descriptor) => pageOf(Number((bits(value) & FRAME) >> 12n)),
    pmd_page: (value: Descriptor) => pageOf(Number((bits(value) & FRAME) >> 12n)),
    page_to_pfn: frame,
    page_to_phys: (page: Ptr) => frame(page) * 4096,
    pfn_valid: (pfn: number) => (pfn >= 0x40000 && pfn < 0x440000 ? 1 : 0),
    arch_vmap_pmd_supported: () => 1,
    arch_vmap_pud_supported: () => 1,
    arch_vmap_pte_range_map_size: (addr: number, end: number, pfn: number, shift: number) =>
      shift >= 16 && addr % 65536 === 0 && pfn % 16 === 0 && end - addr >= 65536 ? 65536 : 4096,
    arch_vmap_pte_range_unmap_size: (_addr: number, at: Ptr) => (bits(entry(at)) & CONTIGUOUS ? 65536 : 4096),
    arch_make_huge_pte: (value: Descriptor) => descriptorFromBits(bits(value) | CONTIGUOUS),
    set_huge_pte_at: (_mm: Ptr, _addr: number, at: Ptr, value: Descriptor, size: number) => {
      for (let i = 0; i < size / 4096; i++) {
        mem.stDescriptor(at + i * 8, descriptorFromBits(bits(value) + BigInt(i * 4096)));
      }
    },
    huge_ptep_get_and_clear: (_mm: Ptr, _addr: number, at: Ptr, size: number) => {
      const before = entry(at);
      for (let i = 0; i < size / 4096; i++) mem.stDescriptor(at + i * 8, 0);
      return before;
    },
    mmap_read_trylock: () => 1,
    mmap_read_unlock: () => undefined,
    pte_none: none,
    pte_present: present,
  };
  for (const level of ['pgd', 'p4d', 'pud', 'pmd']) {
    Object.assign(neighbours, {
      [`${level}_none`]: none,
      [`${level}_present`]: present,
      [`${level}_leaf`]: leaf,
      [`${level}_bad`]: (value: Descriptor) => leaf(value),
      [`${level}_none_or_clear_bad`]: (at: Ptr) => none(entry(at)),
      [`${level}_clear_huge`]: clearHuge,
      [`${level}_set_huge`]: setHuge,
    });
  }
  neighbours['pmd_free_pte_page'] = (pmd: Ptr) => {
    mem.release(linear(entry(pmd)));
    mem.stDescriptor(pmd, 0);
    return 1;
  };
  const kernel = neighbours as unknown as Kernel;
  for (const module of [fallBacks, memoryUserPages, ...vmallocModules]) {
    for (const [name, fn] of Object.entries(module)) {
      if (!(name in neighbours))
        neighbours[name] = (...args: unknown[]) => (fn as (...all: unknown[]) => unknown)(kernel, ...args);
    }
  }
  kernel.vmalloc_init();

  const walk = (addr: number): Descriptor => {
    let at = slot(root, addr, 39);
    for (const shift of [30, 21, 12]) {
      if (!present(entry(at)) || leaf(entry(at))) break;
      at = below(at, addr, shift);
    }
    return entry(at);
  };
  mem.translate = (addr) => {
    const found = walk(addr);
    if (!present(found)) return undefined;
    const page = kernel.vmalloc_to_page(addr);
    return frame(page) * 4096 + (addr - Math.floor(addr / 4096) * 4096);
  };
  return {
    k: kernel,
    events,
    allowHighOrders: (allowed) => void (highOrders = allowed),
    allowAllocations: (count) => void (allowance = count),
    live: () => {
      const counts = new Map<string, number>();
      for (const { name } of mem.liveObjects()) counts.set(name, (counts.get(name) ?? 0) + 1);
      return counts;
    },
    pages: (pfns) => {
      const array = mem.allocate({ size: pfns.length * 8, name: 'pages[]' });
      pfns.forEach((pfn, i) => mem.st64(array + i * 8, pfn === null ? 0 : pageOf(pfn)));
      return array;
    },
    frameOf: (addr) => {
      const page = kernel.vmalloc_to_page(Math.floor(addr / 4096) * 4096);
      return page === 0 ? undefined : frame(page);
    },
    entryOf: walk,
  };
}
