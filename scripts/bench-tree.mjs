// SPDX-License-Identifier: GPL-2.0-only
// `npm run bench -- tree`: how long a series for a real kernel takes, in a git repository, where headers and other C files are
// searched for what the C that is run needs. The patches change nothing that behaves.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../bin/rewalk.js', import.meta.url));
const FILE = 'mm/vmalloc.c';
const PATCHES = 8;
const RUNS = 3;

/** Prints what reviews of one patch and of several take. */
export async function benchTree() {
  const { cachedKernel } = await import('../dist/ingest/kernel-cache.js');
  const kernel = cachedKernel('6.12');
  if (kernel === undefined) {
    process.stderr.write('bench tree: Linux 6.12 is not in the cache; `npm run kernel` fetches it\n');
    process.exitCode = 2;
    return;
  }
  const repository = mkdtempSync(join(tmpdir(), 'rewalk-tree-'));
  try {
    makeSeries(kernel, repository);
    for (const patches of [1, PATCHES]) {
      const seconds = Array.from({ length: RUNS }, () => timeReview(repository, patches));
      const fastest = Math.min(...seconds).toFixed(1);
      process.stdout.write(`a series of ${patches} for 6.12 in git: ${fastest} s (best of ${RUNS})\n`);
    }
  } finally {
    rmSync(repository, { recursive: true });
  }
}

function makeSeries(kernel, repository) {
  cpSync(kernel, repository, { recursive: true });
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], {
      cwd: repository,
    });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'the tree');
  git('tag', 'base');
  let text = readFileSync(join(repository, FILE), 'utf8');
  const functions = [...text.matchAll(/^(?:static )?(?:int|void|bool) (\w+)\([^;{}]*\)\n\{\n/gm)];
  for (let patch = 1; patch <= PATCHES; patch++) {
    const [head, name] = functions[Math.floor((functions.length * patch) / (PATCHES + 1))];
    text = text.replace(head, `${head}\t(void)0;\n`);
    writeFileSync(join(repository, FILE), text);
    git('commit', '--quiet', '--all', '--message', `touch ${name}()`);
    git('tag', `patch-${patch}`);
  }
}

function timeReview(repository, patches) {
  const started = performance.now();
  const args = [COMMAND, 'review', `base..patch-${patches}`, '--machine', 'arm64-4k', '--json', '--no-cache'];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`the review ended with status ${status}: ${stderr}`);
  return (performance.now() - started) / 1000;
}
