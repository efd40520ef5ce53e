// SPDX-License-Identifier: GPL-2.0-only
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HookedRepository } from './hooked-repository.ts';

/** A hook of someone else's that tells what it was given. */
function writeOther(path: string, status = 0): string {
  const text = `#!/bin/sh\necho "other: $* $(cat)" >&2\nexit ${status}\n`;
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return text;
}

describe('rewalk hook install', () => {
  it('writes a hook once, says what it did, and takes it away again', () => {
    const repository = new HookedRepository();
    const path = join(repository.folder, '.git/hooks/pre-push');
    const install = () => repository.rewalk('hook', 'install', '--type', 'pre-push');
    expect(install()).toEqual({ status: 0, stdout: `wrote ${path}\n`, stderr: '' });
    expect(statSync(path).mode & 0o777).toBe(0o755);
    const text = readFileSync(path, 'utf8');
    expect(install()).toEqual({ status: 0, stdout: `${path} is there already\n`, stderr: '' });
    expect(readFileSync(path, 'utf8')).toBe(text);
    const uninstall = () => repository.rewalk('hook', 'uninstall', '--type', 'pre-push').stdout;
    expect(uninstall()).toContain("removed rewalk's hook");
    expect(existsSync(path)).toBe(false);
    expect(uninstall()).toContain("there is no pre-push hook of rewalk's");
  });

  it('keeps a hook that is there, runs it first with the same input, and puts it back', () => {
    const repository = new HookedRepository();
    const path = join(repository.folder, '.git/hooks/pre-push');
    const other = writeOther(path);
    expect(repository.rewalk('hook', 'install', '--type', 'pre-push').stdout).toContain('still runs first');
    repository.rewalk('hook', 'install', '--type', 'pre-push');
    const commit = repository.commitElsewhere();
    const push = () => repository.run('git', ['push', '-q', 'origin', 'main']);
    expect(push()).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(`other: origin ${repository.remote} refs/heads/main ${commit}`),
    });
    // What it refuses stays refused.
    writeOther(`${path}.before-rewalk`, 3);
    repository.commitElsewhere();
    expect(push().status).toBe(1);
    writeOther(`${path}.before-rewalk`);
    repository.rewalk('hook', 'uninstall', '--type', 'pre-push');
    expect(readFileSync(path, 'utf8')).toBe(other);
    expect(existsSync(`${path}.before-rewalk`)).toBe(false);
  });

  it('overwrites nobody: two hooks of others are left as they are', () => {
    const repository = new HookedRepository();
    const path = join(repository.folder, '.git/hooks/pre-push');
    writeOther(`${path}.before-rewalk`);
    const other = writeOther(path);
    expect(repository.rewalk('hook', 'install', '--type', 'pre-push')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('move one of them away first'),
    });
    expect(readFileSync(path, 'utf8')).toBe(other);
  });

  it('goes where core.hooksPath says', () => {
    const repository = new HookedRepository();
    repository.git('config', 'core.hooksPath', 'tools/hooks');
    repository.rewalk('hook', 'install', '--type', 'pre-push');
    expect(existsSync(join(repository.folder, 'tools/hooks/pre-push'))).toBe(true);
    expect(existsSync(join(repository.folder, '.git/hooks/pre-push'))).toBe(false);
  });

  it('for all repositories silences none of their own hooks, and leaves nothing behind', () => {
    const repository = new HookedRepository();
    writeOther(join(repository.folder, '.git/hooks/pre-push'));
    writeOther(join(repository.folder, '.git/hooks/post-commit'));
    const { stdout } = repository.rewalk('hook', 'install', '--type', 'pre-push', '--global');
    expect(stdout).toContain('set core.hooksPath');
    const { stderr } = repository.run('git', ['commit', '-q', '--allow-empty', '-m', 'x']);
    expect(stderr).toContain('other:');
    repository.git('config', 'rewalk.machines', 'vax');
    repository.commitBreaking();
    const push = repository.run('git', ['push', '-q', 'origin', 'main']);
    expect(push.stderr).toMatch(/other: origin[^]*NOT CHECKED/);
    repository.rewalk('hook', 'install', '--type', 'sendemail-validate', '--global');
    const uninstall = (type: string) =>
      repository.rewalk('hook', 'uninstall', '--type', type, '--global').stdout;
    expect(uninstall('pre-push')).not.toContain('unset');
    expect(uninstall('sendemail-validate')).toContain('core.hooksPath is unset again');
    expect(repository.run('git', ['config', '--global', 'core.hooksPath']).stdout).toBe('');
  });

  it('needs a repository, and says so', () => {
    const repository = new HookedRepository();
    rmSync(join(repository.folder, '.git'), { recursive: true });
    const place = { GIT_CEILING_DIRECTORIES: repository.folder };
    const program = join(import.meta.dirname, '../../../bin/rewalk.js');
    const outcome = repository.run(
      process.execPath,
      [program, 'hook', 'install', '--type', 'pre-push'],
      '',
      place,
    );
    expect(outcome).toEqual({
      status: 2,
      stdout: '',
      stderr: 'this is not a git repository; --global needs none\n',
    });
  });

  it('does not stop a push when rewalk itself is gone, and says so', () => {
    const repository = new HookedRepository();
    const path = join(repository.folder, '.git/hooks/pre-push');
    repository.rewalk('hook', 'install', '--type', 'pre-push');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('/bin/rewalk.js', '/gone/rewalk.js'));
    repository.commitBreaking();
    const push = () => repository.run('git', ['push', '-q', 'origin', 'main']);
    repository.git('config', 'rewalk.failureStops', 'true');
    expect(push().status).toBe(1);
    repository.git('config', 'rewalk.failureStops', 'false');
    expect(push()).toMatchObject({ status: 0, stderr: expect.stringContaining('NOT CHECKED') });
  });

  it('adds itself to the checks of b4 without taking the place of those that b4 runs', () => {
    const repository = new HookedRepository();
    repository.commit('checkpatch', { 'scripts/checkpatch.pl': '#!/usr/bin/perl\n' });
    const values = (key: string) =>
      repository
        .run('git', ['config', '--get-all', key])
        .stdout.split('\n')
        .filter((line) => line !== '');
    const keys = ['b4.prep-perpatch-check-cmd', 'b4.review-perpatch-check-cmd', 'b4.review-series-check-cmd'];
    const install = () => repository.rewalk('hook', 'install', '--type', 'b4');
    expect(install().stdout).toContain('kept what b4 runs there');
    const first = keys.map(values);
    expect(install().stdout).toContain('has rewalk already');
    expect(keys.map(values)).toEqual(first);
    expect(first.map((list) => list.length)).toEqual([2, 2, 1]);
    expect(first[0]![0]).toContain('scripts/checkpatch.pl');
    expect(first[0]![1]).toMatch(/rewalk\.js hook run b4-prep-perpatch$/);
    repository.git('config', '--add', keys[2]!, 'my-check');
    repository.rewalk('hook', 'uninstall', '--type', 'b4');
    expect(keys.map(values)).toEqual([[], [], ['my-check']]);
  });
});
