// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, Ptr, VirtAddr } from '../base/units.ts';
import { beginReading } from '../model/lib/reading.ts';
import { gfpWords } from '../model/mm/gfp-bits.ts';
import type { AreaEvent } from '../trace/events.ts';
import type {
  DescribeOperation,
  MapPfnOperation,
  PercpuFreeOperation,
  PercpuOperation,
  ReadOperation,
} from './reader-operations.ts';
import { USUAL_GFP } from './scenario-text.ts';
import {
  atPlace,
  noArea,
  type PreparedCall,
  type ScenarioState,
  type Unreachable,
} from './scenario-state.ts';
import type { Stage } from './stage.ts';

const POINTER_BYTES = 8;

/** Reads on behind the end of its area, where there may be others, or nothing. */
export function prepareRead(
  stage: Stage,
  state: ScenarioState,
  { at, size, less = 0 }: ReadOperation,
): PreparedCall | Unreachable {
  return atPlace(stage, state, at, 1, (page) => {
    const { kernel: k, pageSize } = stage;
    const count = Math.max(1, size * pageSize - less - (less > 0 ? 1 : 0));
    const iter = k.mem.allocate({ name: 'iov_iter', size: k.sizeof('iov_iter'), zeroed: true });
    // Its owner has room for more than this call is for.
    k.structs.iov_iter(iter).count = count + pageSize;
    beginReading(k, less);
    return {
      intent: {
        kind: 'show',
        addr: page,
        size: size * pageSize,
        legal: !isDevices(stage, page),
        bytes: count,
      },
      values: { iter, addr: page + less, count },
      after: () => k.mem.release(iter),
    };
  });
}

/** Reading device memory may do anything to the device: a hole is shown in its place. */
function isDevices(stage: Stage, addr: VirtAddr): boolean {
  const area = stage.findArea(addr);
  return area !== undefined && stage.flagNames(area.flags).includes('VM_IOREMAP');
}

export function prepareDescribe(
  stage: Stage,
  state: ScenarioState,
  { at }: DescribeOperation,
): PreparedCall | Unreachable {
  return atPlace(stage, state, at, 1, (object) => ({ intent: { kind: 'other' }, values: { object } }));
}

/** Areas for per-CPU memory: as many pages each, one behind the other at a fixed distance. */
export function preparePercpu(
  stage: Stage,
  state: ScenarioState,
  { size, apart, count, down }: PercpuOperation,
): PreparedCall {
  const { kernel: k, pageSize } = stage;
  const offsets = Array.from(
    { length: count },
    (_, i) => (down === true ? count - 1 - i : i) * apart * pageSize,
  );
  const bytes = size * pageSize;
  const arrays = [offsets, offsets.map(() => bytes)].map((values) => arrayOf(stage, values));
  const asked = {
    bytes,
    flagNames: ['VM_ALLOC'],
    alignShift: Math.log2(bytes),
    gfp: gfpWords(stage.constant(USUAL_GFP)),
  };
  return {
    intent: { kind: 'take', size: bytes, asked },
    choosesAddress: true,
    values: { offsets: arrays[0]!, sizes: arrays[1]!, nr_vms: count, align: bytes },
    after: (error, _addr, { operation, pointer }) => {
      for (const array of arrays) k.mem.release(array);
      if (error !== 0 || pointer === undefined) return;
      const vms = areasIn(stage, pointer, count);
      const addr = lowestArea(stage, pointer, count);
      state.areas.set(operation, { kind: 'percpu', addr, size: bytes, vm: pointer, count });
      for (const [i, vm] of vms.entries()) {
        const displaced = k.structs.vm_struct(vm).addr - offsets[i]! !== addr;
        stage.linked.emit({ ...areaOf(stage, vm), ...(displaced && { displaced }) });
      }
    },
  };
}

/** The areas of an array that pcpu_get_vm_areas() has returned. */
function areasIn({ kernel: k }: Stage, vms: Ptr, count: number): readonly Ptr[] {
  return Array.from({ length: count }, (_, i) => Number(k.mem.ld64(vms + i * POINTER_BYTES)));
}

/** Where the first of them begins, by address. */
export function lowestArea(stage: Stage, vms: Ptr, count: number): VirtAddr {
  return Math.min(...areasIn(stage, vms, count).map((vm) => stage.kernel.structs.vm_struct(vm).addr));
}

function arrayOf({ kernel: k }: Stage, values: readonly ByteCount[]): Ptr {
  const array = k.mem.allocate({ name: 'offsets[] or sizes[]', size: values.length * POINTER_BYTES });
  for (const [i, value] of values.entries()) k.mem.st64(array + i * POINTER_BYTES, value);
  return array;
}

function areaOf(stage: Stage, vm: Ptr): AreaEvent {
  const { addr, size, flags, requested_size: requestedSize } = stage.kernel.structs.vm_struct(vm);
  const requested = requestedSize === undefined ? {} : { requestedSize };
  return { kind: 'area', addr, size, flags, flagNames: stage.flagNames(flags), ...requested };
}

export function preparePercpuFree(
  state: ScenarioState,
  { area }: PercpuFreeOperation,
): PreparedCall | Unreachable {
  const taken = state.areas.get(area);
  if (taken?.kind !== 'percpu') return noArea(area);
  state.areas.delete(area);
  return { intent: { kind: 'other' }, values: { vms: taken.vm!, nr_vms: taken.count! } };
}

/** Frames of devices, and perhaps one of RAM, in an area that the callee chooses. */
export function prepareMapPfn(
  stage: Stage,
  { frames }: ScenarioState,
  { size: count, prot: protection, memory }: MapPfnOperation,
): PreparedCall | Unreachable {
  const prot = stage.protection(protection);
  const { kernel: k, machine, pageSize } = stage;
  const { ramStart } = machine.addresses;
  const first = memory === 'into-ram' ? ramStart - count + 1 : frames.invalidPfn;
  if (first < 0) return { notReached: `RAM has fewer than ${count - 1} frames before it` };
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  if (memory === 'ram') numbers[count - 1] = ramStart;
  const pfns = arrayOf(stage, numbers);
  return {
    intent: {
      kind: 'map',
      size: count * pageSize,
      pages: numbers.map((pfn) => ({ pfn, count: 1 })),
      prot: k.pte_mkspecial(k.pgprot_nx(prot)),
      maxShift: machine.pageShift,
      legal: memory === undefined,
      asked: { bytes: count * pageSize, flagNames: ['VM_IOREMAP'] },
    },
    values: { pfns, count, prot },
    choosesAddress: true,
    makesArea: 'mapped',
    mapsBy: pageSize,
    after: () => k.mem.release(pfns),
  };
}
