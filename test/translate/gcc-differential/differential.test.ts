// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runAllTranslated, runTranslated } from '../standalone.ts';
import { gccResults, lacksGcc } from './gcc.ts';
import type { CProgram } from './program.ts';
import { PRELUDE, RESULT, cPrograms, renderProgram } from './program.ts';

const BATCH = 100;
const SEEDS = Array.from({ length: 20 }, (_, index) => 1000 + index);

/** The result, or why there is none. */
function translatedResult(program: CProgram): bigint | string {
  try {
    return runTranslated(PRELUDE + renderProgram(program, ''), RESULT.replace('@', ''));
  } catch (error) {
    return String(error);
  }
}

/** The results of programs that are one file, as they are for gcc; where that cannot be linked, of each by itself. */
function translatedResults(programs: readonly CProgram[]): (bigint | string)[] {
  const text = PRELUDE + programs.map((program, index) => renderProgram(program, `_${index}`)).join('');
  try {
    return runAllTranslated(
      text,
      programs.map((_, index) => RESULT.replace('@', `_${index}`)),
    );
  } catch {
    return programs.map(translatedResult);
  }
}

/** The smallest program found near the one that fails, as C to look at. */
function explainDifference(seed: number, index: number): string {
  const property = fc.property(
    cPrograms(),
    (program) => translatedResult(program) === gccResults([program])[0],
  );
  const limit = { interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false };
  const { counterexample } = fc.check(property, { seed, path: String(index), ...limit });
  const program = counterexample?.[0] ?? fc.sample(cPrograms(), { seed, numRuns: index + 1 })[index];
  if (program === undefined) return '';
  const [expected] = gccResults([program]);
  return [
    `seed ${seed}, program ${index}: gcc says ${expected}, the translation ${translatedResult(program)}`,
    renderProgram(program, ''),
  ].join('\n');
}

describe.skipIf(lacksGcc())('gcc and the translation', () => {
  it.each(SEEDS)(`agree on ${BATCH} generated programs (seed %i)`, (seed) => {
    const programs = fc.sample(cPrograms(), { seed, numRuns: BATCH });
    const expected = gccResults(programs);
    const translated = translatedResults(programs);
    const differing = translated.findIndex((result, index) => result !== expected[index]);
    expect(differing === -1 ? '' : explainDifference(seed, differing)).toBe('');
  });
});
