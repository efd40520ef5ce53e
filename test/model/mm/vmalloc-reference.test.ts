// SPDX-License-Identifier: GPL-2.0-only
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cachedKernel } from '../../../src/ingest/kernel-cache.ts';
import { machines } from '../../../src/model/machines/machine-list.ts';
import type { LinkedKernel } from '../../../src/run/link.ts';
import type { SourceText } from '../../../src/run/link-tree.ts';
import { relevantPaths, treeHeaders } from '../../../src/run/source.ts';
import type { Machine } from '../../../src/trace/machine.ts';
import { embeddedSource } from '../../run/fixture-tree.ts';
import { everything, linkForSequences, runSequence, type Operation } from './operation-sequences.ts';

/** The first operation that two kernels do differently, with what led to it. */
function firstDifference(
  left: LinkedKernel,
  right: LinkedKernel,
  seed: number,
  operations: readonly Operation[],
) {
  const [one, other] = [left, right].map((linked) => runSequence(linked, seed, 8, operations));
  const at = one!.findIndex((step, i) => step.some((part, j) => part !== other![i]![j]));
  if (at < 0) return undefined;
  return { seed, before: one!.slice(0, at).map(([call]) => call), one: one![at], other: other![at] };
}

function expectAgreement(
  left: LinkedKernel,
  right: LinkedKernel,
  count: number,
  operations: readonly Operation[],
) {
  for (let seed = 1; seed <= count; seed++) {
    expect(firstDifference(left, right, seed, operations)).toBeUndefined();
  }
}

function readTree(root: string, paths: Iterable<string>): SourceText {
  const present = [...paths].filter((path) => existsSync(join(root, path)));
  return Object.fromEntries(present.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Machines that differ only in what they split live run the same code. */
const different = machines.filter((machine) => machine.arch !== 'arm64' || !machine.splitsLive);

describe.each(different.map((machine) => [machine.name, machine] as const))(
  'on %s',
  (_name, machine: Machine) => {
    test('the embedded tree does the same translated in whole and with the model for all that the linker allows', () => {
      const source = embeddedSource(machine);
      const operations = everything.filter((name) => name !== 'vm_map_ram' && name !== 'vrealloc');
      const partly = linkForSequences(machine, source, 'patched');
      const whole = linkForSequences(machine, source, 'from-tree');
      expectAgreement(partly, whole, machine === different[0] ? 150 : 60, operations);
    }, 60_000);

    const tree = cachedKernel('6.12');

    // Where CI is set the kernels must have been fetched; elsewhere the test says that it is skipped.
    test.skipIf(tree === undefined && process.env['CI'] === undefined)(
      'the model does what Linux 6.12 does, walk by walk and write by write, when allocations fail too',
      () => {
        const root = tree ?? '';
        // What an architecture can map is a matter of the kernel's version: both take it from the tree's headers.
        const model = linkForSequences(machine, readTree(root, treeHeaders(machine).values()), 'from-tree');
        const linux = linkForSequences(machine, readTree(root, relevantPaths(machine)), 'from-tree');
        expect(model.bindings.all.some(({ binding }) => binding.name === 'alloc_vmap_area')).toBe(true);
        expectAgreement(model, linux, machine === different[0] ? 1000 : 150, everything);
      },
      180_000,
    );
  },
);
