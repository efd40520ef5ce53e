// SPDX-License-Identifier: GPL-2.0-only
// The page-table walkers of a tree's C as a program of the host, by gcc.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const WALKERS = 'mm/vmalloc.c';
const HUGE_ENTRIES = 'arch/arm64/mm/hugetlbpage.c';
/** Where the tree's own headers are, and which of them it supplies itself. */
const INCLUDES = { 'linux/vmalloc.h': 'include', 'asm/vmalloc.h': 'arch/arm64/include' };

/** As the kernel is built; what main.c and the accessors lack is thrown away by the linker with its callers. */
const DIALECT = ['-std=gnu11', '-fno-strict-aliasing', '-ffunction-sections', '-fdata-sections'];

/** Is there a gcc? */
export function hasGcc() {
  return spawnSync('gcc', ['--version']).status === 0;
}

/**
 * Compiles the walkers; returns the path of the program (usage: main.c). Throws with gcc's words where it does not compile.
 *
 * @param {object} request
 * @param {string} request.directory where all is written to
 * @param {string} request.tree a kernel tree
 * @param {string} request.headers C declarations of all that the tree's files use and do not define
 * @param {Readonly<Record<string, string | number | boolean>>} request.config CONFIG_ names
 * @param {readonly string[]} request.flags for the compiler, beside the dialect
 */
export function buildWalkers({ directory, tree, headers, config, flags }) {
  writeFileSync(
    join(directory, 'model.h'),
    `typedef struct { unsigned long long bits; } __descriptor;\n${headers}`,
  );
  const treeFiles = [
    WALKERS,
    HUGE_ENTRIES,
    ...Object.entries(INCLUDES).map(([name, under]) => `${under}/${name}`),
  ];
  for (const path of treeFiles) writeEmptyHeaders(directory, readFileSync(join(tree, path), 'utf8'));
  const walkers = [
    ...['-w', '-fno-builtin', '-nostdinc', '-include', join(directory, 'model.h'), '-I', directory],
    ...Object.values(INCLUDES).flatMap((under) => ['-I', join(tree, under)]),
    ...Object.entries(config).flatMap(([name, value]) =>
      value === false ? [] : [`-D${name}=${Number(value)}`],
    ),
    `-DTREE_VMALLOC="${join(tree, WALKERS)}"`,
    `-DTREE_HUGETLBPAGE="${join(tree, HUGE_ENTRIES)}"`,
  ];
  const program = join(directory, 'walkers');
  gcc([...DIALECT, ...flags, ...walkers, '-c', join(here, 'walkers.c'), '-o', join(directory, 'walkers.o')]);
  gcc([
    ...[...DIALECT, ...flags, '-Wall', '-Wextra', '-Werror', join(here, 'main.c')],
    ...[join(directory, 'walkers.o'), '-Wl,--gc-sections', '-o', program],
  ]);
  return program;
}

/** The model's headers say all; what a file includes beside the tree's own is empty. */
function writeEmptyHeaders(directory, text) {
  for (const [, name] of text.matchAll(/^#include ["<]([\w/.-]+)[">]/gm)) {
    if (name in INCLUDES || name.split('/').includes('..')) continue;
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), '');
  }
}

/** @param {readonly string[]} args */
function gcc(args) {
  const { status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
