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

it('calls the model where the tree does not bring the file', () => {
  const stage = new Stage(linkTree({ machine: arm64, source: {}, mode: 'from-tree' }));
  expect(runText(stage, 'vmap_page_range w 4K')).toMatchObject({
    notReached: [],
    end: { kind: 'completed' },
  });
});
