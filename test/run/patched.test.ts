// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree, type SourceText } from '../../src/run/link-tree.ts';
import { embeddedSource } from './fixture-tree.ts';
import { replaceOnce } from './run-text.ts';

const machine = machineNamed('arm64-4k')!;
const before = embeddedSource(machine);

function boundAs(source: SourceText, wanted: string): string[] {
  const { bindings } = linkTree({ machine, source, before, mode: 'patched' });
  return bindings.all.flatMap(({ binding: { name, origin } }) => (origin === wanted ? [name] : []));
}

it('a changed helper is run though only helpers that the model lacks lead to it', () => {
  const call = 'flush_tlb_kernel_range(start, start + size);';
  const source = replaceOnce(
    before,
    'arch/arm64/mm/pageattr.c',
    call,
    call.replace('size', 'size - PAGE_SIZE'),
  );
  expect(boundAs(source, 'patched')).toEqual(['__change_memory_common']);
  expect(boundAs(source, 'widened')).toContain('set_memory_ro');
});

it('a macro that counts its uses does not change the functions behind a new use', () => {
  const source = replaceOnce(
    before,
    'mm/vmalloc.c',
    '\tflush_cache_vunmap(addr, end);\n',
    '\tflush_cache_vunmap(min(addr, end), max(addr, end));\n',
  );
  expect(boundAs(source, 'patched')).toEqual(['vunmap_range']);
});
