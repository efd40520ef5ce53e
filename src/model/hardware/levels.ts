// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Shift } from '../../base/units.ts';
import { levelNames } from '../../trace/level-names.ts';
import type { Level, LevelName, Machine } from '../../trace/machine.ts';
import { perMachine } from './per-machine.ts';

/** One level of a machine. */
export interface LevelGeometry {
  readonly name: LevelName;
  /** Place of the name among `levelNames`. */
  readonly place: number;
  /** As the hardware has it; undefined when it is folded. */
  readonly level: Level | undefined;
  /** log2 of `size`. */
  readonly shift: Shift;
  /** Bytes that one entry covers; in a folded level as many as in the one above it. */
  readonly size: ByteCount;
  /** Number of the last entry of a table: 0 in a folded level. */
  readonly last: number;
}

/** All levels of a machine. Whoever knows which one it is asks by its name, not by a name in a variable, which takes longer. */
export const levelsOf = perMachine((machine: Machine): Readonly<Record<LevelName, LevelGeometry>> => {
  const levels = {} as Record<LevelName, LevelGeometry>;
  let shift = machine.levels[0]!.shift;
  for (const [place, name] of levelNames.entries()) {
    const level = machine.levels.find((each) => each.name === name);
    shift = level?.shift ?? shift;
    levels[name] = { name, place, level, shift, size: 2 ** shift, last: (level?.entries ?? 1) - 1 };
  }
  return levels;
});

/** The hardware has no such level: its one entry is the entry of the level above it. */
export function isFolded({ level }: LevelGeometry): boolean {
  return level === undefined;
}

/** Index of the entry that covers `addr` in a table of the level; 0 in a folded one. */
export function entryIndex({ size, last }: LevelGeometry, addr: number): number {
  return Math.floor(addr / size) & last;
}
