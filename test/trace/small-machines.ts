// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, descriptorFromBits, type Descriptor } from '../../src/base/descriptor.ts';
import type { Level, LevelName, Machine } from '../../src/trace/machine.ts';

/** The attribute mask of hardware bits. */
function bits(...positions: readonly number[]): number {
  return attributesOf(descriptorFromBits(positions.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n)));
}

const VALID = bits(0);
const TYPE = bits(0, 1);
const RDONLY = bits(7);
const PXN = bits(53);
const CONTIGUOUS = bits(52);
const MEMORY_TYPE = bits(2, 3, 4);

const table = { mask: TYPE, value: TYPE };
const block = { mask: TYPE, value: VALID };
const arm64Levels: readonly Level[] = [
  { name: 'pgd', shift: 39, entries: 512, table },
  { name: 'pud', shift: 30, entries: 512, table, leaf: block },
  { name: 'pmd', shift: 21, entries: 512, table, leaf: block, contiguousEntries: 16 },
  { name: 'pte', shift: 12, entries: 512, leaf: table, contiguousEntries: 16 },
];

/** arm64 with 4 KiB pages, as far as invariants look at it. */
export const arm64: Machine = {
  name: 'test-arm64',
  title: 'arm64, 4 KiB pages',
  arch: 'arm64',
  pageShift: 12,
  levels: arm64Levels,
  attributes: {
    valid: { mask: VALID, value: VALID },
    writable: { mask: RDONLY, value: 0 },
    executable: { mask: PXN, value: 0 },
    user: { mask: bits(6), value: bits(6) },
    memoryType: MEMORY_TYPE,
    contiguous: CONTIGUOUS,
    protection: RDONLY | PXN | MEMORY_TYPE | bits(6, 51, 54),
    pfnShift: 12,
  },
  splitsLive: false,
  cachesVirtuallyIndexed: false,
  syncMask: 0,
  addresses: {
    pageOffset: -0x1000000000000,
    vmemmapStart: -0x20040000000,
    vmallocStart: -0x7fff80000000,
    vmallocEnd: -0x20040800000,
    fixaddrTop: -0x800000,
    ramStart: 0x40000,
    ramPages: 0x400000,
    heapStart: 0x40000,
    heapSize: 0x4000000,
  },
  config: {},
};

export const arm64Bbml2: Machine = { ...arm64, name: 'test-arm64-bbml2', splitsLive: true };

/** Three levels of four entries: small enough to look at every page. */
export const tiny: Machine = {
  ...arm64,
  name: 'test-tiny',
  levels: [
    { name: 'pud', shift: 16, entries: 4, table, leaf: block },
    { name: 'pmd', shift: 14, entries: 4, table, leaf: block },
    { name: 'pte', shift: 12, entries: 4, leaf: table, contiguousEntries: 2 },
  ],
};

export const x86: Machine = {
  ...arm64,
  name: 'test-x86',
  title: 'x86-64, 4 levels',
  arch: 'x86',
  levels: arm64Levels.map((level): Level => {
    const pse = bits(7);
    const tableMatch = { mask: VALID | pse, value: VALID };
    if (level.name === 'pte')
      return { name: 'pte', shift: 12, entries: 512, leaf: { mask: VALID, value: VALID } };
    const leaf = level.name === 'pgd' ? {} : { leaf: { mask: VALID | pse, value: VALID | pse } };
    return { name: level.name, shift: level.shift, entries: 512, table: tableMatch, ...leaf };
  }),
  attributes: {
    valid: { mask: VALID, value: VALID },
    writable: { mask: bits(1), value: bits(1) },
    executable: { mask: bits(63), value: 0 },
    user: { mask: bits(2), value: bits(2) },
    memoryType: bits(3, 4),
    contiguous: 0,
    protection: bits(1, 2, 3, 4, 5, 6, 8, 63),
    pfnShift: 12,
  },
  splitsLive: true,
  // The p4d is folded into the root: a change of a root entry is reported as one of the p4d.
  syncMask: 2,
};

/** The first address that kernel tests map. */
export const VMALLOC = arm64.addresses.vmallocStart;

/** Hardware bits to a protection or entry: `protection(0x703n)`. */
export function protection(hardware: bigint): Descriptor {
  return descriptorFromBits(hardware);
}

/** What a kernel data page asks for on a machine: readable, writable, not executable. */
export function pageKernel(machine: Machine): Descriptor {
  return machine.arch === 'x86'
    ? protection((1n << 63n) | 0x163n)
    : protection((3n << 53n) | (1n << 51n) | 0x713n);
}

/** A leaf of a level: the protection with the type bits of that level, and the frame. */
export function leafEntry(machine: Machine, level: LevelName, pfn: number, prot: Descriptor): Descriptor {
  const hardware = (BigInt(pfn) << 12n) | (toHardware(prot) & ~0x3fffffffff000n);
  if (machine.arch === 'x86') return descriptorFromBits(level === 'pte' ? hardware : hardware | 0x80n);
  return descriptorFromBits(level === 'pte' ? hardware | 3n : (hardware & ~2n) | 1n);
}

/** An entry with the contiguous bit. */
export function contiguousEntry(
  machine: Machine,
  level: LevelName,
  pfn: number,
  prot: Descriptor,
): Descriptor {
  return descriptorFromBits(toHardware(leafEntry(machine, level, pfn, prot)) | (1n << 52n));
}

/** An entry that points to the table at a frame. */
export function tableEntry(machine: Machine, pfn: number): Descriptor {
  return descriptorFromBits((BigInt(pfn) << 12n) | (machine.arch === 'x86' ? 0x63n : 3n));
}

function toHardware(descriptor: Descriptor): bigint {
  const unsigned = BigInt.asUintN(64, BigInt(descriptor));
  return BigInt.asUintN(64, (unsigned >> 14n) | (unsigned << 50n));
}
