// SPDX-License-Identifier: GPL-2.0-only
import type { Descriptor } from '../base/descriptor.ts';
import type { VirtAddr } from '../base/units.ts';
import type { LevelFormat } from './page-table-entry.ts';

/** Neighbouring entries of one level that were written one after the other. */
export interface JournalRun {
  readonly format: LevelFormat;
  readonly addr: VirtAddr;
  /** Exclusive. */
  end: VirtAddr;
  /** What stood in the entries; undefined when all were empty. */
  readonly befores: Descriptor[] | undefined;
}

/**
 * The page-table entries that an operation wrote, with what stood in them before. Appending is all that happens for a
 * write; the view of the tables as they were is computed only when somebody asks for it.
 */
export class OperationJournal {
  readonly runs: JournalRun[] = [];
  #originals: Map<VirtAddr, Descriptor>[] | undefined;

  /** The entry at `addr` held `before` and is about to change. */
  append(format: LevelFormat, addr: VirtAddr, before: Descriptor): void {
    this.#originals = undefined;
    const last = this.runs.at(-1);
    if (last !== undefined && last.end === addr && last.format === format) {
      if (last.befores === undefined ? before === 0 : before !== 0) {
        last.befores?.push(before);
        last.end += format.entrySize;
        return;
      }
    }
    const befores = before === 0 ? undefined : [before];
    this.runs.push({ format, addr, end: addr + format.entrySize, befores });
  }

  /** What stood in the entry at `addr` when the operation began; undefined if it was not written. */
  original(format: LevelFormat, addr: VirtAddr): Descriptor | undefined {
    this.#originals ??= this.#index();
    return this.#originals[format.index]?.get(addr);
  }

  #index(): Map<VirtAddr, Descriptor>[] {
    const levels: Map<VirtAddr, Descriptor>[] = [];
    for (const { format, addr, end, befores } of this.runs) {
      const map = (levels[format.index] ??= new Map());
      let entry = addr;
      for (let index = 0; entry < end; index++, entry += format.entrySize) {
        if (!map.has(entry)) map.set(entry, befores?.[index] ?? 0);
      }
    }
    return levels;
  }
}
