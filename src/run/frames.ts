// SPDX-License-Identifier: GPL-2.0-only
import type { PageCount, Pfn } from '../base/units.ts';
import type { PageRun } from '../trace/events.ts';
import type { Machine } from '../trace/machine.ts';
import { isPowerOfTwo, type PageGroup, type RunGroup } from './scenario.ts';

/** Pages; no machine has so many, and so no array of them is made. */
export const MORE_THAN_MEMORY = 2 ** 26;

/** Frames behind an array of pages. */
export interface Frames {
  /** What the array holds, neighbours merged. */
  readonly entries: readonly PageRun[];
  readonly compounds: readonly Compound[];
}

/** A compound page. */
export interface Compound {
  readonly pfn: Pfn;
  readonly order: number;
}

/**
 * Hands out frames of RAM that nothing else in the kernel uses, from the middle of memory up. The same calls get the
 * same frames.
 */
export class FrameSource {
  /** A frame without RAM, behind its end; aligned, so that nothing but a check keeps it from being mapped as a block. */
  readonly invalidPfn: Pfn;
  #next: Pfn;
  /** Where the runs of the latest call that had any of a size begin, by size. */
  #earlier = new Map<PageCount, readonly Pfn[]>();

  constructor({ addresses, levels, pageShift }: Machine) {
    const largest = Math.max(...levels.filter((level) => level.leaf).map((level) => level.shift));
    const align = 2 ** (largest - pageShift);
    this.#next = alignUp(addresses.ramStart + addresses.ramPages / 2, align);
    this.invalidPfn = alignUp(addresses.ramStart + addresses.ramPages, align);
  }

  /** Frames for an array of pages. Runs that do not follow one another are at least a frame apart. */
  layOut(groups: readonly PageGroup[]): Frames {
    const entries: PageRun[] = [];
    const compounds: Compound[] = [];
    const laid = new Map<PageCount, Pfn[]>();
    for (const group of groups) {
      if ('bad' in group) {
        entries.push({ pfn: group.bad === 'null' ? 0 : this.invalidPfn, count: group.count, bad: group.bad });
        continue;
      }
      const starts = laid.get(group.run) ?? [];
      laid.set(group.run, starts);
      for (let i = 0; i < group.repeat; i++) {
        const known = group.again === true ? this.#earlier.get(group.run)?.[starts.length] : undefined;
        if (known === undefined) starts.push(this.#layOutRun(group, entries, compounds));
        else {
          starts.push(known);
          append(entries, { pfn: known + group.first, count: group.count });
        }
      }
    }
    for (const [run, starts] of laid) this.#earlier.set(run, starts);
    return { entries, compounds };
  }

  /** Returns the frame in which the run begins. */
  #layOutRun(group: RunGroup, entries: PageRun[], compounds: Compound[]): Pfn {
    const last = entries.at(-1);
    const behind =
      group.follows && last !== undefined && last.bad === undefined ? last.pfn + last.count : undefined;
    const size = roundUpToPowerOfTwo(group.run);
    const start = behind ?? alignUp(this.#next, size) + group.misaligned;
    if (group.compound && start % group.run === 0)
      compounds.push({ pfn: start, order: Math.log2(group.run) });
    // A hole behind it keeps strangers from being contiguous by accident.
    this.#next = Math.max(this.#next, start + group.run + 1);
    append(entries, { pfn: start + group.first, count: group.count });
    return start;
  }
}

function append(entries: PageRun[], run: PageRun): void {
  const last = entries.at(-1);
  if (last !== undefined && last.bad === undefined && last.pfn + last.count === run.pfn) {
    entries[entries.length - 1] = { pfn: last.pfn, count: last.count + run.count };
  } else {
    entries.push(run);
  }
}

function alignUp(pfn: Pfn, align: PageCount): Pfn {
  return Math.ceil(pfn / align) * align;
}

function roundUpToPowerOfTwo(pages: PageCount): PageCount {
  return isPowerOfTwo(pages) ? pages : 2 ** Math.ceil(Math.log2(pages));
}
