// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/invariants/judge.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { runJob } from '../../src/run/job.ts';
import type { SourceText } from '../../src/run/link-tree.ts';
import { embeddedSource } from './fixture-tree.ts';
import { replaceOnce } from './run-text.ts';

const base = embeddedSource(machineNamed('arm64-4k')!);

/** vfree() with something else in place of the kfree() of the area's struct. */
function keeping(variable: string, keep: string): SourceText {
  const freed = '\tkvfree(area->pages);\n\tkfree(area);\n}\nEXPORT_SYMBOL(vfree);';
  const kept = `\tkvfree(area->pages);\n\t${keep}\n}\nEXPORT_SYMBOL(vfree);`;
  const source = replaceOnce(base, 'mm/vmalloc.c', freed, kept);
  const head = 'void vfree(const void *addr)\n{';
  return replaceOnce(source, 'mm/vmalloc.c', head, `${variable}\n\n${head}`);
}

function broken(source: SourceText): readonly string[] {
  const only = [
    'vmalloc 4K; vfree #0',
    'vmalloc 4K; vmalloc 4K; vfree #0; vfree #1',
    'vmalloc 8K fail=6+',
    'vmalloc 8K; vfree #0; vmap 4K',
  ];
  const request = { machine: 'arm64-4k', source, before: base, mode: 'patched', seed: 1, only } as const;
  return runJob(request, judge).violations.map(({ invariant, scenario }) => `${invariant}: ${scenario}`);
}

describe('what a patch keeps for later', () => {
  it('in a variable that it brings is not lost', () => {
    const keep = 'kfree(spare_area);\n\tspare_area = area;';
    expect(broken(keeping('static struct vm_struct *spare_area;', keep))).toEqual([]);
  });

  it('still has pages of its last owner where nobody clears it', () => {
    const keep = 'kfree(spare_area);\n\tspare_area = area;';
    const source = keeping('', keep);
    const taking = '\tvm = kzalloc_node(sizeof(*vm), gfp_mask & GFP_RECLAIM_MASK, node);\n';
    const spare = '\tvm = spare_area;\n\tspare_area = NULL;\n\tif (!vm)\n\t';
    const reusing = replaceOnce(source, 'mm/vmalloc.c', taking, `${spare}${taking}`);
    const head = 'static struct vm_struct *__get_vm_area_node(';
    const whole = replaceOnce(
      reusing,
      'mm/vmalloc.c',
      head,
      `static struct vm_struct *spare_area;\n\n${head}`,
    );
    expect(broken(whole)).toEqual([expect.stringMatching(/^area\/record: vmalloc 4K; vfree #0; vmap 4K$/)]);
  });

  it('in a list is lost, but for the one that the variable points to', () => {
    const keep = 'area->next = old_areas;\n\told_areas = area;';
    expect(broken(keeping('static struct vm_struct *old_areas;', keep))).toEqual([
      'leak: vmalloc 4K; vmalloc 4K; vfree #0; vfree #1',
    ]);
  });

  it('nowhere is lost', () => {
    expect(broken(keeping('', 'area->flags = 0;'))).toContainEqual(expect.stringMatching(/^leak: /));
  });
});
