// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';

/** A machine that notes whether anybody asked if it may split live blocks. */
export class WatchedMachine {
  readonly machine: Machine;
  wasAsked = false;

  constructor(machine: Machine) {
    const note = (): void => {
      this.wasAsked = true;
    };
    this.machine = Object.defineProperty({ ...machine }, 'splitsLive', {
      enumerable: true,
      get: () => {
        note();
        return machine.splitsLive;
      },
    });
  }
}

/** Machines on which the same code runs the same, as long as it does not ask whether live blocks may be split. */
export function sharesRuns(left: Machine, right: Machine): boolean {
  const rest = ({ name: _name, title: _title, splitsLive: _splitsLive, ...others }: Machine): string =>
    JSON.stringify(others);
  return rest(left) === rest(right);
}
