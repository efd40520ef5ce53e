// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import type { SourceText } from '../../src/run/link-tree.ts';
import { relevantPaths } from '../../src/run/source.ts';
import type { Machine } from '../../src/trace/machine.ts';

const EMBEDDED_TREE = new URL('../../fixtures/linux/', import.meta.url);

/** The files of the embedded kernel tree that a machine runs. */
export function embeddedSource(machine: Machine): SourceText {
  const source: Record<string, string> = {};
  for (const path of relevantPaths(machine)) {
    try {
      source[path] = readFileSync(new URL(path, EMBEDDED_TREE), 'utf8');
    } catch {
      // The tree does not have it: the model stands in.
    }
  }
  return source;
}
