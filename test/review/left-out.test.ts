// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../src/ingest/source-tree.ts';
import { parseUnifiedDiff } from '../../src/ingest/unified-diff.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { plainText } from '../../src/report/styled-text.ts';
import { renderReview } from '../../src/report/text.ts';
import { leftOutOf } from '../../src/review-left-out.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { Stage } from '../../src/run/stage.ts';
import { sampleReview } from '../report/sample-review.ts';
import { embeddedSource } from '../run/fixture-tree.ts';
import { runText } from '../run/run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const x86 = machineNamed('x86_64-4level')!;

function diffOf(path: string, ...added: string[]): string {
  const lines = added.map((line) => `+${line}\n`).join('');
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1,${added.length + 1} @@\n same\n${lines}`;
}

function leftOut(diff: string, ...machines: (typeof arm64)[]): ReturnType<typeof leftOutOf> {
  const { value } = parseUnifiedDiff(diff, { file: 'patch', line: 1 });
  return leftOutOf({ files: value, functions: [] }, machines, undefined);
}

describe('what a review cannot speak of', () => {
  it('is code in files that are not run', () => {
    const diff = [
      diffOf('mm/vmalloc.c', 'int a;'),
      diffOf('mm/memory.c', 'int b;'),
      diffOf('Documentation/mm/vmap.rst', 'vmap'),
      diffOf('mm/Kconfig', 'config VMAP_X'),
    ].join('');
    expect(leftOut(diff, arm64)).toEqual({ notRun: ['mm/memory.c'] });
  });

  it('depends on the machines', () => {
    const diff = diffOf('arch/arm64/mm/pageattr.c', 'int a;');
    expect(leftOut(diff, arm64, x86)).toEqual({});
    expect(leftOut(diff, x86)).toEqual({ notRun: ['arch/arm64/mm/pageattr.c'] });
  });

  it('is a function that goes from a file that is run to one that is not', () => {
    const change = { kind: 'function', signatureChanged: false, basis: 'tree' } as const;
    const functions = [
      { ...change, change: 'removed', name: 'vfree', file: 'mm/vmalloc.c' },
      { ...change, change: 'added', name: 'vfree', file: 'mm/vfree.c' },
      { ...change, change: 'removed', name: 'iounmap', file: 'mm/vmalloc.c' },
      { ...change, change: 'added', name: 'iounmap', file: 'mm/ioremap.c' },
      { ...change, change: 'added', name: 'vunmap', file: 'mm/vfree.c' },
    ] as const;
    const moved = [{ name: 'vfree', to: 'mm/vfree.c' }];
    expect(leftOutOf({ files: [], functions }, [arm64], undefined)).toEqual({ moved });
  });

  it('is what depends on options that no machine has set, in files that are run', () => {
    const asks = [
      '#ifdef CONFIG_VMAP_X',
      '	if (IS_ENABLED(CONFIG_VMAP_Y) && IS_ENABLED(CONFIG_HUGETLB_PAGE))',
    ];
    expect(leftOut(diffOf('mm/vmalloc.c', ...asks), arm64)).toEqual({
      unset: ['CONFIG_VMAP_X', 'CONFIG_VMAP_Y'],
    });
    expect(leftOut(diffOf('mm/memory.c', ...asks), arm64)).toEqual({ notRun: ['mm/memory.c'] });
    const taken = diffOf('mm/vmalloc.c', ...asks)
      .replace('-1 +1,3', '-1,3 +1')
      .replaceAll(/^\+(?!\+)/gm, '-');
    expect(leftOut(taken, arm64)).toEqual({ unset: ['CONFIG_VMAP_X', 'CONFIG_VMAP_Y'] });
  });
});

describe('what only other architectures define', () => {
  const tree = new MemoryTree(
    'two architectures',
    new Map(
      Object.entries({
        'arch/arm64/include/asm/vmalloc.h': '#define arch_vmap_pmd_supported arch_vmap_pmd_supported\n',
        'arch/riscv/include/asm/vmalloc.h':
          'static inline bool arch_vmap_pmd_supported(pgprot_t p) { return true; }\nstatic inline int arch_vmap_own_size(void) { return 0; }\n',
      }),
    ),
  );
  const named = (diff: string, ...machines: (typeof arm64)[]): ReturnType<typeof leftOutOf> => {
    const { value } = parseUnifiedDiff(diff, { file: 'patch', line: 1 });
    return leftOutOf({ files: value, functions: [] }, machines, tree);
  };
  const diff = diffOf('mm/vmalloc.c', '	if (arch_vmap_pmd_supported(prot))', '		size = arch_vmap_own_size();');

  it('is told with a machine that runs it', () => {
    const definedElsewhere = [{ name: 'arch_vmap_own_size', machine: 'riscv64-sv48' }];
    expect(named(diff, arm64, x86)).toEqual({ definedElsewhere });
  });

  it('is nothing where one of these is reviewed, or the lines are in files that are not run', () => {
    expect(named(diff, arm64, machineNamed('riscv64-sv48')!)).toEqual({});
    const other = diffOf('mm/memory.c', 'int size = arch_vmap_own_size();');
    expect(named(other, arm64)).toEqual({ notRun: ['mm/memory.c'] });
  });
});

describe('the text says so of the latest version', () => {
  const sample = sampleReview();
  const render = (change: object): string => {
    const versions = sample.series!.versions.map((version) => ({
      ...version,
      patches: version.patches.map((patch) => ({ ...patch, ...change })),
    }));
    const review = { ...sample, series: { ...sample.series!, versions }, findings: [], notModelled: [] };
    return renderReview(review, { width: 80, baseline: false })
      .map((line) => plainText(line).trimEnd())
      .join('\n');
  };

  it('names files and options once, with their patches', () => {
    const text = render({ notRun: ['mm/memory.c'], unset: ['CONFIG_VMAP_X'] });
    expect(text).toContain(
      'Not run  changed files that rewalk reads and does not run\n  ? mm/memory.c (v2 patch 1, 2, 3)\n',
    );
    expect(text).toContain('  ? CONFIG_VMAP_X (v2 patch 1, 2, 3)\n');
    expect(render({ countedAsSet: ['CONFIG_VMAP_Y'] })).toContain(
      'Set  new options, by their default or because they are selected\n  ? CONFIG_VMAP_Y (v2 patch 1, 2, 3)\n',
    );
    const definedElsewhere = [{ name: 'arch_vmap_own_size', machine: 'riscv64-sv48' }];
    expect(render({ definedElsewhere })).toContain(
      '\n  ? arch_vmap_own_size(): --machine riscv64-sv48 runs it (v2 patch 1, 2, 3)\n',
    );
    const moved = [{ name: 'vfree', to: 'mm/vfree.c' }];
    expect(render({ moved })).toContain('\n  ? vfree() to mm/vfree.c (v2 patch 1, 2, 3)\n');
  });

  it('adds to nothing found that nothing was changed that is run', () => {
    expect(render({ relevant: false })).toContain('Nothing found: v2 changes nothing that is run');
    expect(render({})).not.toContain('changes nothing that is run');
  });
});

it('does not put the model in the place of a function that the series takes elsewhere', () => {
  const before = embeddedSource(arm64);
  const text = before['mm/vmalloc.c']!;
  const start = text.indexOf('void __vunmap_range_noflush(');
  const end = text.indexOf('\n}\n', start) + 3;
  const declared = 'void __vunmap_range_noflush(unsigned long start, unsigned long end);\n';
  const moved = { ...before, 'mm/vmalloc.c': text.slice(0, start) + declared + text.slice(end) };
  const touched = ['__vunmap_range_noflush'];
  const stage = new Stage(linkTree({ machine: arm64, source: moved, before, touched, mode: 'patched' }));
  expect(runText(stage, 'vmap 4K; vunmap #0').end).toEqual({
    kind: 'not-modelled',
    reason: '`__vunmap_range_noflush()` is called, and the series takes it out of the files that are run',
  });
  const same = new Stage(linkTree({ machine: arm64, source: before, before, touched, mode: 'patched' }));
  expect(runText(same, 'vmap 4K; vunmap #0').end).toEqual({ kind: 'completed' });
});
