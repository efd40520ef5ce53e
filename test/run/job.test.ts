// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/invariants/judge.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { runJob, type JobRequest } from '../../src/run/job.ts';
import type { SourceText } from '../../src/run/link-tree.ts';
import { embeddedSource } from './fixture-tree.ts';
import { replaceOnce } from './run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const base = embeddedSource(arm64);

function requestFor(source: SourceText, more: Partial<JobRequest> = {}): JobRequest {
  return {
    machine: 'arm64-4k',
    source,
    before: base,
    mode: 'patched',
    scenarios: 0,
    seed: 1,
    packs: ['vmap'],
    ...more,
  };
}

const wrongFlush = replaceOnce(
  base,
  'mm/vmalloc.c',
  'flush_cache_vmap(addr, end);\n\n\treturn err;',
  'flush_cache_vmap(end, end);\n\n\treturn err;',
);

describe('a job', () => {
  it('gives the same bytes for the same request', () => {
    const bytes = (): string => JSON.stringify(runJob(requestFor(wrongFlush, { scenarios: 10 }), judge));
    expect(bytes()).toBe(bytes());
  });

  it('groups what breaks by its place, and names the smallest scenario', () => {
    const result = runJob(requestFor(wrongFlush), judge);
    const violation = result.violations.find(({ invariant }) => invariant === 'flush/cache-vmap');
    const line =
      1 +
      wrongFlush['mm/vmalloc.c']!.split('\n').findIndex((text) =>
        text.includes('flush_cache_vmap(end, end)'),
      );
    expect(violation).toMatchObject({
      severity: 'bug',
      where: { file: 'mm/vmalloc.c', function: 'vmap_pages_range', line },
      scenario: 'vmap 4K',
      addr: '0xffff800080000000',
    });
    expect(violation?.stack[0]).toMatchObject({ function: 'flush_cache_vmap' });
    expect(violation?.count).toBe(violation?.scenarios.length);
    expect(result.outcomes['flush/cache-vmap']?.violated).toBe(violation?.count);
    expect(result.bindings).toContainEqual({ name: 'vmap_pages_range', origin: 'patched' });
  });

  it('hears what the tree counts itself, though the model calls what counts', () => {
    const count = 'vmap_lazy_nr -= PFN_DOWN(va->va_end - va->va_start);';
    const counting = replaceOnce(base, 'mm/vmalloc.c', count, 'vmap_lazy_nr -= 1;');
    const result = runJob(requestFor(counting), judge);
    expect(result.bindings).toContainEqual({ name: 'vm_unmap_aliases', origin: 'model' });
    expect(result.violations.map(({ invariant }) => invariant)).toContain('count/balance');
  });

  it('blames the last call before the purge at the end for pages that are still counted', () => {
    const counting: SourceText = {
      ...base,
      'mm/vmalloc.c': `${base['mm/vmalloc.c']!}\nunsigned long vmalloc_nr_pages(void)\n{\n\treturn 1;\n}\n`,
    };
    const { violations } = runJob(requestFor(counting, { packs: ['vmalloc'] }), judge);
    const counts = violations.filter(({ invariant }) => invariant === 'count/balance');
    expect(counts.map(({ where }) => where.function)).toContain('vfree');
  });

  it('says what shows in the purge at the end, which no scenario calls, and which changed functions ran', () => {
    const flush = 'end = max(end, va->va_end);\n\tflush_tlb_kernel_range(start, end);';
    const unflushed = replaceOnce(base, 'mm/vmalloc.c', flush, 'end = max(end, va->va_end);');
    const { violations } = runJob(requestFor(unflushed, { packs: ['vmalloc'] }), judge);
    const stale = violations.find(({ where }) => where.function === 'vm_unmap_aliases');
    expect(stale).toMatchObject({
      invariant: 'flush/tlb',
      scenario: 'vmalloc 4K; vfree #0',
      atEnd: 'vm_unmap_aliases',
      ran: [{ function: '__purge_vmap_area_lazy', file: 'mm/vmalloc.c' }],
    });
    expect(stale?.expected).toMatch(/ before the purge at the end is over$/);
  });

  it('names no call of its own for what shows in one that the scenario makes', () => {
    const { violations } = runJob(requestFor(wrongFlush), judge);
    const own = violations.filter(({ invariant }) => invariant === 'flush/cache-vmap');
    expect(own.map(({ atEnd, ran }) => [atEnd, ran.map((one) => one.function)])).toEqual([
      [undefined, ['vmap_pages_range']],
    ]);
  });

  it('tells of what the series changes which lines were executed and which were not', () => {
    const withDeadCode = replaceOnce(
      wrongFlush,
      'mm/vmalloc.c',
      'flush_cache_vmap(end, end);\n\n\treturn err;',
      'flush_cache_vmap(end, end);\n\n\tif (page_shift > 63)\n\t\treturn -EINVAL;\n\treturn err;',
    );
    const lineOf = (text: string): number =>
      1 + withDeadCode['mm/vmalloc.c']!.split('\n').findIndex((line) => line.includes(text));
    const { lines } = runJob(requestFor(withDeadCode), judge);
    const found = lines.find(({ function: name }) => name === 'vmap_pages_range')!;
    expect(found.executed).toContain(lineOf('flush_cache_vmap(end, end)'));
    expect(found.executed).toContain(lineOf('if (page_shift > 63)'));
    expect(found.missed).toEqual([lineOf('if (page_shift > 63)') + 1]);
  });

  it('runs one scenario again', () => {
    const request = requestFor(wrongFlush, { only: ['vmap 64K,4K; vunmap #0'], reduceTries: 0 });
    const { scenariosRun, violations } = runJob(request, judge);
    expect(scenariosRun).toBe(1);
    expect(violations.map(({ invariant, scenario }) => [invariant, scenario])).toContainEqual([
      'flush/cache-vmap',
      'vmap 64K,4K; vunmap #0',
    ]);
  });

  it('gives up on code that does not end', () => {
    const endless = replaceOnce(
      base,
      'mm/vmalloc.c',
      'if (count > totalram_pages())',
      'while (count > 0) size++; if (0)',
    );
    const result = runJob(requestFor(endless, { reduceTries: 0 }), judge);
    expect(result.timedOut).toMatch(/scenarios did not end/);
    expect(result.violations.map(({ invariant }) => invariant)).toContain('ends');
    expect(result.unjudged.length).toBeGreaterThan(50);
  });

  it('says what the tree lacks', () => {
    const result = runJob(requestFor(base, { packs: ['huge-entries'] }), judge);
    expect(result.notReached[0]?.reason).toBe('1048576 bytes are no huge size of this tree');
    expect(result.unjudged.length).toBeGreaterThan(0);
    expect(result.unjudged.length).toBeLessThan(result.scenariosRun);
  });
});
