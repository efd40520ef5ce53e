// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { modelHeaders } from '../../src/model/headers.ts';
import { machineNamed } from '../../src/model/machines/machine-list.ts';
import { header as vmallocPrototypes } from '../../src/model/mm/vmalloc-prototypes.ts';
import { lacksGcc } from './gcc-differential/gcc.ts';

const ROOT = join(import.meta.dirname, '../..');
const TREE = join(ROOT, 'fixtures/linux');
const START = '0xffffa00000000000';
const FIRST_FRAME = 2 ** 20;

interface Builder {
  buildWalkers(request: {
    readonly directory: string;
    readonly tree: string;
    readonly headers: string;
    readonly config: Readonly<Record<string, string | number | boolean>>;
    readonly flags: readonly string[];
  }): string;
}

let directory = '';
beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'rewalk-native-test-'))));
afterAll(() => rmSync(directory, { recursive: true }));

async function build(tree: string): Promise<string> {
  const machine = machineNamed('arm64-4k')!;
  const { buildWalkers } = (await import(join(ROOT, 'scripts/native/build-walkers.mjs'))) as Builder;
  const headers = modelHeaders(machine).replace(vmallocPrototypes(), '');
  const flags = ['-O1', '-fsanitize=address,undefined'];
  return buildWalkers({ directory, tree, headers, config: machine.config, flags });
}

function run(program: string, pages: number, pageShift: number): { status: number | null; stdout: string } {
  const args = [START, pages, pageShift, FIRST_FRAME, 1, 2].map(String);
  return spawnSync(program, args, { encoding: 'utf8' });
}

test.skipIf(lacksGcc())('the walkers map on the host what they shall, at every size of leaf', async () => {
  const program = await build(TREE);
  for (const pageShift of [12, 16, 21]) {
    const { status, stdout } = run(program, 1024, pageShift);
    expect({ pageShift, status }).toEqual({ pageShift, status: 0 });
    expect(Number(stdout)).toBeGreaterThan(0);
  }
});

test.skipIf(lacksGcc())('a walker that maps a wrong page is not timed', async () => {
  const tree = join(directory, 'tree');
  cpSync(TREE, tree, { recursive: true });
  const path = join(tree, 'mm/vmalloc.c');
  const text = readFileSync(path, 'utf8');
  const broken = text.replace('(*nr)++;', '');
  expect(broken).not.toBe(text);
  writeFileSync(path, broken);
  expect(run(await build(tree), 1024, 12).status).toBe(5);
});
