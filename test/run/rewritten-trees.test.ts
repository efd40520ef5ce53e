// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { judge } from '../../src/invariants/judge.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree, type SourceText } from '../../src/run/link-tree.ts';
import { Stage } from '../../src/run/stage.ts';
import { embeddedSource } from './fixture-tree.ts';
import { replaceOnce, runText } from './run-text.ts';

// What series do to a tree that is right, and must not look wrong.

const arm64 = machineNamed('arm64-4k')!;
const VMALLOC = 'mm/vmalloc.c';
const before = embeddedSource(arm64);

/** Promises that a scenario breaks on the embedded tree behind a patch. */
function brokenBy(source: SourceText, scenario: string): readonly string[] {
  const stage = new Stage(linkTree({ machine: arm64, source, before, mode: 'from-tree' }));
  const { events, end } = runText(stage, scenario);
  expect(end).toEqual({ kind: 'completed' });
  return [...judge({ machine: arm64, events })].flatMap(([id, { violations }]) =>
    violations.length > 0 ? [id] : [],
  );
}

it('a flag of areas may get another name', () => {
  const rename = (text: string): string => text.replaceAll('VM_ALLOW_HUGE_VMAP', 'VM_HUGE_LEAVES');
  const renamed = Object.fromEntries(Object.entries(before).map(([path, text]) => [path, rename(text)]));
  expect(brokenBy(renamed, 'vmalloc_huge 2M; vfree #0')).toEqual([]);
  // The same flag, asked for by its old name.
  expect(brokenBy(renamed, 'vmap 4K flags=VM_MAP|VM_ALLOW_HUGE_VMAP; vunmap #0')).toEqual([]);
});

it('an area that grew another flag in the place of one that is still there is no renamed one', () => {
  const more = replaceOnce(
    before,
    'include/linux/vmalloc.h',
    '#define VM_ALLOW_HUGE_VMAP\t0x00000400',
    '#define VM_SECOND\t0x00000400\n#define VM_ALLOW_HUGE_VMAP\t0x00800000',
  );
  expect(brokenBy(more, 'vmalloc_huge 2M; vfree #0')).toEqual([]);
});

it('what is freed after a grace period is no leak', () => {
  const later = replaceOnce(before, VMALLOC, 'kvfree(area->pages);', 'kvfree_rcu_mightsleep(area->pages);');
  expect(brokenBy(later, 'vmalloc 4K; vfree #0')).toEqual([]);
  const never = replaceOnce(before, VMALLOC, 'kvfree(area->pages);', '');
  expect(brokenBy(never, 'vmalloc 4K; vfree #0')).toEqual(['leak']);
});

it('memory that was made smaller keeps what its owner still has', () => {
  const shrink = `${before[VMALLOC]}
void *vrealloc_noprof(const void *p, size_t size, gfp_t flags)
{
	struct vm_struct *area = find_vm_area(p);
	unsigned int keep = size >> PAGE_SHIFT;
	void *bigger;

	if (keep <= area->nr_pages) {
		vunmap_range((unsigned long)p + size, (unsigned long)p + (area->nr_pages << PAGE_SHIFT));
		while (area->nr_pages > keep)
			__free_page(area->pages[--area->nr_pages]);
		area->requested_size = size;
		return (void *)p;
	}
	bigger = vmalloc_noprof(size);
	memcpy(bigger, p, COPIED);
	vfree(p);
	return bigger;
}
`;
  const copying = (bytes: string): SourceText => ({ ...before, [VMALLOC]: shrink.replace('COPIED', bytes) });
  const scenario = 'vmalloc 12K; vrealloc #0 8K; vrealloc #1 12K; vfree #2';
  expect(brokenBy(copying('area->nr_pages << PAGE_SHIFT'), scenario)).toEqual([]);
  expect(brokenBy(copying('PAGE_SIZE'), scenario)).toEqual(['mem/asked']);
});
