// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount, VirtAddr } from '../base/units.ts';
import { vmallocSpace } from '../model/mm/vmalloc-space.ts';
import type { AskedOfArea } from '../trace/asked-of-area.ts';
import type { Arguments } from './kernel-call.ts';
import type { AddressLimits, AreaInRangeOperation, AreaOperation } from './scenario.ts';
import type { PreparedCall } from './scenario-state.ts';
import type { Stage } from './stage.ts';

/** An address in the scenario's own name: who asks for an area. */
export const CALLER = 2 ** 20;

/** Takes addresses, anywhere in vmalloc space or in a range of it. */
export function prepareTake(stage: Stage, operation: AreaOperation | AreaInRangeOperation): PreparedCall {
  const size = operation.size * stage.pageSize;
  const range = operation.call === 'get_vm_area' ? {} : limitsOf(stage, operation);
  const told = operation.call === 'get_vm_area' ? {} : { caller: CALLER };
  return {
    intent: { kind: 'take', size, asked: { bytes: size, flagNames: operation.flags, ...range, ...told } },
    values: {
      size,
      flags: stage.areaFlags(operation.flags),
      caller: CALLER,
      ...rangeArguments(stage, range),
    },
    choosesAddress: true,
    makesArea: 'taken',
  };
}

type Limits = Pick<AskedOfArea, 'from' | 'to'>;

/** As addresses. */
export function limitsOf({ windowStart, pageSize }: Stage, { from, to }: AddressLimits): Limits {
  const at = (page: number): VirtAddr => windowStart + page * pageSize;
  return { ...(from !== undefined && { from: at(from) }), ...(to !== undefined && { to: at(to) }) };
}

/** As the kernel is told them. */
export function rangeArguments(stage: Stage, { from, to }: Limits): Arguments {
  const { VMALLOC_START, VMALLOC_END } = vmallocSpace(stage);
  return { start: from ?? VMALLOC_START, end: to ?? VMALLOC_END };
}

/** Log2 of an alignment, where it is more than a page. */
export function alignmentAsked({ pageSize }: Stage, align: ByteCount): Pick<AskedOfArea, 'alignShift'> {
  return align > pageSize ? { alignShift: Math.log2(align) } : {};
}
