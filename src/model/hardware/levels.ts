// SPDX-License-Identifier: GPL-2.0-only
import type { Shift } from '../../base/units.ts';
import type { Level, LevelName, Machine } from '../../trace/machine.ts';

/** Linux's levels, root first; a machine folds those that its hardware lacks. */
export const levelNames: readonly LevelName[] = ['pgd', 'p4d', 'pud', 'pmd', 'pte'];

/** The level as the hardware has it; undefined when it is folded. */
export function hardwareLevel(machine: Machine, name: LevelName): Level | undefined {
  return machine.levels.find((level) => level.name === name);
}

/** log2 of the bytes that one entry covers; a folded level covers what the level above it does. */
export function levelShift(machine: Machine, name: LevelName): Shift {
  for (let i = levelNames.indexOf(name); i >= 0; i--) {
    const level = hardwareLevel(machine, levelNames[i]!);
    if (level !== undefined) return level.shift;
  }
  throw new Error(`${machine.name} has no level at or above ${name}`);
}
