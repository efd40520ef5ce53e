// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/invariants/judge.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { Stage } from '../../src/run/stage.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import { replaceOnce, runText, stageOf } from './run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const model = new Stage(linkTree({ machine: arm64, source: {}, mode: 'from-tree' }));
const embedded = stageOf(arm64);

function of<Kind extends TraceEvent['kind']>(events: readonly TraceEvent[], kind: Kind) {
  return events.filter((event): event is Extract<TraceEvent, { kind: Kind }> => event.kind === kind);
}

/** Ids of the promises that a scenario breaks. */
function broken(stage: Stage, text: string): string[] {
  const { events } = runText(stage, text);
  const outcomes = judge({ machine: stage.machine, events });
  return [...outcomes].filter(([, { violations }]) => violations.length > 0).map(([id]) => id);
}

describe('a call in an interrupt handler', () => {
  it('leaves the work to a worker', () => {
    const { events, end } = runText(model, 'vmalloc 8K; vfree #0 context=irq; flush_scheduled_work');
    expect(end).toEqual({ kind: 'completed' });
    const inside = events.findIndex((event) => event.kind === 'return' && event.operation === 1);
    const freed = events.findIndex((event) => event.kind === 'page' && event.change === 'free');
    expect(freed).toBeGreaterThan(inside);
    expect(of(events, 'operation')[1]).toMatchObject({ name: 'vfree', context: 'irq' });
  });

  it('is not made where the callee may sleep, or where the tree knows no other way', () => {
    expect(runText(model, 'vmap 4K context=irq').notReached).toMatchObject([{ treeLacks: false }]);
    expect(runText(embedded, 'vmalloc 4K; vfree #0 context=irq').notReached).toMatchObject([
      { operation: 1, treeLacks: true },
    ]);
  });
});

describe('a refused allocation', () => {
  it('is the nth of the call, alone or with all that follow, and of that call only', () => {
    const alone = runText(model, 'vmalloc 12K fail=6; vmalloc 12K');
    expect(of(alone.events, 'alloc-failure')).toHaveLength(1);
    expect(of(alone.events, 'return').map(({ error }) => error)).toEqual([0, 0]);
    const onward = runText(model, 'vmalloc 12K fail=6+; vmalloc 12K');
    expect(of(onward.events, 'alloc-failure').length).toBeGreaterThan(1);
    expect(of(onward.events, 'return').map(({ error }) => error)).toEqual([12, 0]);
  });

  it('makes a dropped error code seen', () => {
    const dropped = stageOf(arm64, (source) =>
      replaceOnce(
        source,
        'mm/vmalloc.c',
        'pte = pte_alloc_kernel_track(pmd, addr, mask);\n\tif (!pte)\n\t\treturn -ENOMEM;',
        'pte = pte_alloc_kernel_track(pmd, addr, mask);\n\tif (!pte)\n\t\treturn 0;',
      ),
    );
    const scenarios = Array.from({ length: 6 }, (_, i) => `vmap_page_range w 4K fail=${i + 1}+`);
    expect(scenarios.flatMap((text) => broken(embedded, text))).toEqual([]);
    expect(scenarios.flatMap((text) => broken(dropped, text))).toEqual(['map/exact']);
  });

  it('makes a forgotten area seen', () => {
    const forgotten = stageOf(arm64, (source) =>
      replaceOnce(source, 'mm/vmalloc.c', '\t\tvunmap(area->addr);\n\t\treturn NULL;', '\t\treturn NULL;'),
    );
    const scenarios = Array.from({ length: 6 }, (_, i) => `vmap 4K fail=${i + 1}+`);
    expect(scenarios.flatMap((text) => broken(embedded, text))).toEqual([]);
    expect(scenarios.flatMap((text) => broken(forgotten, text)).length).toBeGreaterThan(0);
  });
});

describe('CPUs', () => {
  it('have blocks of their own', () => {
    const addresses = (text: string) => of(runText(model, text).events, 'return').map(({ addr }) => addr!);
    const [one, same] = addresses('vm_map_ram 4K; vm_map_ram 4K');
    const [first, other] = addresses('vm_map_ram 4K; vm_map_ram 4K cpu=1');
    expect(same! - one!).toBe(4096);
    expect(Math.abs(other! - first!)).toBeGreaterThan(4096);
  });

  it('are as many as the machine has', () => {
    expect(runText(model, 'vmalloc 4K cpu=4').notReached).toMatchObject([
      { reason: 'there is no CPU 4, only 4 of them' },
    ]);
  });
});

it('vmap() takes over the pages that its caller gives away, and vfree() frees them', () => {
  const text = 'vm_unmap_aliases; vmap 4K*2 flags=VM_MAP|VM_MAP_PUT_PAGES; vfree #1';
  expect(of(runText(embedded, text).events, 'page').map(({ change }) => change)).toEqual([
    'alloc',
    'alloc',
    'free',
    'free',
  ]);
  expect(broken(embedded, text)).toEqual([]);
  const kept = stageOf(arm64, (source) => replaceOnce(source, 'mm/vmalloc.c', '__free_page(', '(void)('));
  expect(broken(kept, text)).toContain('leak');
});

it.each([
  'vmalloc 4K; vunmap #0',
  'vmap 4K; vfree #0',
  'vm_map_ram 4K; vfree #0',
  'get_vm_area 4K; vm_unmap_ram #0',
])('`%s` is nobody’s business', (text) => {
  expect(runText(model, text).notReached).toMatchObject([{ operation: 1, treeLacks: false }]);
});

describe('what others ask of vmalloc space', () => {
  it('is NULL given back, which does nothing', () => {
    const { events, end } = runText(embedded, 'vfree null; vunmap null');
    expect(end).toEqual({ kind: 'completed' });
    expect(of(events, 'return').map(({ error }) => error)).toEqual([0, 0, 0]);
  });

  it('is found wrong in trees and lists that are read after each call', () => {
    const inserted = stageOf(arm64, (source) =>
      replaceOnce(
        source,
        'mm/vmalloc.c',
        'list_add(&va->list, prev)',
        'list_add(&va->list, &vmap_area_list)',
      ),
    );
    expect(broken(inserted, 'vmap 4K; vmap 4K')).toContain('area/trees');
    expect(broken(embedded, 'vmap 4K; vmap 4K; vunmap #0; vunmap #1')).toEqual([]);
  });

  it('is an object that nothing points to', () => {
    const lost = stageOf(arm64, (source) =>
      replaceOnce(
        source,
        'mm/vmalloc.c',
        '\t\tkfree(va);\n\t\treturn ERR_PTR(-EBUSY);',
        '\t\treturn ERR_PTR(-EBUSY);',
      ),
    );
    const full = runText(lost, 'get_vm_area 256T; vmap 4K; vunmap #1');
    expect(of(full.events, 'unreachable')).toHaveLength(1);
  });
});
