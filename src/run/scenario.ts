// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, PageCount, Shift } from '../base/units.ts';
import type { HugeOperation } from './huge-operations.ts';
import type { LinearOperation } from './linear-operations.ts';
import type { ReaderOperation } from './reader-operations.ts';

/**
 * What is done to one freshly booted kernel, call by call. Plain JSON; its text form (scenario-text.ts) is what people
 * read and what `rewalk replay` takes.
 */
export interface Scenario {
  readonly operations: readonly Operation[];
}

/** One call of an entry point, by the kernel's name, and how it is called. */
export type Operation = Circumstances &
  (
    | VmapOperation
    | AreaOperation
    | AreaInRangeOperation
    | AllocOperation
    | AllocMaskOperation
    | AllocRangeOperation
    | ReallocOperation
    | MapRamOperation
    | FreeOperation
    | PurgeOperation
    | BootOptionOperation
    | MapPagesOperation
    | MapRangeOperation
    | UnmapOperation
    | IoremapOperation
    | IounmapOperation
    | SparseMapOperation
    | SparseUnmapOperation
    | ProtectOperation
    | ValidOperation
    | ShowOperation
    | LookUpOperation
    | InSpaceOperation
    | HugeOperation
    | LinearOperation
    | ReaderOperation
  );

/** How a call is made; each is absent for the usual. */
export interface Circumstances {
  /** The CPU that makes it; 0 is the usual. */
  readonly cpu?: number;
  /** In an interrupt handler, where nothing may sleep. */
  readonly context?: 'irq';
  /** The task has been told to end, and does so as soon as it can. */
  readonly task?: 'killed';
  /** The operation whose area another task gives back, if it is asked to or the call waits; nothing is mapped there. */
  readonly gives?: number;
  /** Allocations that are refused to it. */
  readonly fail?: RefusedAllocations;
}

/** The nth allocation of a call, from 1, and perhaps all that come after it. */
export interface RefusedAllocations {
  readonly nth: number;
  readonly onward: boolean;
}

export interface VmapOperation {
  readonly call: 'vmap';
  readonly pages: readonly PageGroup[];
  readonly prot: Protection;
  /** Names of VM_* flags, as the tree defines them. */
  readonly flags: readonly string[];
}

/** Takes a range of addresses and maps nothing there. */
export interface AreaOperation {
  readonly call: 'get_vm_area';
  readonly size: PageCount;
  readonly flags: readonly string[];
}

/** The same in a given range of addresses. */
export interface AreaInRangeOperation extends AddressLimits {
  readonly call: '__get_vm_area_caller';
  readonly size: PageCount;
  readonly flags: readonly string[];
}

/** Pages from the start of the test window; absent for where vmalloc space begins or ends. */
export interface AddressLimits {
  readonly from?: PageCount;
  readonly to?: PageCount;
}

/** Memory of its own pages, in a new area. */
export interface AllocOperation extends AllocatedSize {
  readonly call: (typeof allocators)[number];
  /** What vmalloc_huge() is told of memory; absent for the usual. */
  readonly gfp?: string;
}

/** Those that take a size, and one of them a mask. */
export const allocators = [
  ...(['vmalloc', 'vzalloc', 'vmalloc_user', 'vmalloc_huge', 'vmalloc_32', 'vmalloc_32_user'] as const),
  ...(['vmalloc_node', 'vzalloc_node'] as const),
];

/** `__vmalloc_node()` is told a node as well: 0, and who asks. */
export interface AllocMaskOperation extends AllocatedSize {
  readonly call: '__vmalloc' | '__vmalloc_node';
  /** Name of a GFP_* mask. */
  readonly gfp: string;
}

export interface AllocatedSize {
  readonly size: PageCount;
  /** Bytes by which the caller asks for less than that; absent for none. */
  readonly less?: ByteCount;
}

/** The same with everything said. */
export interface AllocRangeOperation extends AllocatedSize, AddressLimits {
  readonly call: '__vmalloc_node_range';
  readonly align: PageCount;
  /** Absent for any. */
  readonly node?: 0;
  readonly prot: Protection;
  readonly flags: readonly string[];
  /** Name of a GFP_* mask. */
  readonly gfp: string;
}

/** Another size for what one of the calls above gave out: in place or elsewhere. */
export interface ReallocOperation extends AllocatedSize {
  readonly call: 'vrealloc';
  /** Masks with | between them; absent for the usual. */
  readonly gfp?: string;
  /** Index of the operation that made the area. */
  readonly area: number;
}

/** Maps pages for a short time, without a vm_struct. */
export interface MapRamOperation {
  readonly call: 'vm_map_ram';
  readonly pages: readonly PageGroup[];
}

/** Ends an area with all that is mapped in it. */
export interface FreeOperation {
  readonly call: 'vunmap' | 'vfree' | 'vfree_atomic' | 'free_vm_area' | 'vm_unmap_ram';
  /** Index of the operation that made the area. */
  readonly area: number;
}

/** Makes the addresses of areas that were given back free for new ones, or lets the workers do what was put off. */
export interface PurgeOperation {
  readonly call: 'vm_unmap_aliases' | 'flush_scheduled_work';
}

/** `nohugeiomap` on the command line: ioremap() uses single pages, and nobody else should care. */
export interface BootOptionOperation {
  readonly call: 'set_nohugeiomap';
}

/** Maps pages at a given place; each group of 1 << shift bytes is said to be physically contiguous. */
export interface MapPagesOperation {
  readonly call: 'vmap_pages_range';
  readonly at: Place;
  readonly pages: readonly PageGroup[];
  readonly prot: Protection;
  readonly shift: Shift;
}

/** Maps one physical range at a given place. */
export interface MapRangeOperation {
  readonly call: 'vmap_page_range' | 'ioremap_page_range';
  readonly at: Place;
  readonly frames: PageGroup;
  readonly prot: Protection;
}

/** Device memory, from some bytes behind the start of a page on. */
export interface IoremapOperation extends AllocatedSize {
  readonly call: 'ioremap_prot';
  /** What it really is: RAM, or what goes on behind the end of physical addresses or of all, is to be refused. */
  readonly memory: DeviceMemory;
  readonly offset: ByteCount;
}

export const deviceMemories = ['device', 'ram', 'end', 'wrap'] as const;
export type DeviceMemory = (typeof deviceMemories)[number];

/** Ends what an ioremap_prot() made. */
export interface IounmapOperation {
  readonly call: 'iounmap';
  readonly area: number;
}

/** Maps pages in a part of an area of VM_SPARSE. */
export interface SparseMapOperation {
  readonly call: 'vm_area_map_pages';
  readonly at: Place;
  readonly pages: readonly PageGroup[];
}

export interface SparseUnmapOperation {
  readonly call: 'vm_area_unmap_pages';
  readonly at: Place;
  readonly size: PageCount;
}

export interface UnmapOperation {
  readonly call: 'vunmap_range';
  readonly at: Place;
  readonly size: PageCount;
}

export interface ProtectOperation {
  readonly call:
    | 'set_memory_ro'
    | 'set_memory_rw'
    | 'set_memory_nx'
    | 'set_memory_x'
    /** Read-only and executable at once; x86 has a function for it. */
    | 'set_memory_rox';
  readonly at: Place;
  readonly size: PageCount;
}

/** Makes entries invalid, where they keep their frames, and valid again. */
export interface ValidOperation {
  readonly call: 'set_memory_valid';
  readonly at: Place;
  readonly size: PageCount;
  readonly enable: boolean;
}

/**
 * `inside` of that page; `before` the area, by as many pages and one, as an offset that only fits because it wraps;
 * `wrapped`: that page and 2^64 bytes.
 */
export const refusedStarts = ['inside', 'before', 'wrapped'] as const;

export type RefusedStart = (typeof refusedStarts)[number];

/** Shows pages of an area to user space, for as long as the call takes. */
export interface ShowOperation {
  readonly call: 'remap_vmalloc_range';
  /** Not from the page on that `at` names, but from where nothing may be shown. */
  readonly from?: RefusedStart;
  readonly at: Place;
  readonly size: PageCount;
}

/** Asks which page or frame an address translates to. */
export interface LookUpOperation {
  readonly call: 'vmalloc_to_page' | 'vmalloc_to_pfn';
  readonly at: Place;
}

/** Asks whether an address lies in vmalloc space: the first and the last page of it, or one beside them. */
export interface InSpaceOperation {
  readonly call: 'is_vmalloc_addr';
  readonly address: (typeof addressesOfSpace)[number];
}

export const addressesOfSpace = ['before', 'first', 'last', 'behind'] as const;

/**
 * An address: pages from the start of the test window, or from the start of the area that an operation made. A part of an
 * area that is filled by parts may begin before the area: that is to be refused.
 */
export interface Place {
  readonly of: 'window' | number;
  readonly page: PageCount;
}

/** PAGE_KERNEL, PAGE_KERNEL_RO, PAGE_KERNEL_EXEC, PAGE_KERNEL_ROX and uncached PAGE_KERNEL. */
export const protections = ['rw', 'ro', 'rwx', 'rox', 'uncached'] as const;
export type Protection = (typeof protections)[number];

/** Entries of a pages[] array. */
export type PageGroup = RunGroup | BadGroup;

/** Physically contiguous runs, `repeat` of them, no two of which touch. */
export interface RunGroup {
  /** Pages of each run as it was allocated. */
  readonly run: PageCount;
  /** How far beyond a frame number that is aligned to the run it begins. */
  readonly misaligned: PageCount;
  /** Begins in the frame where what stands before it in the array ends. */
  readonly follows: boolean;
  /** The frames of the earlier run of the same size that an earlier call has laid out, mapped once more. */
  readonly again?: true;
  /** One compound page; only for runs of a power of two above 1 that are aligned to their size. */
  readonly compound: boolean;
  /** The part of each run that stands in the array: `count` pages from page `first` on. */
  readonly first: PageCount;
  readonly count: PageCount;
  readonly repeat: number;
}

/** Entries that no caller may pass: NULL, or a struct page without memory behind it. */
export interface BadGroup {
  readonly bad: 'null' | 'invalid';
  readonly count: PageCount;
}

/** Pages that a group puts into the array. */
function pagesOf(group: PageGroup): PageCount {
  return 'bad' in group ? group.count : group.count * group.repeat;
}

/** Pages that an array holds. */
export function countPages(groups: readonly PageGroup[]): PageCount {
  return groups.reduce((sum, group) => sum + pagesOf(group), 0);
}

/** Could a run be one compound page? */
export function mayBeCompound(run: PageCount, misaligned: PageCount): boolean {
  return run > 1 && isPowerOfTwo(run) && misaligned === 0;
}

/** For values below 2^31. */
export function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}

type RunOptions = Partial<Omit<RunGroup, 'run'>>;

/** Contiguous pages: aligned, one compound page where that is possible, apart from others, used whole, once. */
export function runOf(run: PageCount, options: RunOptions = {}): RunGroup {
  const { misaligned = 0, follows = false, first = 0, count = run - first, repeat = 1, again } = options;
  const compound = (options.compound ?? true) && mayBeCompound(run, misaligned);
  return { run, misaligned, follows, compound, first, count, repeat, ...(again === true && { again }) };
}

/** Single pages, no two of which touch. */
export function singles(count: PageCount): RunGroup {
  return runOf(1, { repeat: count });
}

export function nullPages(count: PageCount = 1): BadGroup {
  return { bad: 'null', count };
}

export function invalidPages(count: PageCount = 1): BadGroup {
  return { bad: 'invalid', count };
}

export function windowAt(page: PageCount): Place {
  return { of: 'window', page };
}

export function areaAt(operation: number, page: PageCount = 0): Place {
  return { of: operation, page };
}

/** The operation whose area an operation works on. */
export function areaUsedBy(operation: Operation): number | undefined {
  if ('area' in operation) return typeof operation.area === 'number' ? operation.area : undefined;
  return 'at' in operation && operation.at.of !== 'window' ? operation.at.of : undefined;
}

const makers: ReadonlySet<string> = new Set([
  ...allocators,
  ...['vmap', 'get_vm_area', '__get_vm_area_caller', '__vmalloc_node_range', '__vmalloc', '__vmalloc_node'],
  ...['vrealloc', 'vm_map_ram', 'ioremap_prot', 'vmap_pfn', 'pcpu_get_vm_areas', 'arch_add_memory'],
]);

/** Is memory asked for by who may not sleep? */
export function isAtomic(operation: Operation): boolean {
  return 'gfp' in operation && /\bGFP_(ATOMIC|NOWAIT)\b/.test(operation.gfp ?? '');
}

/** Does the caller ask for memory without a linear address, as vmalloc() does by itself? */
export function asksForHighmem(operation: Operation): boolean {
  return 'gfp' in operation && /HIGH(USER|MEM)/.test(operation.gfp ?? '');
}

export function makesArea(operation: Operation): boolean {
  return makers.has(operation.call);
}
