// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { MemoryTree, OverlayTree, type SourceTree } from '../../src/ingest/source-tree.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { createdHeaders, sourcesBeside } from '../../src/review-brought.ts';
import { leftOutOf } from '../../src/review-left-out.ts';
import { relevantSource } from '../../src/review-states.ts';
import { optionsSetByDefault } from '../../src/run/kconfig.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { parseUnifiedDiff } from '../../src/ingest/unified-diff.ts';

const arm64 = machineNamed('arm64-4k')!;
const x86 = machineNamed('x86_64-4level')!;

function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  return new MemoryTree('tree', new Map(Object.entries(files)));
}

/** The tree behind a series that leaves these files. */
function behind(base: SourceTree, files: Readonly<Record<string, string>>): OverlayTree {
  return new OverlayTree('behind', base, new Map(Object.entries(files)));
}

const MAKEFILE = `mmu-$(CONFIG_MMU) := memory.o \\
			   vmalloc.o
obj-y := filemap.o
`;

describe('a C file that a series creates', () => {
  const base = treeOf({ 'mm/vmalloc.c': '', 'mm/Makefile': MAKEFILE });
  const created = (makefile: string, ...paths: string[]): readonly string[] => {
    const files = Object.fromEntries(paths.map((path) => [path, 'int x;\n']));
    return sourcesBeside(behind(base, { ...files, 'mm/Makefile': makefile }), arm64);
  };

  it('is run where the Makefile builds it', () => {
    const beside = MAKEFILE.replace('vmalloc.o', 'vmalloc.o vmap.o');
    expect(created(beside, 'mm/vmap.c')).toEqual(['mm/vmap.c']);
    expect(created(`${MAKEFILE}obj-y += vmap.o\n`, 'mm/vmap.c')).toEqual(['mm/vmap.c']);
    expect(created(`${MAKEFILE}obj-$(CONFIG_MIGRATION) += vmap.o\n`, 'mm/vmap.c')).toEqual(['mm/vmap.c']);
  });

  it('is not run where nothing builds it, an unset option does, or it stands elsewhere', () => {
    expect(created(MAKEFILE, 'mm/vmap.c')).toEqual([]);
    expect(created(`${MAKEFILE}obj-$(CONFIG_VMAP_X) += vmap.o\n`, 'mm/vmap.c')).toEqual([]);
    expect(created(`${MAKEFILE}obj-y += vmap.o\n`, 'lib/vmap.c', 'mm/vmap.txt')).toEqual([]);
    expect(sourcesBeside(base, arm64)).toEqual([]);
  });

  it('brings its functions and headers with it', () => {
    const after = behind(treeOf({ 'mm/vmalloc.c': '' }), {
      'mm/vmap.c': '#include "vmap.h"\nlong asked(void)\n{\n\treturn HALF * 2;\n}\n',
      'mm/vmap.h': '#define HALF 21\n',
      'arch/x86/mm/vmap.h': '',
    });
    expect(createdHeaders(after, arm64)).toEqual(['mm/vmap.h']);
    const source = relevantSource(after, arm64);
    const linked = linkTree({ machine: arm64, source, mode: 'from-tree', alsoCalled: ['asked'] });
    linked.boot([]);
    expect(Number(linked.call('asked', []))).toBe(42);
  });
});

describe('an option that a series brings', () => {
  const set = (text: string, machine = arm64): readonly string[] =>
    optionsSetByDefault(['config KNOWN\n\tdef_bool y\nconfig ARM64\n\tdef_bool y\n'], [text], machine);

  it('is set where its default says so and what it depends on is', () => {
    expect(set('config A\n\tbool "A"\n\tdefault y\n')).toEqual(['A']);
    expect(set('config A\n\tdef_bool MMU && (ARM64 || KNOWN)\n\tdepends on !X86\n')).toEqual(['A']);
    expect(set('menu "m"\n\tdepends on MMU\nif SMP\nconfig A\n\tdef_bool y\nendif\nendmenu\n')).toEqual([
      'A',
    ]);
    expect(set('config A\n\tdef_bool B\nconfig B\n\tdef_bool y if MMU\n')).toEqual(['A', 'B']);
  });

  it('is set where the architecture selects it', () => {
    const text = 'config A\n\tbool\nconfig ARM64\n\tdef_bool y\n\tselect A if MMU\n';
    expect(set(text)).toContain('A');
    expect(set(text, x86)).not.toContain('A');
  });

  it('is not set otherwise, nor where it cannot be judged', () => {
    for (const text of [
      'config KNOWN\n\tbool\n\tdefault y\n',
      'config A\n\tbool "A"\n',
      'config A\n\tbool "A"\n\tdefault n\n\tdefault y\n',
      'config A\n\tbool "A"\n\tdefault y if OF_NOBODY\n\tdefault y\n',
      'config A\n\tbool "A"\n\tdefault y\n\tdepends on OF_NOBODY\n',
      'config A\n\tbool "A"\n\tdefault y\n\tdepends on MMU = "x"\n',
      'config A\n\tbool "A"\n\thelp\n\t  default y\n\n\t  default y\n',
      'config A\n\tint "A"\n\tdefault y\n',
      'if OF_NOBODY\nconfig A\n\tdef_bool y\nendif\n',
      `config A\n\tdef_bool ${'('.repeat(10_000)}y\n`,
    ])
      expect(set(text), text.slice(0, 200)).toEqual([]);
  });

  it('is compiled for, and no longer said to be missing', () => {
    const base = treeOf({ 'mm/vmalloc.c': '', 'mm/Kconfig': '' });
    const diff = `diff --git a/mm/vmalloc.c b/mm/vmalloc.c
--- a/mm/vmalloc.c
+++ b/mm/vmalloc.c
@@ -0,0 +1,2 @@
+#if defined(CONFIG_A) && !defined(CONFIG_B)
+long asked(void) { return IS_ENABLED(CONFIG_A); }
`;
    const after = behind(base, {
      'mm/vmalloc.c': '#if defined(CONFIG_A)\nlong asked(void) { return IS_ENABLED(CONFIG_A); }\n#endif\n',
      'mm/Kconfig': 'config A\n\tdef_bool y\nconfig B\n\tbool\n',
    });
    const source = relevantSource(after, arm64);
    const linked = linkTree({ machine: arm64, source, mode: 'from-tree', alsoCalled: ['asked'] });
    linked.boot([]);
    expect(Number(linked.call('asked', []))).toBe(1);
    const files = parseUnifiedDiff(diff, { file: 'patch', line: 1 }).value;
    expect(leftOutOf({ files, functions: [] }, [arm64], after)).toEqual({ unset: ['CONFIG_B'] });
    const kconfig = `diff --git a/mm/Kconfig b/mm/Kconfig
--- a/mm/Kconfig
+++ b/mm/Kconfig
@@ -0,0 +1,4 @@
+config A
+\tdef_bool y
+config B
+\tbool
`;
    const declared = parseUnifiedDiff(kconfig, { file: 'patch', line: 1 }).value;
    expect(leftOutOf({ files: declared, functions: [] }, [arm64], after)).toEqual({
      countedAsSet: ['CONFIG_A'],
    });
  });
});
