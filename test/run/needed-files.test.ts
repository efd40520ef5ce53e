// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { MemoryTree } from '../../src/ingest/source-tree.ts';
import { neededFiles } from '../../src/run/needed-files.ts';

const machine = machineNamed('arm64-4k')!;

/** A tree whose vmalloc.c uses what only its headers declare, one of them reached through another. */
const files: Readonly<Record<string, string>> = {
  'mm/vmalloc.c': `#include <linux/mm.h>
    #include "pair.h"
    int vunmap_range(unsigned long addr, unsigned long end)
    {
      struct pair pair = PAIR_OF(10, 20);
      return halves_of(end - addr) + ODD_FLAG + sum_of(&pair);
    }`,
  'mm/pair.h': `struct pair { int one, two; };
    #define PAIR_OF(first, second) (struct pair){ .one = (first), .two = (second) }
    static inline int sum_of(const struct pair *pair) { return pair->one + pair->two; }`,
  'include/linux/mm.h': '#include <linux/halves.h>\nint unrelated_to_this(void);\n',
  'include/linux/halves.h': `#include <linux/odd.h>
    static inline halved_t halves_of(unsigned long size) { return size / 2; }`,
  'include/linux/odd.h': '#define ODD_FLAG 1\ntypedef int halved_t;\n',
  'include/linux/never.h': '#error nobody includes this\n',
};

const treeOf = (texts: Readonly<Record<string, string>>): MemoryTree =>
  new MemoryTree('tree', new Map(Object.entries(texts)));

describe('headers that a job is given', () => {
  it('are those whose names the C needs, also through other headers', () => {
    expect(neededFiles(treeOf(files), machine)).toEqual({
      headers: ['include/linux/halves.h', 'include/linux/odd.h', 'mm/pair.h'],
      elsewhere: [],
    });
  });

  it('are enough to run the C without the rest of the tree', () => {
    const needed = ['mm/vmalloc.c', ...neededFiles(treeOf(files), machine).headers];
    const source = Object.fromEntries(needed.map((path) => [path, files[path]!]));
    const linked = linkTree({ machine, source, mode: 'from-tree' });
    expect([...linked.untranslated]).toEqual([]);
    linked.boot([]);
    expect(linked.call('vunmap_range', [4096, 4096 + 12])).toBe(37);
  });

  it('are none where a tree has none', () => {
    expect(neededFiles(treeOf({ 'mm/vmalloc.c': 'int x;' }), machine)).toEqual({
      headers: [],
      elsewhere: [],
    });
  });
});
