// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTemporaryFolder } from '../../ingest/git-fixture.ts';

const root = join(import.meta.dirname, '../../..');
const program = join(root, 'bin/rewalk.js');
const FILE = 'mm/vmalloc.c';

/** Of vmalloc() alone: a review of what fewer calls reach is a shorter one. */
const END = 'unsigned long end = addr + get_vm_area_size(area);';
const END_TOO_EARLY = 'unsigned long end = addr + PAGE_SIZE;';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kernel repository with a bare one as its remote, and a home of its own, so that nobody's configuration matters. */
export class HookedRepository {
  readonly folder: string;
  readonly remote: string;
  readonly home: string;

  constructor() {
    const scratch = makeTemporaryFolder();
    this.folder = join(scratch, 'linux');
    this.remote = join(scratch, 'remote.git');
    this.home = join(scratch, 'home');
    mkdirSync(this.home);
    cpSync(join(root, 'fixtures/linux'), this.folder, { recursive: true });
    this.git('init', '-q', '-b', 'main');
    this.git('config', 'rewalk.machines', 'x86_64-4level');
    this.git('config', 'rewalk.scenarios', '0');
    this.git('init', '-q', '--bare', this.remote);
    this.git('remote', 'add', 'origin', this.remote);
    this.commit('the tree', {});
    this.git('push', '-q', 'origin', 'main');
  }

  /** Runs git, and fails the test where git does. */
  git(...args: readonly string[]): string {
    const { status, stdout, stderr } = this.run('git', args);
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  run(
    command: string,
    args: readonly string[],
    input = '',
    extra: Readonly<Record<string, string>> = {},
  ): Outcome {
    const who = (role: string) => ({
      [`GIT_${role}_NAME`]: 'Series Author',
      [`GIT_${role}_EMAIL`]: 'author@example.org',
      [`GIT_${role}_DATE`]: '2026-04-07T10:00:00+0000',
    });
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: this.folder,
      encoding: 'utf8',
      input,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.home,
        GIT_CONFIG_NOSYSTEM: '1',
        NO_COLOR: '1',
        COLUMNS: '100',
        ...who('AUTHOR'),
        ...who('COMMITTER'),
        ...extra,
      },
    });
    return {
      status,
      stdout,
      stderr: stderr.replaceAll(/^rewalk: (?:building|waiting for process .*)\n/gm, ''),
    };
  }

  rewalk(...args: readonly string[]): Outcome {
    return this.run(process.execPath, [program, ...args]);
  }

  commit(message: string, files: Readonly<Record<string, string>>): string {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD').trim();
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Commits a change after which only the first page of what vmalloc() returns is mapped. */
  commitBreaking(): string {
    return this.commit('mm/vmalloc: map the first page alone', {
      [FILE]: this.#replaced(END, END_TOO_EARLY),
    });
  }

  /** Commits what undoes `commitBreaking`. */
  commitRepair(): string {
    return this.commit('mm/vmalloc: map all pages again', { [FILE]: this.#replaced(END_TOO_EARLY, END) });
  }

  #replaced(from: string, to: string): string {
    const text = this.read(FILE);
    if (text.split(from).length !== 2) throw new Error(`${FILE} does not have \`${from}\` once`);
    return text.replace(from, to);
  }

  /** Commits a change to a function that is run which changes nothing that can be seen. */
  commitHarmless(): string {
    const from = 'void *vzalloc(unsigned long size)';
    const to = 'void *vzalloc(const unsigned long size)';
    return this.commit('mm/vmalloc: keep a size as it is given', { [FILE]: this.#replaced(from, to) });
  }

  /** Commits a change to a file that is not run. */
  commitElsewhere(): string {
    return this.commit('doc: say more', { 'Documentation/more.rst': `more ${Date.now()}\n` });
  }
}
