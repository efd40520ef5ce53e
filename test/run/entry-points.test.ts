// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { Stage } from '../../src/run/stage.ts';
import { replaceOnce, runText, stageOf } from './run-text.ts';

const arm64 = machineNamed('arm64-4k')!;

it('does not call the model in place of what the tree never had', () => {
  const other = stageOf(arm64, (source) =>
    replaceOnce(source, 'arch/arm64/mm/pageattr.c', 'int set_memory_nx(', 'int set_memory_other('),
  );
  const { events, notReached } = runText(other, 'vmap 4K; set_memory_nx #0*1');
  expect(notReached).toMatchObject([{ operation: 1, treeLacks: true }]);
  expect(events.filter(({ kind }) => kind === 'operation')).toHaveLength(1);
});

it('calls vmap_page_range() by the name that it had before 6.9', () => {
  const older = stageOf(arm64, (source) => {
    const renamed = replaceOnce(source, 'mm/vmalloc.c', 'int ioremap_page_range(', 'int ioremap_area(');
    const text = renamed['mm/vmalloc.c']!.replaceAll(/\bvmap_page_range\b/g, 'ioremap_page_range');
    return { ...renamed, 'mm/vmalloc.c': text };
  });
  const run = runText(older, 'vmap_page_range w 4K');
  expect(run).toMatchObject({ notReached: [], end: { kind: 'completed' } });
  expect(run.events.flatMap((event) => (event.kind === 'operation' ? [event.name] : []))).toEqual([
    'ioremap_page_range',
  ]);
});

it('calls what an architecture has of its own before what everybody else gets', () => {
  const everybody = { 'mm/ioremap.c': '#ifndef whose\nlong whose(void)\n{\n\treturn 1;\n}\n#endif\n' };
  const own = { 'arch/arm64/mm/ioremap.c': 'long whose(void)\n{\n\treturn 2;\n}\n' };
  const called = (source: Readonly<Record<string, string>>): unknown => {
    const linked = linkTree({ machine: arm64, source, mode: 'from-tree', alsoCalled: ['whose'] });
    linked.boot([]);
    return linked.call('whose', []);
  };
  expect(called({ ...everybody, ...own })).toBe(2);
  expect(called(everybody)).toBe(1);
});

it('calls the model where the tree does not bring the file', () => {
  const stage = new Stage(linkTree({ machine: arm64, source: {}, mode: 'from-tree' }));
  expect(runText(stage, 'vmap_page_range w 4K')).toMatchObject({
    notReached: [],
    end: { kind: 'completed' },
  });
});

/** As kernels before 5.13 do it: what ioremap() may use is found out at boot, unless the command line says otherwise. */
const foundOutAtBoot = `
static int pmd_capable, is_disabled;
static int set_nohugeiomap(char *str) { is_disabled = 1; return 0; }
void ioremap_huge_init(void) { if (!is_disabled && arch_ioremap_pmd_supported()) pmd_capable = 1; }
int is_pmd_capable(void) { return pmd_capable; }
`;

it('calls at boot what the tree finds out then, and nothing later that would have to come before', () => {
  const machine = machineNamed('x86_64-4level')!;
  const source = { 'mm/ioremap.c': foundOutAtBoot };
  const stage = new Stage(linkTree({ machine, source, mode: 'from-tree', alsoCalled: ['is_pmd_capable'] }));
  const { notReached } = runText(stage, 'set_nohugeiomap; vm_unmap_aliases');
  expect(notReached).toMatchObject([{ operation: 0, treeLacks: true }]);
  expect(stage.linked.call('is_pmd_capable', [])).toBe(1);
});

it('lets one file of the tree read what another defines, where no header that is read says so', () => {
  const source = {
    'mm/vmalloc.c': 'void *vmap(void) { return (void *)how_many; }\nint *where(void) { return &how_many; }',
    'mm/ioremap.c': 'static int hidden = 7;\nint how_many = 3;\nint *at_home(void) { return &how_many; }',
  };
  const alsoCalled = ['where', 'at_home'];
  const linked = linkTree({ machine: arm64, source, mode: 'from-tree', alsoCalled });
  linked.boot([]);
  expect(linked.call('vmap', [])).toBe(3);
  expect(linked.call('where', [])).toBe(linked.call('at_home', []));
});

it('does not let a file read what another keeps to itself', () => {
  const source = {
    'mm/vmalloc.c': 'void *vmap(void) { return (void *)hidden; }',
    'mm/ioremap.c': 'static int hidden = 7;\nint shown(void) { return hidden; }',
  };
  const linked = linkTree({ machine: arm64, source, mode: 'from-tree' });
  expect([...linked.untranslated]).toEqual([
    ['vmap', expect.stringContaining('`hidden` is declared nowhere')],
  ]);
});
