// SPDX-License-Identifier: GPL-2.0-only
import { hex } from '../../base/u64.ts';
import type { ByteCount, Shift } from '../../base/units.ts';
import type { AreaEvent } from '../../trace/events.ts';
import type { Machine } from '../../trace/machine.ts';
import { sizeText } from '../../trace/size-text.ts';
import type { Invariant } from '../invariant.ts';

export const areaAlign: Invariant = {
  id: 'area/align',
  title: 'areas are aligned',
  promise:
    'An area begins at a page boundary, and a VM_IOREMAP area at a multiple of its size rounded up to a power of two, up to IOREMAP_MAX_ORDER.',
  source: 'mm/vmalloc.c, __get_vm_area_node(), and IOREMAP_MAX_ORDER in include/linux/vmalloc.h.',
  why: 'ioremap() can use blocks only where address and physical address agree; a driver may rely on the natural alignment of what it maps.',
  example: 'The alignment that the caller asked for replaces the one that the flags ask for.',
  limits:
    'Device memory at a multiple of the largest leaf that fits into it loses no leaf: that is a risk alone. One area aligned to more than it needs looks like one that is there by chance: only several device areas of one size in a row, which lie side by side where each gets what it needs, tell.',
  severity: 'bug',
  appliesTo: () => true,
  begin: (run, verdict) => {
    let row: AreaEvent[] = [];
    return {
      operation: () => {
        if (run.operation?.intent.kind === 'unmap') row = [];
      },
      area: (event, n) => {
        verdict.exercise();
        const isDevice = event.flagNames.includes('VM_IOREMAP');
        const shift = isDevice ? ioremapShift(run.machine, event) : run.machine.pageShift;
        if (event.addr % 2 ** shift !== 0) {
          const losesNoLeaf = isDevice && event.addr % largestBlock(run.machine, event.size) === 0;
          verdict.violate({
            key: losesNoLeaf ? 'no-leaf-lost' : isDevice ? 'VM_IOREMAP' : 'page',
            ...(losesNoLeaf && { severity: 'risk' }),
            event: n,
            related: run.returned === undefined ? [] : [run.returned.n],
            addr: event.addr,
            expected: `a multiple of ${sizeText(2 ** shift)}`,
            seen: `${hex(event.addr)} for ${sizeText(event.size)} with its guard page`,
          });
          return;
        }
        row = isDevice && row[0]?.size === event.size ? [...row, event] : [event];
        if (row.length < MANY_IN_A_ROW || !isAlignedTooFar(row, 2 ** shift)) return;
        const starts = row.map(({ addr }) => hex(addr)).join(', ');
        verdict.violate({
          key: 'too-far',
          severity: 'risk',
          event: n,
          related: run.returned === undefined ? [] : [run.returned.n],
          addr: event.addr,
          expected: `areas of ${sizeText(event.size)} side by side, at multiples of ${sizeText(2 ** shift)}`,
          seen: `all of them at multiples of ${sizeText(2 ** (shift + 1))}: ${starts}`,
        });
      },
    };
  },
};

/** So many areas at even multiples of their alignment are no chance. */
const MANY_IN_A_ROW = 4;

/**
 * Areas side by side that each take an odd number of units begin at odd and at even multiples of the unit in turn. If
 * none begins at an odd one, they were aligned to more.
 */
function isAlignedTooFar(row: readonly AreaEvent[], unit: ByteCount): boolean {
  const takesOdd = Math.ceil(row[0]!.size / unit) % 2 === 1;
  return takesOdd && row.every(({ addr }) => addr % (2 * unit) === 0);
}

/** The size of the largest leaf or run that fits into so many bytes: no leaf asks for more alignment. */
function largestBlock({ levels, pageShift }: Machine, size: ByteCount): ByteCount {
  const shifts = levels.flatMap(({ leaf, shift }) =>
    leaf !== undefined && 2 ** shift <= size ? [shift] : [],
  );
  return 2 ** Math.max(pageShift, ...shifts);
}

function ioremapShift(machine: Machine, { size, flagNames }: AreaEvent): Shift {
  const guard = flagNames.includes('VM_NO_GUARD') ? 0 : 2 ** machine.pageShift;
  const wanted = Math.ceil(Math.log2(Math.max(1, size - guard)));
  return Math.max(machine.pageShift, Math.min(wanted, ioremapMaxOrder(machine)));
}

/** arm64, x86 and riscv: the PUD's shift where it can hold a block, else the PMD's. */
function ioremapMaxOrder(machine: Machine): Shift {
  const block = machine.levels.find(({ name, leaf }) => name === 'pud' && leaf !== undefined);
  const pmd = machine.levels.find(({ name }) => name === 'pmd');
  return block?.shift ?? pmd?.shift ?? machine.pageShift + 7;
}
