// SPDX-License-Identifier: GPL-2.0-only
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HookedRepository, type Outcome } from './hooked-repository.ts';

const program = join(import.meta.dirname, '../../../bin/rewalk.js');

/** Runs one of b4's commands as b4 does: from the top of the tree, a mail on stdin. */
function ask(repository: HookedRepository, hook: string, mail: string, tracking?: string): Outcome {
  const extra = tracking === undefined ? {} : { B4_TRACKING_FILE: tracking };
  return repository.run(process.execPath, [program, 'hook', 'run', hook], mail, extra);
}

/** A commit as b4 hands it over: without the line that names the commit. */
function mailOf(repository: HookedRepository, commit: string, messageId = 'x@example.org'): string {
  const patch = repository.git('format-patch', '-1', '--stdout', '--subject-prefix=PATCH v2', commit);
  return patch.replace(/^From .*\n/, `Message-Id: <${messageId}>\n`);
}

describe('b4 prep --check', () => {
  it('gets errors for the patch that breaks something, warnings for gaps, and silence for the rest', () => {
    const repository = new HookedRepository();
    repository.git('checkout', '-q', '-b', 'b4/topic');
    repository.commit('Cover\n\n--- b4-submit-tracking ---\n{}', {});
    const elsewhere = repository.commitElsewhere();
    const breaking = repository.commitBreaking();
    const repair = repository.commitRepair();
    const prep = (commit: string) => ask(repository, 'b4-prep-perpatch', mailOf(repository, commit));

    expect(prep(elsewhere)).toEqual({ status: 0, stdout: '', stderr: '' });
    const first = prep(breaking);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /^ERROR: bisect of [^\n]*map\/exact[^\n]* is broken here, repaired at patch 2: expected /,
    );
    const second = prep(repair);
    expect(second).toMatchObject({ status: 0, stderr: '' });
    expect(second.stdout).not.toContain('ERROR:');
    // What no scenario reached is no pass.
    expect(second.stdout).toMatch(/^WARNING: no scenario put to the test: /);
  });

  it('finds the patches before a cover letter at the tip, since the branch that b4 says', () => {
    const repository = new HookedRepository();
    repository.git('remote', 'remove', 'origin');
    repository.git('checkout', '-q', '-b', 'b4/topic');
    const mail = mailOf(repository, repository.commitBreaking());
    const tracking = JSON.stringify({ series: { 'base-branch': 'main' } });
    repository.commit(`Cover\n\n--- b4-submit-tracking ---\n# b4's own\n${tracking}`, {});
    expect(ask(repository, 'b4-prep-perpatch', mail).stdout).toMatch(/^ERROR: map\/exact/m);
    repository.git('reset', '-q', '--hard', 'HEAD~1');
    repository.git('config', 'branch.b4/topic.b4-tracking', tracking);
    expect(ask(repository, 'b4-prep-perpatch', mail).stdout).toMatch(/^ERROR: map\/exact/m);
  });

  it('warns where it cannot tell, and fails where that is configured', () => {
    const repository = new HookedRepository();
    const mail = mailOf(repository, repository.commitBreaking());
    repository.git('config', 'rewalk.machines', 'vax');
    const prep = () => ask(repository, 'b4-prep-perpatch', mail);
    expect(prep()).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^WARNING: NOT CHECKED: /),
      stderr: '',
    });
    repository.git('config', 'rewalk.failureStops', 'true');
    expect(prep()).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ERROR: NOT CHECKED: /),
      stderr: '',
    });
  });
});

/** The `b4` on the path, if it is one that runs checks (0.14 and newer). */
const runsChecks = String(spawnSync('b4', ['prep', '--help']).stdout).includes('--check ');
if (!runsChecks)
  process.stderr.write('SKIPPED: b4 itself, because no b4 that has `prep --check` is installed\n');

// Debian has such a b4 from 13 on; elsewhere the commands are asked as b4 asks them, above.
describe.skipIf(!runsChecks)('b4 itself', () => {
  it.each(['commit', 'tip-commit'])('shows what breaks, with its cover letter kept by %s', (strategy) => {
    const repository = new HookedRepository();
    repository.git('config', 'user.name', 'Series Author');
    repository.git('config', 'user.email', 'author@example.org');
    repository.git('config', 'b4.prep-cover-strategy', strategy);
    repository.git('remote', 'remove', 'origin');
    expect(repository.rewalk('hook', 'install', '--type', 'b4').status).toBe(0);
    expect(repository.run('b4', ['prep', '-n', 'topic', '-f', 'main']).status).toBe(0);
    const cover = repository.git('log', '-1', '--format=%B');
    if (strategy === 'tip-commit') repository.git('reset', '-q', '--hard', 'main');
    repository.commitBreaking();
    repository.commitElsewhere();
    if (strategy === 'tip-commit') repository.commit(cover, {});
    const { stderr } = repository.run('b4', ['prep', '--check', '--no-cache']);
    expect(stderr).toMatch(/rewalk\S* ?: ?ERROR: map\/exact/);
    expect(stderr).toMatch(/Success: 1, Warning: \d, Error: 1\n/);
  });
});

describe('b4 review', () => {
  it('gets a verdict for the series and for each of its patches, never a pass for what was not reached', () => {
    const repository = new HookedRepository();
    repository.git('checkout', '-q', '-b', 'b4/review/change-1');
    const commits = [repository.commitHarmless(), repository.commitElsewhere(), repository.commitBreaking()];
    repository.commit('the tracking commit', {});
    repository.git('checkout', '-q', 'main');
    const tracking = join(repository.home, 'tracking.json');
    const patches = commits.map((_commit, index) => ({ 'header-info': { msgid: `p${index}@example.org` } }));
    const series = { 'change-id': 'change-1', 'first-patch-commit': commits[0], revision: 2 };
    writeFileSync(tracking, JSON.stringify({ series, patches }));

    const check = (hook: string, mail: string) => {
      const { status, stdout, stderr } = ask(repository, hook, mail, tracking);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(stdout) as unknown;
    };
    const patch = (index: number) =>
      check('b4-review-perpatch', mailOf(repository, commits[index]!, `p${index}@example.org`));
    expect(check('b4-review-series', 'Subject: [PATCH v2 0/3] cover\n\nwords\n')).toMatchObject([
      { tool: 'rewalk', status: 'fail', details: expect.stringContaining('map/exact') },
    ]);
    expect(patch(0)).toMatchObject([
      { tool: 'rewalk', status: 'warn', summary: 'not everything has a verdict' },
    ]);
    expect(patch(1)).toEqual([]);
    expect(patch(2)).toMatchObject([
      { tool: 'rewalk', status: 'fail', details: expect.stringMatching(/replay/) },
    ]);
  });

  it('says that it does not know the series, whatever is in the file that should tell', () => {
    const repository = new HookedRepository();
    const mail = mailOf(repository, repository.commitBreaking());
    const tracking = join(repository.home, 'tracking.json');
    for (const text of ['', '[]', '{"series": {"change-id": "--all", "first-patch-commit": "HEAD"}}']) {
      writeFileSync(tracking, text);
      const { stdout, stderr } = ask(repository, 'b4-review-perpatch', mail, tracking);
      expect(JSON.parse(stdout)).toMatchObject([
        { status: 'warn', summary: expect.stringContaining('NOT CHECKED') },
      ]);
      expect(stderr).toBe('');
    }
  });
});
