// SPDX-License-Identifier: GPL-2.0-only
// `npm run bench`: how long the embedded review takes, a scenario in it, and how many pages a second are mapped.
// `npm run bench -- mail` times the reading of mail instead, `-- native` translated C against what gcc makes of it, `-- tree`
// reviews of a real tree.
// Figures are of this machine at this moment; compare ratios within one run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './ensure-built.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const RUNS = 3;
const PAGES = 25_600;

ensureBuilt();
if (process.argv[2] === 'mail') {
  (await import('./bench-mail.mjs')).benchMail();
  process.exit(0);
}
if (process.argv[2] === 'native') {
  await (await import('./bench-native.mjs')).benchNative();
  process.exit();
}
if (process.argv[2] === 'tree') {
  await (await import('./bench-tree.mjs')).benchTree();
  process.exit();
}
const { machineNamed } = await import('../dist/model/machines/machine-list.js');
const { linkTree } = await import('../dist/run/link-tree.js');
const { relevantPaths } = await import('../dist/run/source.js');
const { Stage } = await import('../dist/run/stage.js');
const { parseScenario } = await import('../dist/run/parse-scenario.js');
const { runScenario } = await import('../dist/run/session.js');

/** The whole review as a user runs it; seconds and scenarios. */
function timeReview() {
  const started = performance.now();
  const args = ['bin/rewalk.js', 'review', 'patches/contiguous-vmap', '--tree', 'fixtures/linux'];
  const { stdout, status } = spawnSync(process.execPath, [...args, '--json', '--no-cache'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 1) throw new Error(`the embedded review ended with status ${status}`);
  return { seconds: (performance.now() - started) / 1000, review: JSON.parse(stdout) };
}

/** Pages that vmap() maps in a second, one scenario of 25,600 single pages at a time, warm. */
function pagesPerSecond(mode) {
  const machine = machineNamed('arm64-4k');
  const source = Object.fromEntries(
    relevantPaths(machine).flatMap((path) => {
      try {
        return [[path, readFileSync(`${root}/fixtures/linux/${path}`, 'utf8')]];
      } catch {
        return [];
      }
    }),
  );
  const stage = new Stage(linkTree({ machine, source, mode }));
  const scenario = parseScenario(`vmap 4K*${PAGES}`, machine.pageShift).value;
  const times = Array.from({ length: 8 }, () => {
    const started = performance.now();
    runScenario(stage, scenario);
    return performance.now() - started;
  });
  return PAGES / (Math.min(...times) / 1000);
}

const runs = Array.from({ length: RUNS }, timeReview);
const seconds = runs.map((run) => run.seconds).toSorted((a, b) => a - b);
const { run: scenariosRun, jobs: states } = runs[0].review.scenarios;
const line = (label, text) => process.stdout.write(`${label.padEnd(34)} ${text}\n`);
line(
  'embedded review, no cache',
  `${seconds.map((each) => each.toFixed(1)).join(' / ')} s  (best / middle / worst)`,
);
line('scenarios', `${scenariosRun} on ${states} states of the source`);
line('a scenario, on average', `${((seconds[0] / scenariosRun) * 1000).toFixed(2)} ms of wall time`);
line(
  'pages mapped, model',
  `${Math.round(pagesPerSecond('patched')).toLocaleString('en')} a second, with its trace`,
);
line(
  'pages mapped, translated C',
  `${Math.round(pagesPerSecond('from-tree')).toLocaleString('en')} a second, with its trace`,
);
