// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { machineForTree } from '../../src/run/tree-config.ts';
import { embeddedSource } from './fixture-tree.ts';
import { runText, stageOf } from './run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const PATH = 'arch/arm64/Kconfig';

/** Everything that the machine has switched on, but for one option. */
const older = Object.keys(arm64.config)
  .filter((name) => name !== 'CONFIG_ARM64_CONTPTE')
  .map((name) => name.slice('CONFIG_'.length))
  .map((name) => (name.startsWith('HAVE_ARCH_') ? `\tselect ${name} if MMU\n` : `config ${name}\n\tbool\n`))
  .join('\n');

const reading = (text: string | undefined) => (path: string) => (path === PATH ? text : undefined);

it('leaves the machine as it is for a tree that does not bring the Kconfig, or whose Kconfig has it all', () => {
  expect(machineForTree(arm64, reading(undefined))).toBe(arm64);
  expect(machineForTree(arm64, reading(`${older}\nmenuconfig ARM64_CONTPTE\n`))).toBe(arm64);
});

it('does not set an option that the tree does not have, and gives the same machine again', () => {
  const found = machineForTree(arm64, reading(older));
  expect(Object.keys(arm64.config).filter((name) => !(name in found.config))).toEqual([
    'CONFIG_ARM64_CONTPTE',
  ]);
  expect(machineForTree(arm64, reading(`${older}# more\n`))).toBe(found);
});

it('takes neither a comment nor a longer name for the option', () => {
  const text = `${older}\n# config ARM64_CONTPTE\nconfig ARM64_CONTPTE_TEST\n\tdepends on ARM64_CONTPTE\n`;
  expect(machineForTree(arm64, reading(text)).config['CONFIG_ARM64_CONTPTE']).toBeUndefined();
});

it('has no ability that the architecture does not select', () => {
  const text = older.replace('\tselect HAVE_ARCH_HUGE_VMALLOC if MMU\n', '\timply HAVE_ARCH_HUGE_VMALLOC\n');
  const { config } = machineForTree(arm64, reading(`${text}\nconfig ARM64_CONTPTE\n`));
  expect(Object.keys(arm64.config).filter((name) => !(name in config))).toEqual([
    'CONFIG_HAVE_ARCH_HUGE_VMALLOC',
  ]);
});

it('leaves options alone that are declared elsewhere, and values that are not switches', () => {
  const { config } = machineForTree(arm64, reading('config ARM64\n'));
  expect(config['CONFIG_HUGETLB_PAGE']).toBe(true);
  expect(config['CONFIG_ARM64_VA_BITS']).toBe(48);
});

it('lets set_pte_at() keep the contiguous bit in trees from before ARM64_CONTPTE', () => {
  const before = stageOf(arm64, (source) => ({ ...source, [PATH]: older }));
  const now = stageOf(arm64);
  expect(embeddedSource(arm64)[PATH]).toBeUndefined();
  const [kept, dropped] = [before, now].map((stage) => {
    const { kernel } = stage;
    const entry = kernel.mem.allocate({ size: 8, name: 'entry', zeroed: true });
    kernel.set_pte_at(
      stage.initMm,
      stage.windowStart,
      entry,
      kernel.pte_mkcont(kernel.pfn_pte(0x50000, 0x703)),
    );
    return kernel.pte_cont(kernel.ptep_get(entry));
  });
  expect([Boolean(kept), Boolean(dropped)]).toEqual([true, false]);
  expect(runText(before, 'vmap 4K').end.kind).toBe('completed');
});
