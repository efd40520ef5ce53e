// SPDX-License-Identifier: GPL-2.0-only
import type { ByteCount } from '../base/units.ts';
import type { Machine } from '../trace/machine.ts';
import type { HugeSizeOperation, HugeTableOperation } from './huge-operations.ts';
import { noHugetlbSize } from './prepared-huge-entry.ts';
import { atPlace, type PreparedCall, type ScenarioState, type Unreachable } from './scenario-state.ts';
import type { Stage } from './stage.ts';
import { entryLevel } from './table-entry.ts';
import { makeHstate, makeHugeVma } from './user-range.ts';

/** The tables above an entry, before anything is set there: where one cannot be had, the caller is told so. */
export function prepareHugeTable(
  stage: Stage,
  state: ScenarioState,
  operation: HugeTableOperation,
): PreparedCall | Unreachable {
  return atPlace(stage, state, operation.at, operation.size, (addr, size) => {
    if (!stage.hugeUses(size).hugetlb) return noHugetlbSize(size);
    const { initMm: mm } = stage;
    return { intent: { kind: 'other' }, values: { mm, vma: makeHugeVma(stage, mm, addr, size), addr, size } };
  });
}

/** What the architecture says of a size. Runs are for it to use or not, but for arm64, whose hugetlb has always had them. */
export function prepareHugeSize(
  stage: Stage,
  { call, size: pages }: HugeSizeOperation,
): PreparedCall | Unreachable {
  const size = pages * stage.pageSize;
  if (call === 'arch_hugetlb_valid_size') {
    const isRun = isRunSize(stage.machine, size);
    const answers =
      isRun && stage.machine.arch !== 'arm64' ? [0, 1] : [isRun || stage.isBlockSize(size) ? 1 : 0];
    return { intent: { kind: 'ask', answers }, values: { size } };
  }
  if (!stage.hugeUses(size).hugetlb) return noHugetlbSize(size);
  const { shift, entries } = entryLevel(stage.machine, size)!;
  const last = entries * 2 ** shift - size;
  // 0 says that nothing is known of it.
  return { intent: { kind: 'ask', answers: [last, 0] }, values: { h: makeHstate(stage, size) } };
}

/** As many bytes as a contiguous run of some level. */
function isRunSize({ levels, attributes }: Machine, size: ByteCount): boolean {
  if (attributes.contiguous === 0) return false;
  return levels.some(({ shift, contiguousEntries = 0 }) => size === contiguousEntries * 2 ** shift);
}
