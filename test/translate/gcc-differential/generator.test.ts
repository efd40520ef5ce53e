// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gccResults, lacksGcc } from './gcc.ts';
import { cPrograms } from './program.ts';

const SEED = 20080;

describe.skipIf(lacksGcc())('the generated C programs', () => {
  it('mean one thing: gcc agrees with itself at every level, and its sanitizers see nothing', () => {
    const programs = fc.sample(cPrograms(), { numRuns: 100, seed: SEED });
    const results = gccResults(programs);
    expect(results).toHaveLength(programs.length);
    expect(gccResults(programs, ['-O2', '-w'])).toEqual(results);
    const sanitizers = '-fsanitize=address,undefined';
    const strict = [
      '-O0',
      '-Werror=sequence-point',
      sanitizers,
      '-fno-sanitize=shift-base',
      '-fno-sanitize-recover=all',
    ];
    expect(gccResults(programs, strict)).toEqual(results);
  });

  it('differ: a checksum tells most of them apart', () => {
    const programs = fc.sample(cPrograms(), { numRuns: 100, seed: SEED + 1 });
    expect(new Set(gccResults(programs)).size).toBeGreaterThan(70);
  });
});
