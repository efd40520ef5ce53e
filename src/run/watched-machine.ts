// SPDX-License-Identifier: GPL-2.0-only
import type { Machine } from '../trace/machine.ts';

/** A machine that notes whether anybody asked if it may split live blocks. */
export class WatchedMachine {
  readonly machine: Machine;
  /** What is answered; may be changed between runs, to that of a machine that shares them. */
  splitsLive: boolean;
  wasAsked = false;

  constructor(machine: Machine) {
    this.splitsLive = machine.splitsLive;
    this.machine = new AskedMachine(machine, this);
  }
}

const WATCH = Symbol('watch');

/** One shape for all of them, and an ordinary one: every step of the kernel reads its machine. */
class AskedMachine implements Machine {
  readonly name: Machine['name'];
  readonly title: Machine['title'];
  readonly arch: Machine['arch'];
  readonly pageShift: Machine['pageShift'];
  readonly levels: Machine['levels'];
  readonly attributes: Machine['attributes'];
  readonly cachesVirtuallyIndexed: Machine['cachesVirtuallyIndexed'];
  readonly syncMask: Machine['syncMask'];
  readonly addresses: Machine['addresses'];
  readonly config: Machine['config'];
  readonly [WATCH]: WatchedMachine;

  constructor(machine: Machine, watch: WatchedMachine) {
    this.name = machine.name;
    this.title = machine.title;
    this.arch = machine.arch;
    this.pageShift = machine.pageShift;
    this.levels = machine.levels;
    this.attributes = machine.attributes;
    this.cachesVirtuallyIndexed = machine.cachesVirtuallyIndexed;
    this.syncMask = machine.syncMask;
    this.addresses = machine.addresses;
    this.config = machine.config;
    this[WATCH] = watch;
  }

  get splitsLive(): boolean {
    const watch = this[WATCH];
    watch.wasAsked = true;
    return watch.splitsLive;
  }
}

/** Machines on which the same code runs the same, as long as it does not ask whether live blocks may be split. */
export function sharesRuns(left: Machine, right: Machine): boolean {
  const rest = ({ name: _name, title: _title, splitsLive: _splitsLive, ...others }: Machine): string =>
    JSON.stringify(others);
  return rest(left) === rest(right);
}

/** Machines whose runs one job can share, together, in the order in which they are given. */
export function sharingRuns(machines: readonly Machine[]): readonly (readonly Machine[])[] {
  const groups: Machine[][] = [];
  for (const machine of machines) {
    const group = groups.find(([first]) => sharesRuns(first!, machine));
    if (group === undefined) groups.push([machine]);
    else group.push(machine);
  }
  return groups;
}
