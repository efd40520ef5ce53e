// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../src/ingest/source-tree.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { relevantSource } from '../../src/review-states.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import type { LinkedKernel } from '../../src/run/link.ts';

// Functions that mm/vmalloc.c calls and that another C file of the tree defines.

const machine = machineNamed('arm64-4k')!;
const x86 = machineNamed('x86_64-4level')!;

/** A tree whose vunmap_range() yields what a function of another file makes of the size. */
function treeWith(files: Readonly<Record<string, string>>): MemoryTree {
  const own = {
    'include/linux/mm.h': 'unsigned long made_of(unsigned long size);\n',
    'mm/vmalloc.c': `#include <linux/mm.h>
      int vunmap_range(unsigned long addr, unsigned long end) { return made_of(end - addr); }`,
  };
  return new MemoryTree('tree', new Map(Object.entries({ ...own, ...files })));
}

function linkedWith(files: Readonly<Record<string, string>>, on = machine): LinkedKernel {
  const linked = linkTree({ machine: on, source: relevantSource(treeWith(files), on), mode: 'from-tree' });
  linked.boot([]);
  return linked;
}

const resultOf = (linked: LinkedKernel): unknown => linked.call('vunmap_range', [4096, 4096 + 20]);

function resultWith(files: Readonly<Record<string, string>>, on = machine): unknown {
  return resultOf(linkedWith(files, on));
}

/** A file whose made_of() has that body. */
const util = (body: string, before = ''): Record<string, string> => ({
  'mm/util.c': `#include <linux/mm.h>\n#include "own.h"\n${before}\nunsigned long made_of(unsigned long size)\n{\n${body}\n}\n`,
  'mm/own.h':
    '#define TWICE(x) (2 * (x))\nstatic inline unsigned long more(unsigned long x) { return x + 1; }\n',
});

describe('a function of another file', () => {
  it('is taken from there, with what it needs of that file and its headers', () => {
    const before =
      'static unsigned long calls;\nstatic unsigned long once(unsigned long x) { return x + calls++; }';
    const linked = linkedWith(util('trace_made_of(size); return once(TWICE(more(size)));', before));
    expect([resultOf(linked), resultOf(linked)]).toEqual([42, 43]);
    const binding = linked.bindings.all.find((each) => each.binding.name === 'made_of')?.binding;
    expect(binding).toEqual({
      name: 'made_of',
      origin: 'widened',
      reason: 'mm/util.c defines it, and the model has none',
    });
  });

  it('may need a function of a third one, and calls the model where that has its own', () => {
    const body =
      'unsigned long *p = kmalloc(8, GFP_KERNEL); *p = size; size = rounded(*p); kfree(p); return size;';
    const files = {
      ...util(body, 'void *kmalloc(size_t size, gfp_t flags) { return NULL; }'),
      'include/linux/mm.h':
        'unsigned long made_of(unsigned long size);\nunsigned long rounded(unsigned long size);\n',
      'lib/round.c': 'unsigned long rounded(unsigned long size) { return size / 16 * 16; }',
    };
    expect(resultWith(files)).toBe(16);
  });

  it('is the one of the architecture, or the one that is not weak', () => {
    const weak = { 'mm/util.c': 'unsigned long __weak made_of(unsigned long size) { return 1; }' };
    const own = (value: number): string => `unsigned long made_of(unsigned long size) { return ${value}; }`;
    expect(resultWith(weak)).toBe(1);
    expect(resultWith({ ...weak, 'lib/made.c': own(2) })).toBe(2);
    expect(resultWith({ ...weak, 'arch/arm64/kvm/made.c': own(3) })).toBe(3);
    expect(resultWith({ ...weak, 'arch/arm64/mm/made.c': own(4) }, x86)).toBe(1);
    expect(resultWith({ 'mm/util.c': own(5), 'arch/x86/lib/made.c': own(6) }, x86)).toBe(6);
  });

  it('is in a file that the Makefile builds', () => {
    const own = (value: number): string => `unsigned long made_of(unsigned long size) { return ${value}; }`;
    const files = {
      'mm/Makefile':
        'mmu-y := nommu.o\nmmu-$(CONFIG_MMU) := highmem.o \\\n\tmemory.o vmalloc.o\nobj-y := util.o $(mmu-y)\n',
      'mm/nommu.c': own(1),
      'mm/memory.c': own(2),
    };
    expect(resultWith(files)).toBe(2);
  });

  it('counts as patched where the series changes it', () => {
    const source = relevantSource(treeWith(util('return 2;')), machine);
    const before = relevantSource(treeWith(util('return 1;')), machine);
    const originOf = (touched: string[]): string | undefined => {
      const linked = linkTree({
        machine,
        source,
        before,
        touched,
        mode: 'patched',
        alsoCalled: ['vunmap_range'],
      });
      return linked.bindings.all.find((each) => each.binding.name === 'made_of')?.binding.origin;
    };
    expect(originOf(['made_of', 'vunmap_range'])).toBe('patched');
    expect(originOf(['vunmap_range'])).toBe('widened');
  });
});

describe('a function of another file is not modelled', () => {
  it.each([
    ['calls what nobody has', 'return unheard_of(size);', 'unsigned long unheard_of(unsigned long);'],
    ['is written in assembly', 'asm volatile("frob" : "+r"(size)); return size;', ''],
    [
      'looks at what boot sets',
      'return size + limit;',
      'static unsigned long limit;\nstatic int __init set_limit(char *s) { limit = 3; return 0; }',
    ],
    ['looks at what any file may set', 'return size + limit;', 'unsigned long limit = 3;'],
    ['looks at what is defined nowhere', 'return size + limit;', 'extern unsigned long limit;'],
    [
      'sets what a function of the model goes by',
      'limit = size; return 1;',
      'static unsigned long limit;\nvoid kfree(const void *p) { if (limit) return; }',
    ],
    [
      'keeps what another function hands on',
      'return size + limits[0];',
      'static unsigned long limits[2];\nunsigned long *all(void) { return limits; }',
    ],
  ])('where it %s', (_, body, before) => {
    expect(() => resultWith(util(body, before))).toThrow(/`made_of\(\)` is neither/);
  });

  it('where two files define it, or it brings too much', () => {
    const own = 'unsigned long made_of(unsigned long size) { return 1; }';
    expect(() => resultWith({ 'mm/one.c': own, 'lib/two.c': own })).toThrow(/neither/);
    const chain = (length: number): string =>
      Array.from({ length }, (_, n) => `static int f${n}(void) { return ${n ? `f${n - 1}()` : 7}; }`).join(
        '\n',
      );
    expect(resultWith(util('return f9();', chain(10)))).toBe(7);
    expect(() => resultWith(util('return f99();', chain(100)))).toThrow(/neither/);
  });
});

it('reads what others only look at, what nobody changes, and locks', () => {
  const before = `static const int sizes[] = { 3, 4 };
    const int first = 10;
    static int shown = 100;
    static DEFINE_MUTEX(lock);
    int show(void) { mutex_lock(&lock); mutex_unlock(&lock); return shown + sizes[0]; }`;
  const body = 'mutex_lock(&lock); size = sizes[1] + first + shown; mutex_unlock(&lock); return size;';
  expect(resultWith(util(body, before))).toBe(114);
});
