// SPDX-License-Identifier: GPL-2.0-only

import { sizeText } from '../trace/size-text.ts';
import type { Level, Machine } from '../trace/machine.ts';
import { span, wrapped, type Line } from './styled-text.ts';

/** What each machine is and does, where that decides about promises. `usual` are those that reviews run on unasked. */
export function renderMachines(
  machines: readonly Machine[],
  usual: readonly Machine[],
  width: number,
): Line[] {
  return machines.flatMap((machine, index): Line[] => [
    ...(index === 0 ? [] : [[]]),
    [span(machine.name, 'heading'), span(`  ${machine.title}`)],
    ...factsOf(machine, usual.includes(machine)).flatMap((fact) =>
      wrapped(fact, Math.min(width, 100) - 2).map((line): Line => [span(`  ${line}`, 'dim')]),
    ),
  ]);
}

function factsOf(machine: Machine, isUsual: boolean): string[] {
  const { levels, splitsLive, cachesVirtuallyIndexed, syncMask } = machine;
  const sizes = levels.flatMap((level) => leafSizes(level)).toSorted((a, b) => a.size - b.size);
  return [
    `levels ${levels.map(({ name }) => name).join(', ')}`,
    `leaves ${sizes.map(({ text }) => text).join(', ')}`,
    splitsLive
      ? 'a live block or run may be replaced by smaller entries'
      : 'a live block or run must be unmapped and flushed before it is split',
    cachesVirtuallyIndexed ? 'caches are virtually indexed' : 'caches need no flush when mappings change',
    ...(syncMask === 0 ? [] : ['changes at upper levels must reach arch_sync_kernel_mappings()']),
    ...(isUsual ? ['reviews run on it unless others are named'] : []),
  ];
}

function leafSizes({ name, shift, leaf, contiguousEntries }: Level): { size: number; text: string }[] {
  if (leaf === undefined) return [];
  const size = 2 ** shift;
  const plain = { size, text: `${sizeText(size)} (${name})` };
  if (contiguousEntries === undefined) return [plain];
  const run = size * contiguousEntries;
  return [plain, { size: run, text: `${sizeText(run)} (${contiguousEntries} ${name} entries)` }];
}
