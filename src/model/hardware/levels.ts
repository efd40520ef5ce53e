// SPDX-License-Identifier: GPL-2.0-only
import type { Shift } from '../../base/units.ts';
import type { Level, LevelName, Machine } from '../../trace/machine.ts';

/** Linux's levels, root first; a machine folds those that its hardware lacks. */
export const levelNames: readonly LevelName[] = ['pgd', 'p4d', 'pud', 'pmd', 'pte'];

interface Geometry {
  readonly levels: Readonly<Record<LevelName, Level | undefined>>;
  readonly shifts: Readonly<Record<LevelName, Shift>>;
}

const geometries = new WeakMap<Machine, Geometry>();

function geometryOf(machine: Machine): Geometry {
  let geometry = geometries.get(machine);
  if (geometry === undefined) {
    geometry = computeGeometry(machine);
    geometries.set(machine, geometry);
  }
  return geometry;
}

function computeGeometry(machine: Machine): Geometry {
  const levels = {} as Record<LevelName, Level | undefined>;
  const shifts = {} as Record<LevelName, Shift>;
  let shift = machine.levels[0]!.shift;
  for (const name of levelNames) {
    const level = machine.levels.find((each) => each.name === name);
    shift = level?.shift ?? shift;
    levels[name] = level;
    shifts[name] = shift;
  }
  return { levels, shifts };
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

/** Index of the entry that covers `addr` in a table of the level; 0 in a folded one. */
export function entryIndex(machine: Machine, name: LevelName, addr: number): number {
  const level = geometryOf(machine).levels[name];
  return level === undefined ? 0 : Math.floor(addr / 2 ** level.shift) & (level.entries - 1);
}
