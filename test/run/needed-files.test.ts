// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { MemoryTree, OverlayTree } from '../../src/ingest/source-tree.ts';
import { relevantSource } from '../../src/review-states.ts';
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

/** A tree that tells how often a header was read that is needed for nothing, as only a search of the whole tree does. */
class WatchedTree extends MemoryTree {
  searches = 0;

  override read(path: string): string | undefined {
    if (path === 'include/linux/mm.h') this.searches++;
    return super.read(path);
  }
}

describe('states of one tree', () => {
  const own = files['mm/vmalloc.c']!;
  const more = {
    ...files,
    'include/linux/mm.h':
      '#include <linux/other.h>\n#include <linux/halves.h>\nint unrelated_to_this(void);\n',
    'include/linux/other.h': '#define OTHER_FLAG 2\n#define ODD_FLAG_TOO 4\n',
    'mm/beside.h': '#define OTHER_FLAG 8\n',
    'mm/util.c': 'int twice(int value) { return 2 * value; }\n',
    'mm/Makefile': 'obj-y := vmalloc.o util.o\n',
  };
  const change = (path: string, text: string | undefined): Record<string, string | undefined> => ({
    [path]: text,
  });
  const inVmalloc = (from: string, to: string): Record<string, string | undefined> =>
    change('mm/vmalloc.c', own.replace(from, to));

  /** @param isAnew what is needed cannot be told from what the tree before it needs */
  const states: [string, Record<string, string | undefined>, { readonly isAnew: boolean }][] = [
    ['another number', inVmalloc('20', '30'), { isAnew: false }],
    [
      'new names, of which no header knows',
      inVmalloc('struct pair pair', 'int fresh = 1; struct pair pair'),
      { isAnew: false },
    ],
    ['a name less', inVmalloc(' + ODD_FLAG', ''), { isAnew: false }],
    ['a name of a header that nobody needed', inVmalloc('ODD_FLAG', 'OTHER_FLAG'), { isAnew: true }],
    [
      'a name of a header that was needed',
      inVmalloc('ODD_FLAG', '(ODD_FLAG + sizeof(halved_t))'),
      { isAnew: false },
    ],
    ['another include', inVmalloc('"pair.h"', '"pair.h"\n#include "beside.h"'), { isAnew: true }],
    [
      'another header',
      change('include/linux/odd.h', '#define ODD_FLAG 3\ntypedef long halved_t;\n'),
      { isAnew: true },
    ],
    ['a function of another file', inVmalloc('ODD_FLAG', 'twice(ODD_FLAG)'), { isAnew: true }],
    ['a header less', change('include/linux/halves.h', undefined), { isAnew: true }],
    ['a file that nobody reads', change('drivers/x.c', 'int x;'), { isAnew: false }],
  ];

  it.each(states)('with %s need what they need by themselves', (_name, changed, { isAnew }) => {
    const base = new WatchedTree('tree', new Map(Object.entries(more)));
    neededFiles(base, machine);
    const before = base.searches;
    const whole = Object.entries({ ...more, ...changed }).filter(([, text]) => text !== undefined);
    const alone = neededFiles(treeOf(Object.fromEntries(whole) as Record<string, string>), machine);
    const state = new OverlayTree('state', base, new Map(Object.entries(changed)));
    const needed = neededFiles(state, machine);
    // What another state needs besides is no harm.
    for (const path of alone.headers) expect(needed.headers).toContain(path);
    expect(needed.elsewhere).toEqual(alone.elsewhere);
    if (isAnew) expect(needed).toEqual(alone);
    // To ask whether there are headers at all is one time.
    expect(base.searches - before > 1).toBe(isAnew);
  });
});

it('lays structs out with the structs in them that other headers define', () => {
  const nested = {
    'mm/vmalloc.c': `#include <linux/mm.h>
      struct own { char first; struct outer outer[2]; char last; };
      static DECLARE_OUTER(given);
      int vunmap_range(unsigned long addr, unsigned long end)
      {
        struct own own = { .last = 5 };
        own.outer[1].behind = 7;
        return sizeof(own) * 100 + own.outer[1].behind * 10 + own.last + given.behind + given.inner.two;
      }`,
    'include/linux/mm.h': '#include <linux/outer.h>\n',
    'include/linux/outer.h': `#include <linux/inner.h>
      struct outer { char tag; struct inner inner; char behind; };
      #define DECLARE_OUTER(name) struct outer name = OUTER(3)
      #define OUTER(n) { .tag = 1, .inner = { .one = 1, .two = (n) }, .behind = (n) + 1 }`,
    'include/linux/inner.h':
      'struct inner { long one; struct innermost innermost; long two; };\nstruct innermost { long x[2]; };\n',
  };
  const source = relevantSource(treeOf(nested), machine);
  const linked = linkTree({ machine, source, mode: 'from-tree' });
  linked.boot([]);
  // struct inner: 8 + 16 + 8 bytes; outer: 8 + 32 + 8; own: 8 + 2 * 48 + 8.
  expect(Number(linked.call('vunmap_range', [4096, 8192]))).toBe(112 * 100 + 70 + 5 + 4 + 3);
});
