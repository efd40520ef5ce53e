// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { machines, usualMachines } from '../../src/model/machines/machine-list.ts';
import { sizeText } from '../../src/trace/size-text.ts';
import type { Machine } from '../../src/trace/machine.ts';

function leavesOf({ levels, attributes }: Machine): string {
  const leaves = levels.filter(({ leaf }) => leaf !== undefined);
  const sizes = leaves.flatMap(({ shift, contiguousEntries }) => {
    const run = attributes.contiguous === 0 ? undefined : contiguousEntries;
    return run === undefined ? [2 ** shift] : [2 ** shift, 2 ** shift * run];
  });
  return sizes
    .toSorted((a, b) => a - b)
    .map((size) => sizeText(size))
    .join(', ');
}

function rowOf(machine: Machine): string {
  const { name, title, levels, splitsLive, cachesVirtuallyIndexed, syncMask } = machine;
  const notes = [
    ...(splitsLive ? ['splits live'] : []),
    ...(cachesVirtuallyIndexed ? ['caches virtually indexed'] : []),
    ...(syncMask === 0 ? [] : ['upper levels synced']),
  ];
  const usual = usualMachines.includes(machine) ? 'yes' : '';
  return `| \`${name}\` | ${title} | ${levels.length} | ${leavesOf(machine)} | ${notes.join(', ')} | ${usual} |`;
}

// `npm run golden` writes it anew.
it('docs/machines.md is what the data says', async () => {
  const text = `# Machines

What a series can be run on. Each is a file of [src/model/machines](../src/model/machines); this page is written from them by
\`npm run golden\`, and \`rewalk machines\` prints the same. [adding-a-machine.md](adding-a-machine.md) shows how to add one.

- **leaves**: what one entry can map, and contiguous runs of entries.
- **splits live**: a live block or run may be replaced by smaller entries without being unmapped and flushed between.
- **caches virtually indexed**: \`flush_cache_vmap()\` and \`flush_cache_vunmap()\` have work to do.
- **upper levels synced**: changes there must reach \`arch_sync_kernel_mappings()\`.
- **usual**: reviews run on it unless \`--machine\` names others. \`--machine all\` means all of them.

| machine | | levels | leaves | | usual |
| --- | --- | --- | --- | --- | --- |
${machines.map(rowOf).join('\n')}
`;
  await expect(text).toMatchFileSnapshot('../../docs/machines.md');
});
