// SPDX-License-Identifier: GPL-2.0-only
import { fromBig } from '../base/u64.ts';
import type { ByteCount, Ptr, VirtAddr } from '../base/units.ts';
import type { Kernel } from '../model/kernel.ts';
import { knownTrees, type KnownTree } from '../model/lib/known-trees.ts';
import type { TreeStateEvent } from '../trace/state-events.ts';

/**
 * What is wrong with the trees of areas after a call that changed one of them, as plain reads of memory show it: no function
 * of the kernel is called, and nothing of it is told.
 */
export function faultsOfTrees(k: Kernel): readonly TreeStateEvent[] {
  const trees = k.state(knownTrees);
  if (!trees.changed) return [];
  trees.changed = false;
  const offsets = offsetsOf(k);
  if (offsets === undefined) return [];
  const read = [...trees.all.values()].map((tree) => new AreaTree(k, offsets, tree));
  return [...read.flatMap((tree) => tree.faults()), ...sharedAddresses(read), ...wrongLists(offsets, read)];
}

/** Areas in use or waiting for a purge: all that trees have but those of free space. */
export function areasInTrees(k: Kernel): readonly { readonly start: VirtAddr; readonly end: VirtAddr }[] {
  const offsets = offsetsOf(k);
  if (offsets === undefined) return [];
  return [...k.state(knownTrees).all.values()]
    .filter(({ isAugmented }) => !isAugmented)
    .flatMap((tree) => new AreaTree(k, offsets, tree).areas);
}

/** What the boot did to trees is no call's doing. */
export function forgetTreeChanges(k: Kernel): void {
  const trees = k.state(knownTrees);
  trees.changed = false;
  trees.booting = false;
}

/** Members of struct vmap_area. */
interface Offsets {
  readonly size: number;
  readonly start: number;
  readonly end: number;
  readonly node: number;
  readonly list: number;
  /** Absent where the tree looks for free space in another way (until 5.2). */
  readonly largest: number | undefined;
}

/** Of each kernel; undefined where its struct vmap_area lacks what every tree of areas needs. */
const knownOffsets = new WeakMap<Kernel, { readonly offsets: Offsets | undefined }>();

function offsetsOf(k: Kernel): Offsets | undefined {
  let known = knownOffsets.get(k);
  if (known === undefined) knownOffsets.set(k, (known = { offsets: findOffsets(k) }));
  return known.offsets;
}

function findOffsets(k: Kernel): Offsets | undefined {
  const at = (member: string): number | undefined => {
    try {
      return k.offsetof('vmap_area', member);
    } catch {
      return undefined;
    }
  };
  const [start, end, node, list] = [at('va_start'), at('va_end'), at('rb_node'), at('list')];
  if (start === undefined || end === undefined || node === undefined || list === undefined) return undefined;
  return { size: k.sizeof('vmap_area'), start, end, node, list, largest: at('subtree_max_size') };
}

interface Area {
  readonly at: Ptr;
  readonly start: VirtAddr;
  readonly end: VirtAddr;
  readonly left: Ptr;
  readonly right: Ptr;
  readonly next: Ptr;
  readonly largest: ByteCount;
}

/** More areas than scenarios make: what goes on behind that is a ring. */
const MOST_AREAS = 10_000;

const CHILDREN = { right: 8, left: 16 };

class AreaTree {
  readonly name: string;
  /** By address, as the tree has them. */
  readonly areas: Area[] = [];
  readonly #k: Kernel;
  readonly #offsets: Offsets;
  readonly #faults: TreeStateEvent[] = [];
  readonly #isAugmented: boolean;

  constructor(k: Kernel, offsets: Offsets, { root, name, isAugmented }: KnownTree) {
    this.name = name;
    this.#k = k;
    this.#offsets = offsets;
    this.#isAugmented = isAugmented && offsets.largest !== undefined;
    this.#read(wordAt(new Int32Array(k.mem.readAnyway(root, 8).buffer), 0));
  }

  faults(): readonly TreeStateEvent[] {
    const inOrder = this.areas.flatMap((area, i): readonly TreeStateEvent[] => {
      const next = this.areas[i + 1];
      return next === undefined || !isBelow(next.start, area.end)
        ? []
        : [faultAt(this.name, 'order', next, [area.end, next.start])];
    });
    return [...this.#faults, ...inOrder];
  }

  /** @returns the size of the largest area below a node, itself included */
  #read(node: Ptr): ByteCount {
    if (node === 0 || this.areas.length > MOST_AREAS) return 0;
    const area = this.#areaOf(node);
    if (area === undefined) return 0;
    const left = this.#read(area.left);
    this.areas.push(area);
    const right = this.#read(area.right);
    const largest = larger(larger(area.end - area.start, left), right);
    if (this.#isAugmented && area.largest !== largest) {
      this.#faults.push(faultAt(this.name, 'maximum', area, [largest, area.largest]));
    }
    return largest;
  }

  #areaOf(node: Ptr): Area | undefined {
    const { size, node: member, start, end, list, largest = 0 } = this.#offsets;
    const at = node - member;
    const object = this.#k.mem.objectAt(at);
    if (object === undefined || object.state !== 'live' || at + size > object.addr + object.size) {
      this.#faults.push({
        kind: 'tree-state',
        name: this.name,
        fault: 'freed',
        addr: node,
        expected: 0,
        seen: 0,
      });
      return undefined;
    }
    const words = new Int32Array(this.#k.mem.readAnyway(at, size).buffer);
    return {
      at,
      start: wordAt(words, start),
      end: wordAt(words, end),
      left: wordAt(words, member + CHILDREN.left),
      right: wordAt(words, member + CHILDREN.right),
      next: wordAt(words, list),
      largest: wordAt(words, largest),
    };
  }
}

function faultAt(
  name: string,
  fault: TreeStateEvent['fault'],
  { start }: Area,
  [expected, seen]: readonly [number, number],
): TreeStateEvent {
  return {
    kind: 'tree-state',
    name,
    fault,
    addr: start,
    expected: fromBig(unsigned(expected)),
    seen: fromBig(unsigned(seen)),
  };
}

/** A word of the kernel's as a signed number, which is exact for addresses and for sizes between two of them. */
function wordAt(words: Int32Array, offset: number): number {
  return words[offset / 4 + 1]! * 2 ** 32 + (words[offset / 4]! >>> 0);
}

function unsigned(word: number): bigint {
  return BigInt.asUintN(64, BigInt(word));
}

/** As unsigned words: what is negative lies in the upper half. */
function isBelow(a: number, b: number): boolean {
  return a < 0 === b < 0 ? a < b : b < 0;
}

function larger(a: number, b: number): number {
  return isBelow(a, b) ? b : a;
}

/** No address is in two trees: free and in use, or waiting for a purge and free. */
function sharedAddresses(trees: readonly AreaTree[]): readonly TreeStateEvent[] {
  const all = trees.flatMap((tree) => tree.areas.map((area) => ({ tree, area })));
  const sorted = all.toSorted((a, b) => (isBelow(a.area.start, b.area.start) ? -1 : 1));
  return sorted.flatMap(({ tree, area }, i) => {
    const before = sorted[i - 1];
    if (before === undefined || before.tree === tree || !isBelow(area.start, before.area.end)) return [];
    return [faultAt(tree.name, 'shared', area, [before.area.end, area.start])];
  });
}

/** Where areas are listed as well, it is by their addresses. */
function wrongLists({ list }: Offsets, trees: readonly AreaTree[]): readonly TreeStateEvent[] {
  const byEntry = new Map(trees.flatMap(({ areas }) => areas.map((area) => [area.at + list, area] as const)));
  return trees.flatMap(({ name, areas }) =>
    areas.flatMap((area) => {
      const next = byEntry.get(area.next);
      if (next === undefined || !isBelow(next.start, area.end)) return [];
      return [faultAt(name, 'list', area, [area.end, next.start])];
    }),
  );
}
