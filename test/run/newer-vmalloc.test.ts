// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/invariants/judge.ts';
import { Stage } from '../../src/run/stage.ts';
import { arm64, callOf, evaluate, link } from './few-lines.ts';
import { runText, stageOf } from './run-text.ts';

// What vmalloc() of kernels after 6.12 does differently, each in a few lines of C that stand for it.

describe('vmalloc() that leaves the cleaning up after a failure to a worker', () => {
  const vmalloc = (cleanUp: string, then = 'return NULL;'): Stage =>
    new Stage(
      link({
        'mm/vmalloc.c': `#include <linux/vmalloc.h>
static struct vm_struct *failed;
static void give_back(struct work_struct *work)
{
	${cleanUp}
}
static DECLARE_WORK(give_back_work, give_back);
void *vmalloc_noprof(unsigned long size)
{
	struct vm_struct *area = get_vm_area(size, VM_ALLOC);

	if (!area)
		return NULL;
	area->pages = kzalloc_objs(struct page *, size >> PAGE_SHIFT, GFP_NOWAIT);
	if (area->pages)
		return area->addr;
	failed = area;
	schedule_work(&give_back_work);
	${then}
}
`,
      }),
    );
  const brokenBy = (stage: Stage): string[] => {
    const { events, end } = runText(stage, 'vmalloc 4K fail=4');
    expect(end).toEqual({ kind: 'completed' });
    expect(events.filter(({ kind }) => kind === 'alloc-failure')).toHaveLength(1);
    const outcomes = judge({ machine: arm64, events });
    return [...outcomes].flatMap(([id, { violations }]) => (violations.length > 0 ? [id] : []));
  };

  it('has left nothing behind once the worker ran', () => {
    expect(brokenBy(vmalloc('free_vm_area(failed);'))).toEqual([]);
  });

  it('is found out when the worker forgets something', () => {
    expect(brokenBy(vmalloc('failed = NULL;'))).toEqual(['error/clean', 'leak']);
  });

  it('may have succeeded in another way, and what it left behind is gone by then', () => {
    const otherWay = 'return __vmalloc_node(size, 1, GFP_KERNEL, NUMA_NO_NODE, NULL);';
    const stage = vmalloc('free_vm_area(failed);', otherWay);
    const { events } = runText(stage, 'vmalloc 4K fail=4');
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'free')).toHaveLength(1);
    expect(kinds.indexOf('free')).toBeLessThan(kinds.indexOf('return'));
  });
});

it('makes an allocation larger, and not anew for an alignment alone', () => {
  const body = `	char *p = vzalloc(PAGE_SIZE), *q;

	memset(p, 'x', 9);
	q = vrealloc_node_align(p, 3 * PAGE_SIZE, 2 * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO, 0);
	if (!q || q == p || memchr_inv(q, 'x', 9) || memchr_inv(q + 9, 0, PAGE_SIZE - 9) != NULL)
		return 1;
	if (memchr_inv(q, 'x', 10) != q + 9 || !IS_ALIGNED((unsigned long)q, 2 * PAGE_SIZE))
		return 2;
	return vrealloc_node_align(q, 8, PMD_SIZE, GFP_KERNEL, NUMA_NO_NODE) ? 3 : 0;`;
  expect(evaluate(body)).toBe(0);
});

describe('vmalloc() for those who may not sleep, or want high memory', () => {
  const run = (source: string, gfp = 'GFP_NOWAIT'): { kinds: string[]; notReached: string[] } => {
    const text = `#include <linux/vmalloc.h>\n${source}\n`;
    const stage = new Stage(link({ 'mm/vmalloc.c': text }));
    const { events, notReached } = runText(stage, `__vmalloc 4K gfp=${gfp}`);
    return { kinds: events.map(({ kind }) => kind), notReached: notReached.map(({ reason }) => reason) };
  };
  const serves = 'unsigned int memalloc_apply_gfp_scope(gfp_t gfp_mask)\n{\n\treturn 0;\n}';
  const asked = (before: string): string =>
    `void *__vmalloc_noprof(unsigned long size, gfp_t gfp_mask)\n{\n\t${before}\n\treturn NULL;\n}`;

  it('is called with preemption disabled', () => {
    const ifAllowed = asked('might_sleep_if(gfpflags_allow_blocking(gfp_mask));');
    expect(run(`${serves}\n${ifAllowed}`).kinds).not.toContain('warn');
    expect(run(`${serves}\n${asked('might_sleep();')}`).kinds).toContain('warn');
  });

  it('is not called where it may sleep all the same', () => {
    const { kinds, notReached } = run(asked('might_sleep();'));
    expect(kinds).not.toContain('operation');
    expect(notReached).toEqual(['__vmalloc() of this tree may sleep, whatever its mask says']);
  });

  it('is asked for high memory unless it warns of that', () => {
    expect(run(asked(''), 'GFP_HIGHUSER').kinds).toContain('operation');
    const { notReached } = run(
      `gfp_t vmalloc_fix_flags(gfp_t flags)\n{\n\treturn 0;\n}\n${asked('')}`,
      'GFP_HIGHUSER',
    );
    expect(notReached).toEqual(['__vmalloc() of this tree warns of __GFP_HIGHMEM']);
  });
});

it('calls vrealloc_node_align() where vrealloc() is a macro around it', () => {
  const stage = new Stage(
    link({
      'mm/vmalloc.c': `#include <linux/vmalloc.h>
void *vmalloc_noprof(unsigned long size)
{
	return __vmalloc_node_range(size, 1, VMALLOC_START, VMALLOC_END, GFP_KERNEL, PAGE_KERNEL, 0, NUMA_NO_NODE, NULL);
}
void *vrealloc_node_align_noprof(const void *p, size_t size, unsigned long align, gfp_t flags, int nid)
{
	return align == 1 && nid == NUMA_NO_NODE ? (void *)p : NULL;
}
`,
    }),
  );
  const { events, notReached } = runText(stage, 'vmalloc 4K; vrealloc #0 4K');
  expect(notReached.filter(({ operation }) => operation < 2)).toEqual([]);
  const called = events.find((event) => event.kind === 'operation' && event.operation === 1);
  expect(called).toMatchObject({ name: 'vrealloc_node_align' });
  expect(events.findLast((event) => event.kind === 'return' && event.operation === 1)).toMatchObject({
    error: 0,
  });
});

it('knows flags of areas that are enumerators, macros made or not', () => {
  const flags = `#define DECLARE_AREA_FLAG(name) VM_##name = BIT(VM_##name##_BIT)
enum { VM_IOREMAP_BIT, VM_ALLOC_BIT, VM_MAP_BIT, VM_USERMAP_BIT, VM_OTHER_BIT };
enum area_flags { DECLARE_AREA_FLAG(IOREMAP), VM_ALLOC = BIT(VM_ALLOC_BIT), DECLARE_AREA_FLAG(MAP), VM_NONE = 0 };
#define VM_USERMAP BIT(VM_USERMAP_BIT)
`;
  const stage = stageOf(arm64, (source) => {
    const header = source['include/linux/vmalloc.h']!;
    const plain = header.replaceAll(/^#define[ \t]+VM_(?:IOREMAP|ALLOC|MAP|USERMAP)[ \t].*\n/gm, '');
    const first = plain.indexOf('struct vm_struct {');
    return {
      ...source,
      'include/linux/vmalloc.h': `${plain.slice(0, first)}${flags}${plain.slice(first)}`,
    };
  });
  expect(stage.flagNames(0b1111)).toEqual(expect.arrayContaining(['VM_IOREMAP', 'VM_ALLOC', 'VM_MAP']));
  expect(stage.flagNames(2)).toEqual(['VM_ALLOC']);
  expect(stage.flagNames(8)).toEqual(['VM_USERMAP']);
  const { events } = runText(stage, 'vmap 4K');
  expect(events.find(({ kind }) => kind === 'area')).toMatchObject({ flagNames: ['VM_MAP'] });
});

describe('pages that are charged to a memory cgroup', () => {
  const counts = (count: string): readonly number[] => {
    const text = `#include <linux/vmalloc.h>
long asked(void)
{
	struct page *page = alloc_pages(GFP_KERNEL_ACCOUNT, 1);

	split_page(page, 1);
	${count}
	return 0;
}
`;
    const { events } = callOf(link({ 'mm/vmalloc.c': text }, 'asked'), 'asked');
    return events.flatMap((event) => (event.kind === 'counter' ? [event.value] : []));
  };
  const byPage =
    'mod_memcg_page_state(page + 1, MEMCG_VMALLOC, -1); mod_memcg_page_state(page, MEMCG_VMALLOC, -1);';

  it('may be counted together, by one of them, and taken off one by one', () => {
    expect(counts(`mod_memcg_page_state(page, MEMCG_VMALLOC, 2); ${byPage}`)).toEqual([2, 1, 0]);
  });

  it('do not come to 0 where one was not counted', () => {
    expect(counts(`mod_memcg_page_state(page, MEMCG_VMALLOC, 1); ${byPage}`)).toEqual([1, 0, -1]);
  });
});
