// SPDX-License-Identifier: GPL-2.0-only
// Compiles src/ into dist/ when dist/ is missing or was made from other sources. dist/ is replaced as a whole, so a
// command that runs meanwhile sees the old program or the new one.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { root, sayProgress, withSetupLock } from './setup-lock.mjs';

const dist = join(root, 'dist');
const STAMP = '.built-from';

/** Makes dist/ the compilation of src/. Ends the process with status 3, dist/ untouched, when src/ does not compile. */
export function ensureBuilt() {
  if (isFresh(sourceStamp()) || withSetupLock(build)) return;
  process.stderr.write('rewalk: the sources do not compile, see above\n');
  process.exit(3);
}

function build() {
  const stamp = sourceStamp();
  if (isFresh(stamp)) return true;
  sayProgress('building');
  const next = join(root, `dist.next.${process.pid}`);
  try {
    if (!compile(next)) return false;
    writeFileSync(join(next, STAMP), stamp);
    replaceDist(next);
    return true;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** @param {string} outDir */
function compile(outDir) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const buildInfo = join(outDir, '.tsbuildinfo');
  const flags = ['-p', join(root, 'tsconfig.build.json'), '--outDir', outDir, '--tsBuildInfoFile', buildInfo];
  return spawnSync(process.execPath, [tsc, ...flags], { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}

/** @param {string} next */
function replaceDist(next) {
  const old = join(root, `dist.old.${process.pid}`);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(next, dist);
  rmSync(old, { recursive: true, force: true });
}

/** @param {string} stamp */
function isFresh(stamp) {
  try {
    return readFileSync(join(dist, STAMP), 'utf8') === stamp;
  } catch {
    return false;
  }
}

/** Names, sizes and times of everything that the compilation reads: content would cost more than it tells. */
function sourceStamp() {
  const hash = createHash('sha256');
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => /\.[cm]?tsx?$|\.json$/.test(name)).map((name) => join('src', name));
  for (const file of [...files.toSorted(), 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json']) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
