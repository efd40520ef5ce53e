// SPDX-License-Identifier: GPL-2.0-only
// One lock for everything that changes node_modules/ or dist/, so that two commands started at once in a fresh
// checkout do not install or build over each other. Nothing but Node itself may be needed here.
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The checkout, with a trailing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const lockPath = join(root, '.setup.lock');
const POLL_MS = 100;
/** Older than any install or build takes: then the process id in the lock belongs to someone else by now. */
const STALE_MS = 30 * 60 * 1000;

/**
 * Says what is going on, except to b4, for which a line on stderr is a patch that fails.
 * @param {string} text
 */
export function sayProgress(text) {
  if (process.argv[2] === 'hook' && process.argv[4]?.startsWith('b4-')) return;
  process.stderr.write(`rewalk: ${text}\n`);
}

/**
 * Runs `work` while no other process of this checkout does, after waiting for the one that does.
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
export function withSetupLock(work) {
  takeLock();
  const release = () => rmSync(lockPath, { force: true });
  const onSignal = () => {
    release();
    process.exit(130);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return work();
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    release();
  }
}

function takeLock() {
  const claim = `${lockPath}.${process.pid}`;
  // The claim is linked, not created, so that a lock is never seen without the process id in it.
  writeFileSync(claim, String(process.pid));
  let told = false;
  try {
    while (!tryLink(claim)) {
      const holder = readHolder();
      if (holder !== undefined && isGone(holder)) {
        dropStaleLock(holder);
        continue;
      }
      if (!told && holder !== undefined) {
        sayProgress(`waiting for process ${holder}, which is setting up this checkout`);
        told = true;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
  } finally {
    rmSync(claim, { force: true });
  }
}

/** @param {string} claim */
function tryLink(claim) {
  try {
    linkSync(claim, lockPath);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The process id in the lock; undefined when the lock went away meanwhile. */
function readHolder() {
  try {
    return Number(readFileSync(lockPath, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {number} holder */
function isGone(holder) {
  try {
    if (Date.now() - statSync(lockPath).mtimeMs > STALE_MS) return true;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

/**
 * Takes a dead process's lock away; a lock that a third process has put there in between is put back.
 * @param {number} holder
 */
function dropStaleLock(holder) {
  const aside = `${lockPath}.stale.${process.pid}`;
  try {
    renameSync(lockPath, aside);
  } catch {
    return;
  }
  if (Number(readFileSync(aside, 'utf8')) !== holder) tryLink(aside);
  rmSync(aside, { force: true });
}
