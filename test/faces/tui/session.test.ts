// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { shownDefects } from '../../../src/report/shown-defects.ts';
import {
  embeddedReview,
  embeddedSeries,
  everythingRun,
  lineUnder,
  screenOf,
  sessionOf,
  titleOf,
} from './embedded-known.ts';

const { now } = shownDefects(embeddedReview);

const typed = (text: string): string[] => Array.from(text);

describe('the first screen', () => {
  it('says what is wrong, in which patch and at which line', () => {
    const { session } = sessionOf(everythingRun);
    const screen = screenOf(session);
    expect(now.length).toBeGreaterThan(2);
    for (const { finding } of now) {
      const { patch, severity, invariant, where } = finding;
      const line = screen.find(
        (text) => text.includes(`${where.file}:${where.line}`) && text.includes(invariant),
      );
      expect(line, finding.id).toContain(`${patch}/6 ${severity}`);
    }
    expect(screen.find((line) => line.startsWith('  promise'))).toMatch(/base +v4$/);
    expect(screen.find((line) => line.includes('map/exact ') && line.includes('✗ 5'))).toBeDefined();
  });

  it('has the bugs before the risks, and those before the costs', () => {
    const { session } = sessionOf(everythingRun);
    const severities = screenOf(session).flatMap((line) => /^..\d\/6 (bug|risk|cost) /.exec(line)?.[1] ?? []);
    const gravity = ['bug', 'risk', 'cost'];
    expect(severities.length).toBeGreaterThan(2);
    expect(severities).toEqual(severities.toSorted((a, b) => gravity.indexOf(a) - gravity.indexOf(b)));
  });

  it('shows the patches while nothing is known of them, and what is known when it is', () => {
    const { session } = sessionOf([]);
    expect(screenOf(session).join('\n')).toContain('reading the series');
    session.learn({ news: 'series', series: embeddedSeries });
    expect(screenOf(session).join('\n')).toMatch(
      /v4 {2}2026-06-18, 6 patches\n.*0\/6 +mm\/vmalloc: Speed up/,
    );
    session.learn({ news: 'progress', done: 3, total: 9 });
    expect(titleOf(session)).toMatch(/3\/9 run$/);
    session.learn({ news: 'review', review: { ...embeddedReview, findings: [] }, pending: ['v4'] });
    const partial = screenOf(session).join('\n');
    expect(partial).toContain('v4 on fixtures/linux: not run to its end yet');
    expect(partial).toMatch(/map\/exact +ok +\[?✗ …/);
    session.learn(everythingRun[1]!);
    expect(screenOf(session).join('\n')).toMatch(/v4 on fixtures\/linux: 1 bug/);
    expect(titleOf(session)).toMatch(/all run$/);
  });

  it('says why nothing is run, with the series still there to be read', () => {
    const why = { code: 'review/x', severity: 'error', message: 'the tree is not there' } as const;
    const { session } = sessionOf([
      everythingRun[0]!,
      { news: 'end', review: undefined, diagnostics: [why] },
    ]);
    expect(screenOf(session)[1]).toBe('  nothing is run: the tree is not there');
    session.press(['enter']);
    expect(titleOf(session)).toContain('v4 0/6');
  });
});

describe('going about', () => {
  it('enter explains the finding, p shows its patch, c its function, q goes back one by one', () => {
    const { session, asked, done } = sessionOf(everythingRun);
    const { id, patch, where } = now.find(({ finding }) => finding.severity === 'bug')!.finding;
    session.press(['enter']);
    expect(titleOf(session)).toContain(id);
    expect(asked).toMatchObject([{ ask: 'explain', id }]);
    session.press(['p']);
    expect(titleOf(session)).toContain(`v4 ${patch}/6`);
    session.press(['q', 'c']);
    expect(titleOf(session)).toContain(`${where.function}() of ${where.file}, after v4 patch ${patch}`);
    expect(asked.at(-1)).toMatchObject({ ask: 'translate', function: where.function, version: 'v4', patch });
    session.press(['q', 'q']);
    expect(titleOf(session)).toContain(embeddedSeries.title.slice(0, 40));
    expect(done).toEqual([]);
    session.press(['q']);
    expect(done).toEqual(['leave']);
  });

  it('asks for an explanation once, and shows what comes', () => {
    const { session, asked } = sessionOf(everythingRun);
    session.press(['enter', 'q', 'enter']);
    expect(asked).toHaveLength(1);
    session.learn({ news: 'answer', key: asked[0]!.key, answer: { to: 'nothing', why: 'the tree is gone' } });
    expect(screenOf(session).join('\n')).toContain('it cannot be explained further: the tree is gone');
  });

  it('[ and ] go through the patches, { and } through the versions', () => {
    const { session } = sessionOf(everythingRun);
    session.press(['p']);
    const first = Number(/v4 (\d)\/6/.exec(titleOf(session))![1]);
    session.press([']']);
    expect(titleOf(session)).toContain(`v4 ${first + 1}/6`);
    session.press(['[', '[']);
    expect(titleOf(session)).toContain(`v4 ${first - 1}/6`);
    session.press(['{']);
    expect(titleOf(session)).toContain('v3 ');
    session.press(['}', '}']);
    expect(screenOf(session).at(-1)).toContain('v4 is the newest version');
    session.press(['q', 'w']);
    expect(titleOf(session)).toContain('v4 0/6');
    session.press([']', '[']);
    expect(titleOf(session)).toContain('v4 0/6');
  });

  it('tab goes from section to section, and columns are reached with h and l', () => {
    const { session } = sessionOf(everythingRun);
    session.press(['tab']);
    expect(lineUnder(session)).toMatch(/\[✗ \d\]$/);
    session.press(['h']);
    expect(lineUnder(session)).toMatch(/\[(?:ok|✗|–)\]/);
    session.press(['l', 'enter']);
    expect(screenOf(session).find((line) => line.startsWith('  after'))).toMatch(/arm64-4k$/);
    expect(lineUnder(session)).toMatch(/^> v4 \d\/6 +\[✗ \d+ of \d+\]/);
    session.press(['enter']);
    expect(titleOf(session)).toMatch(/^rewalk {2}v4-/);
  });

  it('the cursor stays with its finding when others come before it', () => {
    const review = {
      ...embeddedReview,
      findings: embeddedReview.findings.filter(({ severity }) => severity !== 'bug'),
    };
    const { session } = sessionOf([everythingRun[0]!, { news: 'review', review, pending: [] }]);
    session.press(['j']);
    const before = lineUnder(session)!;
    session.learn(everythingRun[1]!);
    expect(lineUnder(session)).toBe(before);
  });

  it('until it is moved, the cursor is on what matters most', () => {
    const review = {
      ...embeddedReview,
      findings: embeddedReview.findings.filter(({ severity }) => severity !== 'bug'),
    };
    const { session } = sessionOf([everythingRun[0]!, { news: 'review', review, pending: [] }]);
    expect(lineUnder(session)).toContain(' risk ');
    session.learn(everythingRun[1]!);
    expect(lineUnder(session)).toContain(' bug ');
  });

  it('m shows one machine, and all of them again', () => {
    const { session } = sessionOf(everythingRun);
    session.press(['m']);
    expect(titleOf(session)).toMatch(/arm64-4k {2}all run$/);
    session.press(['m']);
    expect(titleOf(session)).not.toContain('arm64-4k');
  });
});

describe('the clipboard', () => {
  it('takes the command that runs a finding again, from wherever it is', () => {
    const { session, done } = sessionOf(everythingRun);
    const { replay } = now.find(({ finding }) => finding.severity === 'bug')!.finding;
    session.press(['y', 'p', 'y', 'e', 'y']);
    expect(done).toEqual([`copy ${replay}`, `copy ${replay}`, `copy ${replay}`]);
    expect(screenOf(session).at(-1)).toContain('the command is in the clipboard');
    session.press(['j']);
    expect(screenOf(session).at(-1)).not.toContain('clipboard');
  });

  it('takes the link to the mail', () => {
    const { session, done } = sessionOf(everythingRun);
    session.press(['p', 'Y', 'w', 'Y']);
    expect(done).toEqual([
      'copy https://lore.kernel.org/r/contiguous-vmap-v4-5@example.org',
      'copy https://lore.kernel.org/r/contiguous-vmap-v4-0@example.org',
    ]);
  });

  it('says where there is nothing to take', () => {
    const { session, done } = sessionOf([everythingRun[0]!]);
    session.press(['y']);
    expect(screenOf(session).at(-1)).toContain('no finding here');
    expect(done).toEqual([]);
  });
});

describe('searching', () => {
  it('filters a list while the words are typed, and ends with escape', () => {
    const { session } = sessionOf(everythingRun);
    const before = screenOf(session);
    session.press(['/', ...typed('split')]);
    const filtered = screenOf(session);
    expect(filtered.at(-1)).toMatch(/^\/split/);
    expect(
      filtered
        .slice(2, -1)
        .filter((line) => line !== '')
        .every((line) => line.includes('split')),
    ).toBe(true);
    session.press(['enter', 'enter']);
    expect(titleOf(session)).toContain('split-flag');
    session.press(['q', 'escape']);
    // The cursor may be elsewhere.
    const rows = (screen: readonly string[]): string[] =>
      screen.slice(2, -1).map((line) => line.slice(2).replaceAll(/[[\]]/g, ' ').trimEnd());
    expect(rows(screenOf(session))).toEqual(rows(before));
  });

  it('goes from match to match in a text, over its end too', () => {
    const { session } = sessionOf(everythingRun);
    session.press(['p', 'g', '/', ...typed('vmap_batched'), 'enter']);
    const first = lineUnder(session)!;
    expect(first).toContain('vmap_batched');
    session.press(['n']);
    expect(lineUnder(session)).toContain('vmap_batched');
    session.press(['N']);
    expect(lineUnder(session)).toBe(first);
    const marked = session
      .frame()
      .flat()
      .filter(({ match }) => match === true);
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.every(({ text }) => text === 'vmap_batched')).toBe(true);
  });

  it('goes on in the next patch that has the words, and around the version', () => {
    const { session } = sessionOf([everythingRun[0]!]);
    const v4 = embeddedSeries.versions.find(({ label }) => label === 'v4')!;
    const having = v4.patches
      .filter((patch) =>
        JSON.stringify([patch.subject, patch.message, patch.files]).includes('vmap_set_ptes'),
      )
      .map(({ index }) => index);
    expect(having.length).toBeLessThan(v4.patches.length);
    session.press(['w', '/', ...typed('vmap_set_ptes'), 'enter']);
    const visited = ['0'];
    for (let presses = 0; presses < 200; presses++) {
      session.press(['n']);
      expect(lineUnder(session)).toContain('vmap_set_ptes');
      const mail = /v4 (\d)\/6/.exec(titleOf(session))![1]!;
      if (visited.at(-1) !== mail) visited.push(mail);
      if (visited.length === having.length + 2) break;
    }
    expect(having.length).toBeGreaterThan(1);
    expect(visited).toEqual(['0', ...having.map(String), '0']);
    session.press(['N']);
    expect(titleOf(session)).toContain(`v4 ${having.at(-1)}/6`);
  });

  it('keeps what is looked for while going through patches', () => {
    const { session } = sessionOf(everythingRun);
    session.press(['p', '/', ...typed('vmap_batched'), 'enter', '[', ']']);
    expect(screenOf(session).at(-1)).toMatch(/^\/vmap_batched/);
    session.press(['escape']);
    expect(screenOf(session).at(-1)).not.toContain('/vmap_batched');
  });

  it('says when there is nothing to find', () => {
    const { session } = sessionOf(everythingRun);
    session.press(['n']);
    expect(screenOf(session).at(-1)).toContain('/ begins a search');
    session.press(['?', '/', ...typed('qqqq'), 'enter', 'n']);
    expect(screenOf(session).at(-1)).toContain('`qqqq` is not here');
  });

  it('takes letters that are keys elsewhere, and ctrl+c leaves all the same', () => {
    const { session, done } = sessionOf(everythingRun);
    session.press(['/', 'q', 'Q', 'space', 'backspace']);
    expect(screenOf(session).at(-1)).toMatch(/^\/qQ▏/);
    session.press(['ctrl+c']);
    expect(done).toEqual(['leave']);
  });
});
