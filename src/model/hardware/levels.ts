// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Shift } from '../../base/units.ts';
import type { Level, LevelName, Machine } from '../../trace/machine.ts';
import { perMachine } from './per-machine.ts';

/** Linux's levels, root first; a machine folds those that its hardware lacks. */
export const levelNames: readonly LevelName[] = ['pgd', 'p4d', 'pud', 'pmd', 'pte'];

interface Geometry {
  readonly levels: Readonly<Record<LevelName, Level | undefined>>;
  readonly shifts: Readonly<Record<LevelName, Shift>>;
  /** Of what one entry covers. */
  readonly sizes: Readonly<Record<LevelName, ByteCount>>;
}

const geometryOf = perMachine(computeGeometry);

function computeGeometry(machine: Machine): Geometry {
  const levels = {} as Record<LevelName, Level | undefined>;
  const shifts = {} as Record<LevelName, Shift>;
  const sizes = {} as Record<LevelName, ByteCount>;
  let shift = machine.levels[0]!.shift;
  for (const name of levelNames) {
    const level = machine.levels.find((each) => each.name === name);
    shift = level?.shift ?? shift;
    levels[name] = level;
    shifts[name] = shift;
    sizes[name] = 2 ** shift;
  }
  return { levels, shifts, sizes };
}

/** The level as the hardware has it; undefined when it is folded. */
export function hardwareLevel(machine: Machine, name: LevelName): Level | undefined {
  return geometryOf(machine).levels[name];
}

/** The hardware has no such level: its one entry is the entry of the level above it. */
export function foldsLevel(machine: Machine, name: LevelName): boolean {
  return geometryOf(machine).levels[name] === undefined;
}

/** log2 of the bytes that one entry covers; a folded level covers what the level above it does. */
export function levelShift(machine: Machine, name: LevelName): Shift {
  return geometryOf(machine).shifts[name];
}

/** Bytes that one entry covers. */
export function levelSize(machine: Machine, name: LevelName): ByteCount {
  return geometryOf(machine).sizes[name];
}

/** Index of the entry that covers `addr` in a table of the level; 0 in a folded one. */
export function entryIndex(machine: Machine, name: LevelName, addr: number): number {
  const { levels, sizes } = geometryOf(machine);
  const level = levels[name];
  return level === undefined ? 0 : Math.floor(addr / sizes[name]) & (level.entries - 1);
}
