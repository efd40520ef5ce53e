// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { cachedKernel } from '../../src/ingest/kernel-cache.ts';
import { openDirectoryTree } from '../../src/ingest/source-tree.ts';
import { judge } from '../../src/invariants/judge.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { relevantSource } from '../../src/review-states.ts';
import { violationsOf } from '../../src/run/judged-scenario.ts';
import { linkTree } from '../../src/run/link-tree.ts';
import { setMemoryScenarios } from '../../src/run/packs/set-memory.ts';
import { shapesOf } from '../../src/run/packs/shapes.ts';
import { runScenario } from '../../src/run/session.ts';
import { Stage } from '../../src/run/stage.ts';
import { replaceOnce } from '../run/run-text.ts';

const machine = machineNamed('x86_64-4level')!;
const tree = cachedKernel('6.12');
const FILE = 'arch/x86/mm/pat/set_memory.c';

/** Promises other than costs that the set-memory scenarios break on Linux 6.12 with a change. */
function brokenBy(from: string, to: string): readonly string[] {
  const opened = openDirectoryTree(tree ?? 'a cache without Linux 6.12');
  const source = replaceOnce(relevantSource(opened.value!, machine), FILE, from, to);
  const stage = new Stage(linkTree({ machine, source, mode: 'from-tree' }));
  const broken = setMemoryScenarios(shapesOf(machine)).flatMap((scenario) => {
    const { events } = runScenario(stage, scenario);
    return violationsOf(judge({ machine, events })).filter(({ severity }) => severity !== 'cost');
  });
  return [...new Set(broken.map(({ invariant }) => invariant))];
}

// Where CI is set the kernel must have been fetched; elsewhere the test says that it is skipped.
describe.skipIf(tree === undefined && process.env['CI'] === undefined)(
  'a change to set_memory.c of x86 in Linux 6.12 is run',
  () => {
    it.each([
      ['a condition the other way round is fine', 'address != lpaddr', 'lpaddr != address', []],
      ['no flush where rights are taken', 'cpa->flags |= CPA_FLUSHTLB', 'cpa->flags |= 0', ['flush/tlb']],
      [
        'no split where only the end of a large page is left out',
        'address != lpaddr || cpa->numpages != numpages',
        'address != lpaddr',
        ['split/set_memory'],
      ],
    ])('%s', (_what, from, to, expected) => {
      expect(brokenBy(from, to)).toEqual(expected);
    });
  },
);
