// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { linkTree, type SourceText } from '../../src/run/link-tree.ts';
import { Stage } from '../../src/run/stage.ts';
import { embeddedSource } from './fixture-tree.ts';
import { replaceOnce, runText } from './run-text.ts';

const arm64 = machineNamed('arm64-4k')!;
const HEADER = 'include/linux/vmalloc.h';

/** The embedded tree, whose `struct vmap_area` has another name: as a tree that was before there was one. */
function withoutVmapArea(): SourceText {
  return Object.fromEntries(
    Object.entries(embeddedSource(arm64)).map(([path, text]) => [
      path,
      text.replaceAll('vmap_area', 'range_of_vmap'),
    ]),
  );
}

const sizeIn = (source: SourceText): number => {
  const stage = new Stage(linkTree({ machine: arm64, source, mode: 'from-tree' }));
  return stage.kernel.sizeof('vmap_area');
};

it('boots a tree that knows no struct vmap_area: the model keeps to its own', () => {
  const stage = new Stage(linkTree({ machine: arm64, source: withoutVmapArea(), mode: 'from-tree' }));
  expect(runText(stage, 'vmap 4K; vunmap #0').end).toEqual({ kind: 'completed' });
});

it('does not take a struct from a tree that was linked before', () => {
  const alone = sizeIn(withoutVmapArea());
  const larger = replaceOnce(
    embeddedSource(arm64),
    HEADER,
    'struct vmap_area {',
    'struct vmap_area {\n\tlong more[8];',
  );
  expect(sizeIn(larger)).toBe(sizeIn(embeddedSource(arm64)) + 64);
  expect(sizeIn(withoutVmapArea())).toBe(alone);
});
