// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allCommands, describeCommand } from '../../../src/faces/cli/command-tree.ts';
import { completionScript, SHELLS } from '../../../src/faces/cli/completion-scripts.ts';
import { manPage } from '../../../src/faces/cli/man-page.ts';
import { rewalkProgram } from '../../../src/faces/cli/program.ts';
import { makeTemporaryFolder } from '../../ingest/git-fixture.ts';

const program = describeCommand(await rewalkProgram('1.2.3', undefined));
const folder = makeTemporaryFolder();

beforeAll(() => {
  for (const shell of SHELLS)
    writeFileSync(join(folder, `rewalk.${shell}`), completionScript(shell, program));
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in', 'series.mbox'), '');
});

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: join(folder, 'in'), encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const isThere = (command: string): boolean => spawnSync(command, ['--version']).status === 0;

/** What bash would offer for the last word of a command line. */
function bashOffers(line: string): string[] {
  const words = line.split(' ');
  const script = `
    compopt() { :; }
    source "$1"; shift
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _rewalk
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run('bash', ['-c', script, 'bash', join(folder, 'rewalk.bash'), ...words])
    .split('\n')
    .slice(0, -1);
}

function fishOffers(line: string): string[] {
  const script = `source ${join(folder, 'rewalk.fish')}; complete -C '${line}'`;
  return run('fish', ['--no-config', '-c', script])
    .split('\n')
    .slice(0, -1)
    .map((offer) => offer.split('\t')[0]!);
}

const CASES: readonly (readonly [line: string, offers: readonly string[]])[] = [
  ['rewalk re', ['review', 'replay']],
  ['rewalk hook u', ['uninstall']],
  ['rewalk hook run b4-p', ['b4-prep-perpatch']],
  ['rewalk hook install --type pre-', ['pre-push', 'pre-review']],
  ['rewalk review --format j', ['json', 'junit']],
  ['rewalk review x.mbox --base', ['--baseline']],
  ['rewalk invariants map/al', ['map/align']],
];

const hasFish = isThere('fish');
const hasZsh = isThere('zsh');
const hasGroff = isThere('groff');
const underCi = process.env['CI'] !== undefined;
if (!hasFish || !hasZsh)
  process.stderr.write('SKIPPED: completion in fish or zsh, which are not installed\n');
if (!hasGroff) process.stderr.write('SKIPPED: the manual page in groff, which is not installed\n');

describe('completion', () => {
  it.each(CASES)('of `%s` in bash', (line, offers) => {
    expect(bashOffers(line)).toEqual(offers);
  });

  it('leaves files to bash, and offers nothing for what nobody can know', () => {
    expect(bashOffers('rewalk review ser')).toEqual(['']);
    expect(bashOffers('rewalk review --seed ')).toEqual(['']);
  });

  it.skipIf(!hasFish && !underCi).each(CASES)('of `%s` in fish', (line, offers) => {
    expect(fishOffers(line).toSorted()).toEqual([...offers].toSorted());
  });

  it.skipIf(!hasFish && !underCi)('of files in fish', () => {
    expect(fishOffers('rewalk review ser')).toEqual(['series.mbox']);
    expect(fishOffers('rewalk machines ser')).toEqual([]);
  });

  it.skipIf(!hasZsh && !underCi)('is a script that zsh takes', () => {
    const script = 'autoload -Uz compinit && compinit -D -u && source "$1" && whence -w _rewalk';
    expect(run('zsh', ['-f', '-c', script, 'zsh', join(folder, 'rewalk.zsh')])).toBe('_rewalk: function\n');
  });

  it('knows every command and every option', () => {
    for (const shell of SHELLS) {
      const script = completionScript(shell, program);
      for (const { path, options } of allCommands(program)) {
        expect(script).toContain(path);
        for (const { long } of options) expect(script).toContain(long.replace(/^--/, ''));
      }
    }
  });
});

describe('the manual page', () => {
  const page = manPage(program, { version: '1.2.3', exitStatus: [[0, "it's .fine\n.so it is, 10 \\ 2 –"]] });

  it('describes every command and every option', () => {
    const text = page.replaceAll(String.raw`\-`, '-');
    for (const { path, options } of allCommands(program)) {
      expect(text).toContain(path);
      for (const { flags } of options) expect(text).toContain(flags);
    }
  });

  it.skipIf(!hasGroff && !underCi)(
    'is taken by groff without a warning, every request and every character of it',
    () => {
      const { status, stdout, stderr } = spawnSync(
        'groff',
        ['-man', '-ww', '-Tutf8', '-P-cbu', '-rLL=78n', '-'],
        {
          input: page,
          encoding: 'utf8',
        },
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      for (const { name } of program.commands)
        expect(stdout).toMatch(new RegExp(`^ +rewalk ${name}\\b`, 'm'));
    },
  );

  it('is plain text where it is text: nothing in it is taken for a request', () => {
    const requests = page.match(/^\.\S+/gm) ?? [];
    expect([...new Set(requests)].toSorted()).toEqual(['.SH', '.SS', '.TH', '.TP', '.br']);
    expect(page).toContain(String.raw`\&.so it is, 10 \e 2 \[u2013]`);
    expect(page).toMatch(/^[\n -~]*$/);
  });
});
