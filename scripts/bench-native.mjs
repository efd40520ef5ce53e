// SPDX-License-Identifier: GPL-2.0-only
// `npm run bench -- native`: pages that vmap_pages_range() maps in a second in translated C, against the same C compiled
// by gcc with its sanitizers, which look for what the translation looks for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { buildWalkers, hasGcc } from './native/build-walkers.mjs';

const TREE = fileURLToPath(new URL('../fixtures/linux', import.meta.url));
const FLAGS = ['-O1', '-fsanitize=address,undefined'];
/** With what the translation has to do besides: accessors are functions that a patch may replace, every store is noted. */
const SAME_DUTIES = [...FLAGS, '-DNOTED'];
const ROUNDS = 1500;
/**
 * Leaves, as log2 of bytes, how many pages are mapped at a time, and how far their frames are from each other: few pages, so that a
 * busy machine lets some rounds pass undisturbed, but more of 2M, so that it is not the clock that is measured.
 */
const LEAVES = [
  { title: 'leaves of 4K', shift: 12, pages: 5120, step: 1 },
  { title: 'leaves of 4K, apart', shift: 12, pages: 5120, step: 2 },
  { title: 'leaves of 64K', shift: 16, pages: 5120, step: 1 },
  { title: 'leaves of 2M', shift: 21, pages: 51_200, step: 1 },
];

/** Prints a line for each size of leaf. */
export async function benchNative() {
  if (!hasGcc()) {
    process.stderr.write('bench native: gcc is not installed, so there is nothing to compare with\n');
    process.exitCode = 2;
    return;
  }
  const translated = await prepareTranslated();
  const directory = mkdtempSync(join(tmpdir(), 'rewalk-native-'));
  try {
    const { headers, config, range } = translated;
    const rates = (flags) => {
      const program = buildWalkers({ directory, tree: TREE, headers, config, flags });
      return LEAVES.map((leaves) => leaves.pages / nativeSeconds(program, range, leaves));
    };
    const plain = rates(FLAGS);
    const noting = rates(SAME_DUTIES);
    line('pages mapped a second', 'gcc', 'gcc, noting', 'translated', 'ratio', 'to noting');
    for (const [i, leaves] of LEAVES.entries()) {
      const translation = leaves.pages / translated.seconds(leaves);
      line(
        leaves.title,
        count(plain[i]),
        count(noting[i]),
        count(translation),
        `${(plain[i] / translation).toFixed(1)}x`,
        `${(noting[i] / translation).toFixed(1)}x`,
      );
    }
    process.stdout.write(
      `gcc ${FLAGS.join(' ')}; noting: accessors not inlined, every store noted; the translation with its trace; ` +
        `tables in place, best of ${ROUNDS} rounds\n`,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function line(label, ...columns) {
  process.stdout.write(`${label.padEnd(24)}${columns.map((text) => text.padStart(16)).join('')}\n`);
}

function count(pages) {
  return Math.round(pages).toLocaleString('en');
}

/** @returns the seconds that the best round took */
function nativeSeconds(program, { start, firstFrame }, { shift, pages, step }) {
  const args = [start, pages, shift, firstFrame, step, ROUNDS].map(String);
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the native walkers ended with status ${status}: ${stderr}`);
  return Number(stdout) / 1e9;
}

/** The same C translated and linked, with its pages in memory. */
async function prepareTranslated() {
  const { machineNamed } = await import('../dist/model/machines/machine-list.js');
  const { modelHeaders } = await import('../dist/model/headers.js');
  const vmallocPrototypes = await import('../dist/model/mm/vmalloc-prototypes.js');
  const { linkTree } = await import('../dist/run/link-tree.js');
  const { relevantPaths } = await import('../dist/run/source.js');
  const { Stage } = await import('../dist/run/stage.js');
  const { EventLog } = await import('../dist/trace/event-log.js');
  const { FrameSource } = await import('../dist/run/frames.js');
  const { makePageArray } = await import('../dist/run/page-array.js');
  const { runOf, singles } = await import('../dist/run/scenario.js');
  const machine = machineNamed('arm64-4k');
  const source = readTree(relevantPaths(machine));
  const stage = new Stage(linkTree({ machine, source, mode: 'from-tree' }));
  const { linked } = stage;
  const events = new EventLog();
  const round = (call, args) => {
    events.clear();
    linked.runtime.fuel = 1e7;
    const started = performance.now();
    const error = linked.call(call, args);
    const seconds = (performance.now() - started) / 1000;
    if (error !== 0) throw new Error(`${call}() returned ${error}`);
    return seconds;
  };
  linked.boot(events);
  const frameSource = new FrameSource(machine);
  const arrays = LEAVES.map(({ pages, step }) => {
    const frames = frameSource.layOut([step === 1 ? runOf(pages) : singles(pages)]);
    return { frames, array: makePageArray(stage, frames, 1) };
  });
  const start = stage.windowStart;
  return {
    // The tree's own functions are not declared a second time: some of them are static.
    headers: modelHeaders(machine).replace(vmallocPrototypes.header(machine), ''),
    config: machine.config,
    range: { start: BigInt.asUintN(64, BigInt(start)), firstFrame: arrays[0].frames.entries[0].pfn },
    seconds(leaves) {
      const end = start + leaves.pages * stage.pageSize;
      const { array } = arrays[LEAVES.indexOf(leaves)];
      const rounds = Array.from({ length: ROUNDS }, () => {
        const seconds = round('vmap_pages_range', [start, end, stage.protection('rw'), array, leaves.shift]);
        round('vunmap_range', [start, end]);
        return seconds;
      });
      return Math.min(...rounds);
    },
  };
}

function readTree(paths) {
  const read = (path) => {
    try {
      return [[path, readFileSync(join(TREE, path), 'utf8')]];
    } catch {
      return [];
    }
  };
  return Object.fromEntries(paths.flatMap(read));
}
