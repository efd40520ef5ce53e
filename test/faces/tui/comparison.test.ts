// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { claimLines } from '../../../src/claim-lines.ts';
import { compare } from '../../../src/compare.ts';
import type { Answer, Question } from '../../../src/faces/tui/messages.ts';
import type { VersionDiff } from '../../../src/faces/tui/posted.ts';
import { entryMark } from '../../../src/faces/tui/views/claim-marks.ts';
import type { Session } from '../../../src/faces/tui/session.ts';
import type { ComparedClaim, SeriesCosts } from '../../../src/report/costs.ts';
import { embeddedSeries, everythingRun, lineUnder, screenOf, sessionOf, titleOf } from './embedded-known.ts';

const tree = join(import.meta.dirname, '../../../fixtures/linux');
const v4 = embeddedSeries.versions.find(({ label }) => label === 'v4')!;
const tall = { columns: 80, rows: 400 };

let diff: VersionDiff;

beforeAll(async () => {
  const request = { from: 'v3', to: 'v4', sources: [], series: embeddedSeries, pick: undefined, tree };
  diff = (await compare(request)).value!;
});

/** What the background would say, figures apart, which the test makes up. */
function answerTo(question: Question, costs: SeriesCosts): Answer {
  if (question.ask === 'compare') return { to: 'compare', diff, diagnostics: [] };
  if (question.ask === 'claims') return { to: 'claims', lines: claimLines(v4) };
  if (question.ask === 'costs') return { to: 'costs', costs };
  return { to: 'nothing', why: 'not asked for here' };
}

function answerAll(session: Session, asked: readonly Question[], costs: SeriesCosts): void {
  // An answer may be what the next question needs.
  for (let at = 0; at < asked.length; at++) {
    const question = asked[at]!;
    session.learn({ news: 'answer', key: question.key, answer: answerTo(question, costs) });
  }
}

/** Figures for the claims of v4's letter, as if a model had said so. */
function costsOf(agreements: readonly ComparedClaim['agreement'][]): SeriesCosts {
  const claims = v4.cover!.claims.map((claim, index): ComparedClaim => ({
    label: 'v4',
    patch: 0,
    line: claim.line,
    text: claim.text,
    claimed: claim.factor ?? null,
    modelled: 1.5,
    agreement: agreements[index] ?? null,
  }));
  const place = { name: 'a benchmark', machine: 'arm64-4k', weights: 'cortex-a55', cpus: 8 };
  const call = { ...place, measures: '', scenario: '', measured: [], states: [], claims };
  return { format: 1, series: null, tree: 'fixtures/linux', calls: [call], threads: [], others: [] };
}

const noCosts = costsOf([]);

describe('two versions side by side', () => {
  it('has what was found, patches, changelog and functions, each with a way to the patch', () => {
    const { session, asked } = sessionOf(everythingRun, tall);
    session.press(['d']);
    expect(titleOf(session)).toContain('v3 against v4');
    expect(screenOf(session).join('\n')).toContain('comparing …');
    answerAll(session, asked, noCosts);
    const screen = screenOf(session);
    for (const { before, after, outcome } of diff.patches) {
      const mark = { same: '=', message: '~', changed: '!', added: '>', dropped: '<' }[outcome];
      const start = `${String(before ?? '-').padStart(5)} ${mark}${String(after ?? '-').padStart(3)}`;
      expect(screen.find((line) => line.startsWith(start), start)).toBeDefined();
    }
    expect(diff.entries.length).toBeGreaterThan(5);
    expect(screen.filter((line) => /^ {4}[✓~✗?] /.test(line))).toHaveLength(diff.entries.length);
    for (const { name } of diff.unmentioned) {
      expect(screen.find((line) => line.startsWith(`  `) && line.includes(`changed ${name}`))).toBeDefined();
    }
    const changed = screen.findIndex((line) => line.includes('changed vmap_pages_pmd_range'));
    expect(screen.slice(changed).find((line) => line.startsWith('      + '))).toBeDefined();
    expect(screen.join('\n')).not.toContain('comparing …');
  });

  it('tab comes to a function, and enter opens its hunk', () => {
    const { session, asked } = sessionOf(everythingRun);
    session.press(['d']);
    answerAll(session, asked, noCosts);
    for (let presses = 0; presses < 30; presses++) {
      if (/changed get_vmap_batch_order/.test(lineUnder(session) ?? '')) break;
      session.press(['tab']);
    }
    expect(lineUnder(session)).toContain('changed get_vmap_batch_order');
    session.press(['enter']);
    expect(titleOf(session)).toContain('v4 5/6');
    expect(lineUnder(session)).toContain('get_vmap_batch_order');
    session.press(['q']);
    expect(lineUnder(session)).toContain('changed get_vmap_batch_order');
  });

  it('says why when it cannot be told', () => {
    const { session, asked } = sessionOf(everythingRun);
    session.press(['d']);
    session.learn({ news: 'answer', key: asked[0]!.key, answer: { to: 'nothing', why: 'the tree is gone' } });
    expect(screenOf(session).join('\n')).toContain('they cannot be compared: the tree is gone');
  });
});

describe('the cover letter', () => {
  it('has each entry of the changelog ticked or not, with what that rests on', () => {
    const { session, asked } = sessionOf(everythingRun, tall);
    session.press(['w']);
    answerAll(session, asked, noCosts);
    const screen = screenOf(session);
    for (const { text, verdict } of diff.entries) {
      const mark = { seen: '✓', 'not-seen': '✗', 'cannot-be-told': '?' }[verdict];
      const at = screen.findIndex((line) => line.startsWith(`  ${mark} - ${text.slice(0, 30)}`));
      expect(at, text).toBeGreaterThan(0);
      const place = screen.slice(at, at + 5).join('\n');
      expect(place).toMatch(/ {8}(?:seen|not seen|cannot be told): /);
    }
    // Of what was changed between older versions, nothing is said.
    expect(screen.find((line) => line.startsWith('    - Use __fls instead'))).toBeDefined();
    const seen = diff.entries.filter(({ verdict }) => verdict === 'seen').length;
    expect(screen[2]).toContain(`changelog ✓ ${seen}`);
  });

  it('has the modelled ratio at each figure', () => {
    const { session, asked } = sessionOf(everythingRun, tall);
    session.press(['w']);
    expect(asked.map(({ ask }) => ask)).toEqual(['claims']);
    answerAll(session, asked, costsOf(['agrees', 'less', 'differs']));
    const screen = screenOf(session);
    const after = (start: string): string => screen[screen.findIndex((line) => line.startsWith(start)) + 1]!;
    expect(after('  ✓ * ioremap(1 MB): 1.35x faster')).toMatch(/modelled 1\.50x, claimed 1\.35x: agrees/);
    expect(after('  ~   VM_ALLOW_HUGE_VMAP: 1.42x faster')).toContain('the same direction, but less');
    expect(after('  ✗ * vmap(100MB)')).toContain('differs');
    expect(screen[2]).toContain('figures ✓ 1 ~ 1 ✗ 1');
  });

  it('says that figures are being measured, and why there are none', () => {
    const { session, asked } = sessionOf(everythingRun, tall);
    session.press(['w']);
    session.learn({ news: 'answer', key: asked[0]!.key, answer: answerTo(asked[0]!, noCosts) });
    expect(screenOf(session).filter((line) => line.trim() === 'measuring …')).toHaveLength(3);
    const { key } = asked.find(({ ask }) => ask === 'costs')!;
    session.learn({ news: 'answer', key, answer: { to: 'nothing', why: 'no tree to measure on' } });
    expect(screenOf(session).join('\n')).toContain('no modelled figure: no tree to measure on');
  });
});

it('finds the lines of claims in wrapped and encoded texts alike', () => {
  const lines = claimLines(v4);
  const body = v4.cover!.body.split('\n');
  const claimed = lines.filter(({ kind, patch }) => kind === 'performance' && patch === 0);
  expect(claimed.map(({ first }) => body[first])).toEqual([
    expect.stringContaining('3407 ns -> 2526 ns'),
    expect.stringContaining('5.00 us'),
    expect.stringContaining('1235 us -> 149 us'),
  ]);
  const [entry] = lines.filter(({ kind, line }) => kind === 'changelog' && line === diff.entries[1]!.line);
  expect(
    body
      .slice(entry!.first, entry!.last + 1)
      .join(' ')
      .replace(/\s+/g, ' '),
  ).toContain(diff.entries[1]!.text);
});

it('ticks an entry for code that differs, and not for a patch that does', () => {
  const entry = diff.entries.find(({ named }) => named.some(({ kind }) => kind === 'function'))!;
  expect(entryMark(entry).text).toBe('✓ ');
  const patches = entry.named.filter(({ kind }) => kind === 'patch');
  expect(patches.length).toBeGreaterThan(0);
  expect(entryMark({ ...entry, named: patches }).text).toBe('~ ');
  expect(entryMark({ ...entry, verdict: 'not-seen' }).text).toBe('✗ ');
});
