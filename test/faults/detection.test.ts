// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { detectFaults } from '../../src/detection.ts';
import { isHarmless, type FaultScript } from '../../src/fault-script.ts';
import { openTree } from '../../src/ingest/source-tree.ts';
import { arm64With4k } from '../../src/model/machines/arm64-4k.ts';
import { syntheticVivt } from '../../src/model/machines/synthetic-vivt.ts';
import { x86_64With5Levels } from '../../src/model/machines/x86_64-5level.ts';
import { poolRunner } from '../../src/review-pool.ts';
import { faultScripts } from './fault-scripts.ts';

/** All of them are for `npm run detect`; these change with the seed alone. */
const SEED = 12;
const FAULTS = 10;
const REWRITES = 4;

function draw(scripts: readonly FaultScript[], count: number): readonly FaultScript[] {
  const prng = new Prng(SEED);
  const left = [...scripts];
  return Array.from({ length: count }, () => left.splice(prng.below(left.length), 1)[0]!);
}

describe('a review of the embedded tree', () => {
  const scripts = faultScripts().filter(({ steps }) => steps.embedded !== undefined);
  const expected = scripts.filter(({ missed }) => missed?.embedded === undefined);
  const sample = [
    ...draw(
      expected.filter((script) => !isHarmless(script)),
      FAULTS,
    ),
    ...draw(expected.filter(isHarmless), REWRITES),
  ];

  it('finds faults and keeps quiet about harmless rewrites', async () => {
    const base = openTree('fixtures/linux').value!;
    // The second shows what is owed to page tables of other processes, the third has all levels.
    const machines = [arm64With4k, syntheticVivt, x86_64With5Levels];
    const request = { scripts: sample, on: 'embedded', base, machines, seed: 1, mode: 'from-tree' } as const;
    const pool = poolRunner(1, () => {});
    const detections = await detectFaults(request, pool);

    expect(detections.map(({ name }) => name)).toEqual(sample.map(({ name }) => name));
    expect(detections.filter(({ refused }) => refused !== undefined)).toEqual([]);
    const wrong = detections.filter(({ harmless, findings }) => harmless === findings.length > 0);
    expect(wrong).toEqual([]);
  });

  it('says of the tree before a patch what is true of all of it, where the model stands in for the rest', async () => {
    const base = openTree('fixtures/linux').value!;
    const rewrites = sample.slice(-REWRITES);
    const request = {
      scripts: rewrites,
      on: 'embedded',
      base,
      machines: [arm64With4k],
      seed: 1,
      mode: 'patched',
    } as const;
    const detections = await detectFaults(
      request,
      poolRunner(1, () => {}),
    );
    expect(detections.flatMap(({ findings, ofStandIns }) => [...findings, ...ofStandIns])).toEqual([]);
  });
});
