// SPDX-License-Identifier: GPL-2.0-only
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CProgram } from './program.ts';
import { PRELUDE, RESULT, renderProgram } from './program.ts';

/** The meaning of C that the kernel is built with. */
const DIALECT = ['-std=gnu11', '-fwrapv', '-fno-strict-aliasing', '-fno-delete-null-pointer-checks'];

/**
 * What gcc says each program's result is. One compilation serves the whole batch.
 *
 * @param flags - beside the dialect, for example an optimisation level.
 */
export function gccResults(
  programs: readonly CProgram[],
  flags: readonly string[] = ['-O0', '-w'],
): bigint[] {
  const results = programs.map((_, index) => RESULT.replace('@', `_${index}`));
  const source = [
    '#include <stdio.h>',
    '#undef NULL',
    PRELUDE,
    ...programs.map((program, index) => renderProgram(program, `_${index}`)),
    'int main(void)',
    '{',
    ...results.map((result) => `\tprintf("%lld\\n", ${result}());`),
    '\treturn 0;',
    '}',
    '',
  ].join('\n');
  return run(source, flags);
}

/** What each of the functions `long long NAME(void)` of a file returns. */
export function gccReturns(text: string, names: readonly string[]): bigint[] {
  const prints = names.map((name) => `\tprintf("%lld\\n", ${name}());`);
  const source = [
    '#include <stdio.h>',
    '#undef NULL',
    text,
    'int main(void)',
    '{',
    ...prints,
    '\treturn 0;',
    '}',
    '',
  ];
  return run(source.join('\n'), ['-O0', '-w']);
}

function run(source: string, flags: readonly string[]): bigint[] {
  const directory = mkdtempSync(join(tmpdir(), 'rewalk-gcc-'));
  try {
    writeFileSync(join(directory, 'batch.c'), source);
    execFileSync('gcc', [...DIALECT, ...flags, '-o', 'batch', 'batch.c'], { cwd: directory, stdio: 'pipe' });
    const output = execFileSync(join(directory, 'batch'), { encoding: 'utf8', cwd: directory });
    return output.trimEnd().split('\n').map(BigInt);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** True where gcc is missing and may be; said loudly, because then nothing vouches for the translation. */
export function lacksGcc(): boolean {
  if (spawnSync('gcc', ['--version']).status === 0 || process.env['CI'] !== undefined) return false;
  process.stderr.write('gcc is not installed: what C means is NOT compared with it here\n');
  return true;
}
