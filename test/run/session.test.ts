// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import type { SourceText } from '../../src/run/link-tree.ts';
import type { TraceEvent } from '../../src/trace/events.ts';
import { replaceOnce, runText, stageOf, type RunOfText } from './run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const x86 = machineNamed('x86_64-4level')!;

function eventsOf<Kind extends TraceEvent['kind']>({ events }: Pick<RunOfText, 'events'>, kind: Kind) {
  return events.filter((event): event is Extract<TraceEvent, { kind: Kind }> => event.kind === kind);
}

describe('a scenario', () => {
  it('says what each caller wants, what came of it, and what area was made', () => {
    const run = runText(stageOf(arm64), 'vmap 4K*2,64K prot=ro; vunmap #0');
    expect(run.end).toEqual({ kind: 'completed' });
    expect(run.notReached).toEqual([]);
    const [vmap, vunmap, purge] = eventsOf(run, 'operation');
    expect(vmap).toMatchObject({
      name: 'vmap',
      intent: { kind: 'map', size: 18 * 4096, maxShift: 63, legal: true },
    });
    const counts = vmap?.intent.kind === 'map' ? vmap.intent.pages?.map(({ count }) => count) : [];
    expect(counts).toEqual([1, 1, 16]);
    expect(vunmap?.intent).toEqual({ kind: 'unmap', addr: arm64.addresses.vmallocStart, size: 18 * 4096 });
    expect(purge?.name).toBe('vm_unmap_aliases');
    expect(eventsOf(run, 'return')[0]).toMatchObject({ error: 0, addr: arm64.addresses.vmallocStart });
    expect(eventsOf(run, 'area')).toMatchObject([{ size: 19 * 4096, flagNames: ['VM_MAP'] }]);
  });

  it('gives the same events every time, and after any other scenario', () => {
    const stage = stageOf(arm64);
    const texts = [
      'vmap 64K*2,null',
      'set_huge_pte_at w 2M',
      'vmap_pages_range w 2M shift=21; vunmap_range w*512',
    ];
    const first = texts.map((text) => runText(stage, text));
    expect(texts.toReversed().map((text) => runText(stage, text))).toEqual(first.toReversed());
  });

  it('tells refused calls by the errno', () => {
    const run = runText(
      stageOf(arm64),
      'vmap 4K,null; vmap_pages_range w 4K,invalid shift=12; set_memory_ro w*1',
    );
    const errors = eventsOf(run, 'return').map(({ error }) => error);
    expect(errors).toEqual([12, 12]);
    expect(eventsOf(run, 'operation').map(({ intent }) => 'legal' in intent && intent.legal)).toEqual([
      false,
      false,
    ]);
    expect(run.notReached).toMatchObject([{ operation: 2, reason: 'the range is not mapped' }]);
  });

  it.each([
    ['vmap_pages_range w 4K shift=12; vmap_page_range w 64K', 1, 'something is mapped there', false],
    ['vmap_page_range w 64K; vunmap_range w*3', 1, 'the range ends where a leaf may go across it', false],
    ['vmap_pages_range w 64K*2 shift=17', 0, 'a group of 1 << 17 bytes is not contiguous', false],
    ['vmap_pages_range w+1 64K shift=16', 0, 'the range is not made of whole groups of 1 << 16 bytes', false],
    ['vmap 4K; set_memory_ro #0*2', 1, 'the range goes beyond the area of #0', false],
    ['vmap null; vunmap #0', 1, '#0 made no area', false],
    ['set_huge_pte_at w 128K', 0, '131072 bytes are no huge size of this tree', true],
  ])('does not make its callers lie: %s', (text, operation, reason, treeLacks) => {
    expect(runText(stageOf(arm64), text).notReached).toEqual([{ operation, reason, treeLacks }]);
  });

  it('passes huge entries that the tree itself makes', () => {
    const run = runText(stageOf(arm64), 'set_huge_pte_at w 64K; huge_ptep_get_and_clear w 64K');
    expect(eventsOf(run, 'operation').map(({ intent }) => intent)).toMatchObject([
      { kind: 'huge', change: 'set', size: 65536, legal: true },
      { kind: 'huge', change: 'clear', size: 65536, legal: true },
    ]);
    expect(runText(stageOf(x86), 'set_huge_pte_at w 64K').notReached).toMatchObject([{ treeLacks: true }]);
  });

  it('knows the flags of the tree, not those of the model', () => {
    const renamed = stageOf(arm64, (source) =>
      replaceOnce(source, 'include/linux/vmalloc.h', '0x00000400', '0x00004000'),
    );
    const run = runText(renamed, 'vmap 4K flags=VM_MAP|VM_ALLOW_HUGE_VMAP');
    expect(eventsOf(run, 'area')).toMatchObject([
      { flags: 0x4004, flagNames: ['VM_MAP', 'VM_ALLOW_HUGE_VMAP'] },
    ]);
  });
});

describe('a scenario ends', () => {
  const vmalloc = 'mm/vmalloc.c';

  it('where the C code reads behind pages[]', () => {
    const stage = stageOf(arm64, (source) => replaceOnce(source, vmalloc, '(*nr)++;', '*nr += 1000;'));
    const run = runText(stage, 'vmap 4K*2');
    expect(run.end).toEqual({ kind: 'faulted' });
    expect(run.events.at(-1)).toMatchObject({
      kind: 'fault',
      fault: 'out-of-bounds',
      object: { name: 'pages[]' },
    });
  });

  it('where it hits a BUG', () => {
    const stage = stageOf(arm64, (source) =>
      replaceOnce(source, vmalloc, 'BUG_ON(start >= end);', 'BUG_ON(start < end);'),
    );
    const run = runText(stage, 'vmap_page_range w 4K');
    expect(run.end).toEqual({ kind: 'faulted' });
    expect(run.events.at(-1)).toMatchObject({ kind: 'warn', call: 'BUG' });
  });

  it('where a loop does not', () => {
    const stage = stageOf(arm64, (source) =>
      replaceOnce(source, vmalloc, 'if (count > totalram_pages())', 'while (count > 0) size++; if (0)'),
    );
    const run = runText(stage, 'vmap 4K');
    expect(run.end).toEqual({ kind: 'out-of-fuel' });
    expect(run.events.at(-1)).toEqual({ kind: 'fuel' });
  });

  it('where calls inside each other do not, at the same event however much stack is left', () => {
    const stage = stageOf(arm64, (source) =>
      replaceOnce(
        source,
        vmalloc,
        'area = get_vm_area_caller(size, flags,',
        'kfree(kmalloc(8, GFP_KERNEL)); vmap(pages, count, flags, prot); area = get_vm_area_caller(size, flags,',
      ),
    );
    const deeper = (calls: number): RunOfText =>
      calls === 0 ? runText(stage, 'vmap 4K') : deeper(calls - 1);
    const run = runText(stage, 'vmap 4K');
    expect(run.end).toEqual({ kind: 'out-of-fuel' });
    expect(run.events.at(-1)).toEqual({ kind: 'fuel' });
    expect(deeper(2000).events).toEqual(run.events);
  });

  it('and leaves nothing behind for the next', () => {
    const change = (source: SourceText): SourceText => {
      const endless = replaceOnce(
        source,
        vmalloc,
        'if (count > totalram_pages())',
        'while (count > 4) size++; if (0)',
      );
      const atBoot = 'static int __init loop(void) { int i; for (i = 0; i < 4; i++) barrier(); return 0; }';
      return { ...endless, [vmalloc]: `${endless[vmalloc]!}\n${atBoot}\nearly_initcall(loop);\n` };
    };
    const stage = stageOf(arm64, change);
    expect(runText(stage, 'vmap 64K').end).toEqual({ kind: 'out-of-fuel' });
    expect(runText(stage, 'vmap 4K')).toEqual(runText(stageOf(arm64, change), 'vmap 4K'));
  });

  it('where something is not modelled', () => {
    const stage = stageOf(arm64, (source) =>
      replaceOnce(
        source,
        vmalloc,
        'area = get_vm_area_caller(size, flags,',
        'frobnicate(); area = get_vm_area_caller(size, flags,',
      ),
    );
    const { end } = runText(stage, 'vmap 4K');
    expect(end).toMatchObject({
      kind: 'not-modelled',
      reason: expect.stringContaining('frobnicate') as string,
    });
  });
});
