// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { MemoryTree, OverlayTree } from '../../src/ingest/source-tree.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import type { BuiltVersion } from '../../src/review-input.ts';
import { missingPrototypes } from '../../src/review-prototypes.ts';

const arm64 = machineNamed('arm64-4k')!;
const FILE = 'mm/vmalloc.c';

/** What is said of a patch that leaves the file like this; before it, `vb_free()` is static. */
function saidOf(text: string, headers: Readonly<Record<string, string>> = {}): readonly string[] {
  const files = new Map([
    [FILE, '#include <linux/mm.h>\n\nstatic void vb_free(void)\n{\n}\n'],
    ['include/linux/mm.h', '#include <linux/vb.h>\n'],
    ...Object.entries(headers),
  ]);
  const base = new MemoryTree('base', files);
  const tree = new OverlayTree('after', base, new Map([[FILE, `#include <linux/mm.h>\n\n${text}`]]));
  const patches = [{ index: 1, files: [{ newPath: FILE }] }];
  const built = { version: { label: 'v1', patches }, prefixes: [{ patch: 1, tree }] };
  return missingPrototypes({ base, versions: [built as unknown as BuiltVersion] }, [arm64]).map(
    ({ message }) => message,
  );
}

describe('a function that a patch makes visible', () => {
  it('is told where nothing declares it', () => {
    expect(saidOf('void vb_free(void)\n{\n}\n')).toEqual([
      expect.stringContaining('`vb_free()` is not static'),
    ]);
  });

  it('is not told where a header that the file includes may declare it, or the file itself does', () => {
    expect(saidOf('void vb_free(void)\n{\n}\n', { 'include/linux/vb.h': 'void vb_free(void);\n' })).toEqual(
      [],
    );
    const above = { 'lib/vb.h': 'void vb_free(void);\n' };
    expect(saidOf('#include "../lib/vb.h"\nvoid vb_free(void)\n{\n}\n', above)).toEqual([]);
    expect(saidOf('#include "../../lib/vb.h"\nvoid vb_free(void)\n{\n}\n', above)).toHaveLength(1);
    expect(saidOf('void vb_free(void);\nvoid vb_free(void)\n{\n}\n')).toEqual([]);
  });

  it('is not told where it is of the file alone, or where a header has so much as its name', () => {
    expect(saidOf('static int vb_alloc(void)\n{\n\treturn 0;\n}\n')).toEqual([]);
    expect(saidOf('void vb_free(void)\n{\n\tvb_alloc();\n}\n', { 'include/linux/mm.h': 'vb_free' })).toEqual(
      [],
    );
  });
});
