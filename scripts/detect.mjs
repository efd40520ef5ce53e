// SPDX-License-Identifier: GPL-2.0-only
// `npm run detect`: puts each fault and each harmless rewrite of test/faults into a tree, one at a time, and counts what
// a review of it finds. Options: --tree embedded|6.12, --only NAME (may be repeated), --machine NAME (may be repeated),
// --jobs N, --found (list what gave each fault away), --series (what is not changed is the model, as in the review of a
// series; else all is the tree's own C). The status says only whether all of it could be run.
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './ensure-built.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'test/faults');

/** A sentence for the user. */
class CannotDetect extends Error {}

/** The command line. */
function readOptions() {
  const names = { type: /** @type {const} */ ('string'), multiple: true };
  const options = {
    tree: names,
    only: names,
    machine: names,
    jobs: { type: /** @type {const} */ ('string') },
    found: { type: /** @type {const} */ ('boolean') },
    series: { type: /** @type {const} */ ('boolean') },
  };
  try {
    const { values } = parseArgs({ options });
    const jobs = values.jobs === undefined ? availableParallelism() : Number(values.jobs);
    if (!Number.isInteger(jobs) || jobs < 1) throw new Error('--jobs needs a number of threads, 1 or more');
    return { ...values, jobs };
  } catch (error) {
    throw new CannotDetect(error instanceof Error ? error.message : String(error));
  }
}

async function detect() {
  const { tree: wanted, only, machine: machineNames, jobs, found, series } = readOptions();
  ensureBuilt();
  const { parseFaultScripts, faultTrees } = await import('../dist/fault-script.js');
  const { detectFaults } = await import('../dist/detection.js');
  const { renderDetections, renderFound } = await import('../dist/report/detection-text.js');
  const { openTree } = await import('../dist/ingest/source-tree.js');
  const { cachedKernel } = await import('../dist/ingest/kernel-cache.js');
  const { machines: allMachines, usualMachines } = await import('../dist/model/machines/machine-list.js');
  const { poolRunner } = await import('../dist/review-pool.js');

  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const all = files.toSorted().flatMap((name) => parseFaultScripts(readFileSync(join(folder, name), 'utf8')));
  const scripts = all.filter(({ name }) => only === undefined || only.includes(name));
  const unknown = (only ?? []).filter((name) => !all.some((script) => script.name === name));
  if (unknown.length > 0) throw new CannotDetect(`there is no fault called ${unknown.join(', ')}`);
  // What the usual machines do not show, the others may.
  const machines =
    machineNames === undefined
      ? [...usualMachines, ...allMachines.filter((machine) => !usualMachines.includes(machine))]
      : allMachines.filter(({ name }) => machineNames.includes(name));
  if (machines.length === 0) throw new CannotDetect(`there is no machine called ${machineNames?.join(', ')}`);

  let couldRun = true;
  for (const on of wanted ?? faultTrees) {
    if (!faultTrees.includes(on)) throw new CannotDetect(`there are the trees ${faultTrees.join(' and ')}`);
    const path = on === 'embedded' ? join(root, 'fixtures/linux') : cachedKernel('6.12');
    if (path === undefined) throw new CannotDetect('Linux 6.12 is not there; fetch it with npm run kernel');
    const base = openTree(path).value;
    if (base === undefined) throw new CannotDetect(`${path} cannot be read`);
    const progress = (done, total) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} states `);
    };
    const detections = await detectFaults(
      { scripts, on, base, machines, seed: 1, mode: series === true ? 'patched' : 'from-tree' },
      poolRunner(jobs, progress),
    );
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    const title = on === 'embedded' ? 'The embedded tree' : 'Linux 6.12';
    process.stdout.write(`${renderDetections(title, detections)}\n`);
    if (found) process.stdout.write(`${renderFound(detections)}\n`);
    process.stdout.write('\n');
    couldRun &&= detections.every(({ refused }) => refused === undefined);
  }
  if (!couldRun) process.exitCode = 2;
}

try {
  await detect();
} catch (error) {
  if (!(error instanceof CannotDetect)) throw error;
  process.stderr.write(`rewalk: ${error.message}\n`);
  process.exitCode = 2;
}
