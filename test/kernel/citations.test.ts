// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCitations, findDrift } from '../../src/drift.ts';
import { cachedKernel } from '../../src/ingest/kernel-cache.ts';
import { openDirectoryTree } from '../../src/ingest/source-tree.ts';

const model = 'src/model';
const tree = cachedKernel('6.12');

const texts = readdirSync(model, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(model, file), 'utf8') }));
const citations = texts.flatMap(({ file, text }) => findCitations(file, text));

describe('what the functions of the model cite', () => {
  it('is a path and a symbol', () => {
    const tags = texts.flatMap(({ text }) => text.match(/@kernel/g) ?? []);
    expect(citations.length).toBe(tags.length);
  });

  // Where CI is set the kernel must have been fetched; elsewhere the test says that it is skipped.
  it.skipIf(tree === undefined && process.env['CI'] === undefined)(
    'is where Linux 6.12 has it, unless it is marked as newer or older',
    () => {
      const pinned = openDirectoryTree(tree ?? 'a cache without Linux 6.12').value!;
      const drifts = findDrift(citations, pinned, pinned);
      const wrong = drifts.filter(({ what }, index) => (what === 'same') === citations[index]!.isElsewhen);
      expect(wrong).toEqual([]);
    },
  );
});
