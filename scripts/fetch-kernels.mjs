// SPDX-License-Identifier: GPL-2.0-only
// `npm run kernel`: puts the parts of Debian's kernel sources that rewalk reads into the cache directory, each tree as
// a whole or not at all. A tree that is there already is left alone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const VERSIONS = ['6.1', '6.12'];
const WANTED = ['Makefile', 'mm', 'include', 'lib', 'kernel', 'arch/arm64', 'arch/x86', 'arch/riscv'];

/** Keep in step with src/ingest/kernel-cache.ts: this script must run before anything is built. */
function cacheDirectory() {
  const { REWALK_CACHE, XDG_CACHE_HOME } = process.env;
  return REWALK_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'rewalk');
}

/** A reason why the kernels cannot be fetched, in one sentence. */
class CannotFetch extends Error {}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, otherwise: string }} options - `otherwise`: what it means when the command fails.
 */
function run(command, args, { cwd, otherwise }) {
  const { status, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return;
  const reason = (stderr ?? error?.message ?? '').trim().split('\n').at(-1) ?? '';
  throw new CannotFetch(reason === '' ? otherwise : `${otherwise} (${reason})`);
}

/**
 * Downloads a Debian package, with fresh package lists when the present ones are missing or name a version that is gone.
 * @param {string} name
 * @param {string} directory
 */
function download(name, directory) {
  const otherwise = `apt-get cannot download \`${name}\`: is the Debian mirror reachable?`;
  try {
    run('apt-get', ['download', '-q', name], { cwd: directory, otherwise });
  } catch (error) {
    if (!(error instanceof CannotFetch)) throw error;
    run('apt-get', ['update', '-q'], {
      otherwise: 'apt-get cannot update its package lists: is the Debian mirror reachable?',
    });
    run('apt-get', ['download', '-q', name], { cwd: directory, otherwise });
  }
  const file = readdirSync(directory).find((entry) => entry.endsWith('.deb'));
  if (file === undefined) throw new CannotFetch(`apt-get reported success but left no \`${name}\` package`);
  return join(directory, file);
}

/**
 * @param {string} version
 * @param {string} cache
 */
function fetchKernel(version, cache) {
  const tree = join(cache, `linux-${version}`);
  if (existsSync(join(tree, 'mm/vmalloc.c'))) {
    process.stdout.write(`linux-${version}: already in ${tree}\n`);
    return;
  }
  const name = `linux-source-${version}`;
  // Beside the final place, so that the last step is a rename inside one file system.
  const work = mkdtempSync(join(cache, `.fetch-${version}-`));
  try {
    process.stdout.write(`linux-${version}: downloading Debian's ${name}\n`);
    const packaged = download(name, work);
    run('dpkg-deb', ['-x', packaged, join(work, 'package')], {
      otherwise: `\`${packaged}\` cannot be unpacked`,
    });
    const tarball = join(work, `package/usr/src/${name}.tar.xz`);
    const wanted = WANTED.map((path) => `${name}/${path}`);
    run('tar', ['-xJf', tarball, '-C', work, ...wanted], {
      otherwise: `${name} holds no kernel tree as expected`,
    });
    if (existsSync(tree)) rmSync(tree, { recursive: true });
    renameSync(join(work, name), tree);
    process.stdout.write(
      `linux-${version}: ${WANTED.join(', ')} of ${packaged.split('/').at(-1)} in ${tree}\n`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  const cache = cacheDirectory();
  mkdirSync(cache, { recursive: true });
  for (const version of VERSIONS) fetchKernel(version, cache);
} catch (error) {
  if (!(error instanceof CannotFetch)) throw error;
  process.stderr.write(`npm run kernel: ${error.message}\n`);
  process.exitCode = 1;
}
