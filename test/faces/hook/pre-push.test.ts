// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HookedRepository } from './hooked-repository.ts';

function withHook(): HookedRepository {
  const repository = new HookedRepository();
  expect(repository.rewalk('hook', 'install', '--type', 'pre-push')).toMatchObject({ status: 0, stderr: '' });
  return repository;
}

const heads = (repository: HookedRepository): string => repository.git('ls-remote', '--heads', 'origin');

describe('a push', () => {
  it('of a commit that breaks a promise is stopped, with the case and the way round it', () => {
    const repository = withHook();
    const commit = repository.commitBreaking();
    const { status, stderr } = repository.run('git', ['push', 'origin', 'main']);
    expect(stderr).toContain('this push is stopped');
    expect(stderr).toMatch(/bug {2}map\/exact/);
    expect(stderr).toContain(
      `broken at patch 1 of 1, ${commit.slice(0, 12)} (mm/vmalloc: map the first page alone)`,
    );
    // Whichever call shows it with two pages.
    const [, call] = /case {6}(v\w+) 8K on x86_64-4level\n/.exec(stderr) ?? [];
    expect(stderr).toContain(`rewalk replay '${call} 8K'`);
    expect(stderr).toContain('git push --no-verify');
    expect(stderr.split('\n').length).toBeLessThan(40);
    expect(status).toBe(1);
    expect(heads(repository)).not.toContain(commit);

    // What it says to do does go on.
    expect(repository.run('git', ['push', '--no-verify', 'origin', 'main']).status).toBe(0);
    expect(heads(repository)).toContain(commit);
  });

  it('of a series that repairs itself is stopped, and told apart from one that is broken at its tip', () => {
    const repository = withHook();
    repository.git('checkout', '-q', '-b', 'topic');
    repository.commitElsewhere();
    repository.commitBreaking();
    repository.commitHarmless();
    const tip = repository.commitRepair();
    repository.commitElsewhere();
    const { status, stderr } = repository.run('git', ['push', 'origin', 'topic']);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      'repaired at patch 3: the tip is whole, a bisection in between is not',
    );
    expect(stderr).not.toContain('at the tip');
    expect(status).toBe(1);
    // A cost or a risk may be let through, a tree that does not hold in between may not be by default.
    expect(heads(repository)).not.toContain(tip);
  });

  it('goes on where nothing is broken, where nothing is run, and where nothing comes', () => {
    const repository = withHook();
    repository.git('push', '-q', 'origin', 'main:gone');
    const quiet = ['push', '-q', 'origin'];
    const pushes = (...refs: string[]) => repository.run('git', [...quiet, ...refs]);
    repository.commitElsewhere();
    expect(pushes('main')).toMatchObject({ status: 0, stderr: '' });
    repository.commitHarmless();
    expect(pushes('main')).toMatchObject({ status: 0, stderr: '' });
    expect(pushes(':gone')).toMatchObject({ status: 0, stderr: '' });
    repository.git('tag', 'v1');
    expect(pushes('v1')).toMatchObject({ status: 0, stderr: '' });
  });

  it('that rewrites a branch is judged from where it parted', () => {
    const repository = withHook();
    repository.git('checkout', '-q', '-b', 'topic');
    repository.commitHarmless();
    repository.git('push', '-q', '--no-verify', 'origin', 'topic');
    repository.git('reset', '-q', '--hard', 'main');
    repository.commitBreaking();
    const { status, stderr } = repository.run('git', ['push', '--force', 'origin', 'topic']);
    expect(stderr).toContain('broken at patch 1 of 1');
    expect(status).toBe(1);
  });

  it('that cannot be judged goes on and says so, or is stopped where that is configured', () => {
    const repository = withHook();
    repository.commitBreaking();
    repository.git('config', 'rewalk.machines', 'vax');
    repository.git('config', 'rewalk.failureStops', 'true');
    expect(repository.run('git', ['push', 'origin', 'main'])).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/NOT CHECKED: [^]*this push is stopped/),
    });
    repository.git('config', '--unset', 'rewalk.failureStops');
    expect(repository.run('git', ['push', 'origin', 'main'])).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/NOT CHECKED: .*no machine `vax`[^]*goes on all the same/),
    });
  });

  it('of a history that is all new is not judged, and that is said', () => {
    const repository = withHook();
    repository.git('update-ref', '-d', 'refs/remotes/origin/main');
    repository.commitBreaking();
    expect(repository.run('git', ['push', '-q', 'origin', 'main:new'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('NOT CHECKED: no commit of refs/heads/main is known to be at a remote'),
    });
  });

  it('is not held up for longer than is set', () => {
    const repository = withHook();
    repository.commitBreaking();
    repository.git('config', '--unset', 'rewalk.machines');
    repository.git('config', 'rewalk.scenarios', '100000');
    repository.git('config', 'rewalk.timeBudget', '1');
    expect(repository.run('git', ['push', '-q', 'origin', 'main'])).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/NOT CHECKED: not done in 1 second \(rewalk\.timeBudget\): /),
    });
  });

  it('of what is not run loads nothing of a review', () => {
    const repository = withHook();
    const before = repository.git('rev-parse', 'HEAD').trim();
    const commit = repository.commitElsewhere();
    const coverage = join(repository.home, 'coverage');
    const hook = join(repository.folder, '.git/hooks/pre-push');
    const input = `refs/heads/main ${commit} refs/heads/main ${before}\n`;
    const outcome = repository.run(hook, ['origin', 'x'], input, { NODE_V8_COVERAGE: coverage });
    expect(outcome).toEqual({ status: 0, stdout: '', stderr: '' });
    const loaded = readdirSync(coverage).flatMap((file) => {
      const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
        result: { url: string }[];
      };
      return result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
    });
    expect(loaded.some((url) => url.endsWith('/run-git-hook.js'))).toBe(true);
    expect(loaded.filter((url) => /\/(?:zod|invariants|translate|review)\b/.test(url))).toEqual([]);
    // 150 milliseconds are the aim; the number of files is what can be held on a machine that does other work too.
    expect(loaded.length).toBeLessThan(60);
  });

  it('heeds the threshold, and what is wrong with it', () => {
    const repository = withHook();
    repository.commitHarmless();
    repository.git('config', 'rewalk.threshold', 'everything');
    expect(repository.run('git', ['push', '-q', 'origin', 'main'])).toMatchObject({
      status: 0,
      stderr: 'rewalk: rewalk.threshold is `everything`; it must be bug, risk or cost\n',
    });
  });
});
