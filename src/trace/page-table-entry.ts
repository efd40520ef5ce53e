// SPDX-License-Identifier: GPL-2.0-only
import { attributesOf, type Descriptor } from '../base/descriptor.ts';
import type { ByteCount, PageCount, Pfn, VirtAddr } from '../base/units.ts';
import type { AttributeMatch, Level, LevelName, Machine } from './machine.ts';

/**
 * What the table walker makes of an entry. `none`: it faults (also a pfn that is kept while the entry is not valid);
 * `bad`: valid, but neither a leaf nor a table where it stands, so that no walker may meet it.
 */
export type EntryKind = 'none' | 'table' | 'leaf' | 'bad';

/** One entry that maps memory. */
export interface Leaf {
  /** First address that it maps. */
  readonly addr: VirtAddr;
  readonly size: ByteCount;
  readonly level: LevelName;
  /** Frame of the first page. */
  readonly pfn: Pfn;
  /** As in `attributesOf()`. */
  readonly attributes: number;
  readonly descriptor: Descriptor;
}

/** A level with what the fold needs of it at hand. */
export interface LevelFormat {
  /** 0 is the root. */
  readonly index: number;
  readonly level: Level;
  readonly name: LevelName;
  /** Bytes that one entry covers. */
  readonly entrySize: ByteCount;
  /** Base pages that one entry covers. */
  readonly entryPages: PageCount;
  /** Bytes that a whole table covers. */
  readonly tableSize: ByteCount;
  readonly entries: number;
  /** Entries of a contiguous run; 1 where there is none. */
  readonly runEntries: number;
}

/** Reads page-table entries as one machine does. */
export class EntryFormat {
  readonly machine: Machine;
  readonly levels: readonly LevelFormat[];
  readonly last: LevelFormat;
  /** The attributes that a TLB keeps and acts on; the others are the kernel's own. */
  readonly translationMask: number;
  readonly #byName = new Map<string, LevelFormat>();
  readonly #pfnUnit: number;
  /** Bits of `attributesOf()` that are no part of the frame number, which on riscv begins at bit 10. */
  readonly #attributeMask: number;

  constructor(machine: Machine) {
    this.machine = machine;
    this.levels = machine.levels.map((level, index) => ({
      index,
      level,
      name: level.name,
      entrySize: 2 ** level.shift,
      entryPages: 2 ** (level.shift - machine.pageShift),
      tableSize: 2 ** level.shift * level.entries,
      entries: level.entries,
      runEntries: machine.attributes.contiguous === 0 ? 1 : (level.contiguousEntries ?? 1),
    }));
    for (const format of this.levels) this.#byName.set(format.name, format);
    const last = this.levels.at(-1);
    if (last === undefined) throw new Error(`machine ${machine.name} has no page-table levels`);
    this.last = last;
    this.#pfnUnit = 2 ** (machine.attributes.pfnShift + 14);
    this.#attributeMask = Math.min(this.#pfnUnit, 2 ** 26) - 1;
    const { valid, writable, executable, user, memoryType, contiguous, protection } = machine.attributes;
    this.translationMask =
      valid.mask | writable.mask | executable.mask | user.mask | memoryType | contiguous | protection;
  }

  /** The format of a level by its name. Asking for a level that the machine has not is a bug. */
  level(name: LevelName): LevelFormat {
    const format = this.#byName.get(name);
    if (format === undefined) throw new Error(`machine ${this.machine.name} has no level ${name}`);
    return format;
  }

  kind(format: LevelFormat, descriptor: Descriptor): EntryKind {
    if (descriptor === 0) return 'none';
    const attributes = attributesOf(descriptor);
    if (!matches(this.machine.attributes.valid, attributes)) return 'none';
    const { table, leaf } = format.level;
    if (table !== undefined && matches(table, attributes)) return 'table';
    return leaf !== undefined && matches(leaf, attributes) && !this.#isReserved(format, descriptor)
      ? 'leaf'
      : 'bad';
  }

  /** Svnapot: a walker faults at the bit where no size goes with it, which the low bits of the frame tell. */
  #isReserved(format: LevelFormat, descriptor: Descriptor): boolean {
    const { arch, attributes } = this.machine;
    if (arch !== 'riscv' || (attributesOf(descriptor) & attributes.contiguous) === 0) return false;
    const { runEntries } = format;
    return runEntries === 1 || this.rawPfn(format, descriptor) % runEntries !== runEntries / 2;
  }

  /** The frame as it stands in the entry, aligned or not. */
  rawPfn(format: LevelFormat, descriptor: Descriptor): Pfn {
    const pfn =
      typeof descriptor === 'number' && descriptor >= 0
        ? Math.floor(descriptor / this.#pfnUnit)
        : Number(BigInt.asUintN(64, BigInt(descriptor)) / BigInt(this.#pfnUnit));
    // x86 keeps the PAT bit of a large page where a small one has the lowest bit of its frame.
    return this.machine.arch === 'x86' && format !== this.last && pfn % 2 === 1 ? pfn - 1 : pfn;
  }

  /** The frame that the walker uses for a leaf at `addr`: low bits of a block's frame are not looked at. */
  leafPfn(format: LevelFormat, descriptor: Descriptor, addr: VirtAddr): Pfn {
    const raw = this.rawPfn(format, descriptor);
    if (this.machine.arch === 'riscv' && this.isContiguous(format, descriptor)) {
      // Svnapot: the low bits of the frame tell the run's size, the address tells the page.
      const slot = Math.floor(addr / format.entrySize);
      return raw - modulo(raw, format.runEntries) + modulo(slot, format.runEntries);
    }
    return raw - (raw % format.entryPages);
  }

  leaf(format: LevelFormat, descriptor: Descriptor, addr: VirtAddr): Leaf {
    return {
      addr,
      size: format.entrySize,
      level: format.name,
      pfn: this.leafPfn(format, descriptor, addr),
      attributes: this.attributes(descriptor),
      descriptor,
    };
  }

  /** As in `attributesOf()`, without what belongs to the frame. */
  attributes(descriptor: Descriptor): number {
    return attributesOf(descriptor) & this.#attributeMask;
  }

  /** The entry belongs to a contiguous (arm64) or NAPOT (riscv) run. */
  isContiguous(format: LevelFormat, descriptor: Descriptor): boolean {
    return format.runEntries > 1 && (attributesOf(descriptor) & this.machine.attributes.contiguous) !== 0;
  }

  /** Both entries, read at the same place, give the same translation with the same rights. */
  sameTranslation(a: Descriptor, b: Descriptor): boolean {
    if (a === b) return true;
    if (((attributesOf(a) ^ attributesOf(b)) & this.translationMask) !== 0) return false;
    return this.rawPfn(this.last, a) === this.rawPfn(this.last, b);
  }

  isWritable(attributes: number): boolean {
    return matches(this.machine.attributes.writable, attributes);
  }

  isExecutable(attributes: number): boolean {
    return matches(this.machine.attributes.executable, attributes);
  }
}

const formats = new WeakMap<Machine, EntryFormat>();

/** How a machine's entries are read; one object a machine. */
export function entryFormatOf(machine: Machine): EntryFormat {
  let format = formats.get(machine);
  if (format === undefined) {
    format = new EntryFormat(machine);
    formats.set(machine, format);
  }
  return format;
}

export function matches(match: AttributeMatch, attributes: number): boolean {
  return match.value === 'any' ? (attributes & match.mask) !== 0 : (attributes & match.mask) === match.value;
}

/** The remainder with the sign of the divisor, as addresses of kernel space are negative. */
export function modulo(value: number, divisor: number): number {
  const remainder = value % divisor;
  return remainder < 0 ? remainder + divisor : remainder + 0;
}
