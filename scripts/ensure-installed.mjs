// SPDX-License-Identifier: GPL-2.0-only
// Installs the locked packages when some are missing or of another version; otherwise costs a few milliseconds.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { root, sayProgress, withSetupLock } from './setup-lock.mjs';

/** Keep in step with `engines` in package.json, which npm only warns about. */
const OLDEST_NODE = [20, 19];

/** Makes node_modules/ what package-lock.json says. Ends the process with status 3 when that cannot be done. */
export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    process.stderr.write(
      `rewalk: needs Node ${OLDEST_NODE.join('.')} or newer, this is ${process.versions.node}\n`,
    );
    process.exit(3);
  }
  if (missingPackage() === undefined || withSetupLock(install)) return;
  process.stderr.write('rewalk: `npm ci` failed, so the packages that rewalk needs are not there\n');
  process.exit(3);
}

function install() {
  // Whoever held the lock before may have installed everything.
  const missing = missingPackage();
  if (missing === undefined) return true;
  sayProgress(`installing packages (${missing} is missing or of another version)`);
  const flags = ['--no-fund', '--no-audit', '--loglevel=error'];
  return spawnSync('npm', ['ci', ...flags], { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}

/** The first locked package that is not installed as locked. npm writes its own record last, so a killed install has none. */
function missingPackage() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === '' || optional === true) continue;
    if (present[path]?.version !== version || !existsSync(join(root, path, 'package.json'))) return path;
  }
  return undefined;
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return {};
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
