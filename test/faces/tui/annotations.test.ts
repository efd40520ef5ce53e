// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { expandTabs } from '../../../src/faces/tui/cut-line.ts';
import { placeInPatch } from '../../../src/faces/tui/finding-places.ts';
import type { ReviewComment, Series } from '../../../src/faces/tui/posted.ts';
import {
  embeddedReview,
  embeddedSeries,
  everythingRun,
  lineUnder,
  screenOf,
  sessionOf,
} from './embedded-known.ts';

const tall = { columns: 80, rows: 600 };
const v4 = embeddedSeries.versions.find(({ label }) => label === 'v4')!;
const patch5 = v4.patches.find(({ index }) => index === 5)!;
const [file] = patch5.files;
const [hunk] = file!.hunks;

/** A comment on patch 5 of v4. */
function comment(about: Partial<ReviewComment>): ReviewComment {
  return {
    author: { name: 'Reviewer B', address: 'b@example.org' },
    byAuthor: false,
    date: '2026-06-20T08:00:00Z',
    version: 'v4',
    patch: 5,
    text: 'Why is that safe?',
    place: { file: 'x' },
    question: true,
    ...about,
  };
}

function withComments(comments: readonly ReviewComment[]): Series {
  const versions = embeddedSeries.versions.map((version) =>
    version.label === 'v4' ? { ...version, comments } : version,
  );
  return { ...embeddedSeries, versions };
}

/** Patch 5 of v4 on a screen that holds all of it. */
function patchWith(comments: readonly ReviewComment[]): string[] {
  const { session } = sessionOf([{ news: 'series', series: withComments(comments) }], tall);
  session.press(['p', ']', ']', ']', ']']);
  return screenOf(session);
}

/** A line of the first hunk, counted in the file before or after. */
function lineOf(kind: 'added' | 'removed'): { readonly line: number; readonly text: string } {
  let [before, after] = [hunk!.oldStart, hunk!.newStart];
  for (const each of hunk!.lines) {
    if (each.kind === kind) return { line: kind === 'added' ? after : before, text: each.text };
    if (each.kind !== 'added') before += 1;
    if (each.kind !== 'removed') after += 1;
  }
  throw new Error(`the hunk has no ${kind} line`);
}

describe('a reply', () => {
  it('stands below the line that it quotes', () => {
    const { line, text } = lineOf('added');
    const screen = patchWith([comment({ part: 'patch', file: file!.newPath!, line, side: 'new' })]);
    const at = screen.findIndex((each) => each.includes('» Reviewer B asks'));
    expect(screen[at - 1]!).toBe(`  ${expandTabs(`+${text}`, 0)}`.trimEnd());
    expect(screen[at + 1]).toContain('Why is that safe?');
    expect(screen[at + 2]).toContain("no answer of the author's was read");
    expect(screen.filter((each) => each.includes('» Reviewer B'))).toHaveLength(1);
  });

  it('stands below a removed line, by its number before the patch', () => {
    const removing = v4.patches
      .flatMap((patch) => patch.files.flatMap((own) => own.hunks.map((each) => ({ patch, own, each }))))
      .find(({ each }) => each.lines.some(({ kind }) => kind === 'removed'))!;
    let before = removing.each.oldStart;
    for (const { kind } of removing.each.lines) {
      if (kind === 'removed') break;
      if (kind !== 'added') before += 1;
    }
    const text = removing.each.lines.find(({ kind }) => kind === 'removed')!.text;
    const { index } = removing.patch;
    const own = comment({
      patch: index,
      part: 'patch',
      file: removing.own.oldPath!,
      line: before,
      side: 'old',
    });
    const { session } = sessionOf([{ news: 'series', series: withComments([own]) }], tall);
    session.press(['p', ...Array.from({ length: index - 1 }, () => ']')]);
    const screen = screenOf(session);
    const at = screen.findIndex((each) => each.includes('» Reviewer B'));
    expect(screen[at - 1]!).toBe(`  ${expandTabs(`-${text}`, 0)}`.trimEnd());
  });

  it('is not lost where its line is none of the patch', () => {
    const screen = patchWith([
      comment({ part: 'patch', file: file!.newPath!, line: 999_999, quote: 'return 0;' }),
      comment({ text: 'All of this looks fine.', question: false }),
    ]);
    expect(screen.join('\n')).toContain('> return 0;');
    expect(screen.join('\n')).toContain('All of this looks fine.');
  });

  it('is a stop of tab', () => {
    const { line } = lineOf('added');
    const own = comment({ part: 'patch', file: file!.newPath!, line, side: 'new' });
    const { session } = sessionOf([{ news: 'series', series: withComments([own]) }]);
    session.press(['p', ']', ']', ']', ']']);
    for (let presses = 0; presses < 10; presses++) {
      if (lineUnder(session)?.includes('» Reviewer B') === true) break;
      session.press(['tab']);
    }
    expect(lineUnder(session)).toContain('» Reviewer B asks');
  });
});

/** The number after the patch of a line on the screen, counted from the head of its hunk. */
function numberOf(screen: readonly string[], at: number): number {
  const head = screen.findLastIndex((line, index) => index < at && line.startsWith('  @@ '));
  const first = Number(/\+(\d+)/.exec(screen[head]!)![1]);
  return first + screen.slice(head + 1, at).filter((line) => line === '' || /^ {2}[ +]/.test(line)).length;
}

describe('a finding', () => {
  const found = embeddedReview.findings.filter(({ label, patch }) => label === 'v4' && patch === 5);

  it('stands at the innermost line of the patch that the run went through', () => {
    const below = found.find(({ invariant }) => invariant === 'map/exact')!;
    const place = placeInPatch(below, patch5.files)!;
    // The line that it happens in is another patch's; the call that leads there is this one's.
    expect(place.by).toBe('call');
    expect(below.stack.some(({ file: of, line }) => of === place.file && line === place.line)).toBe(true);
    const { session } = sessionOf(everythingRun, tall);
    session.press(['p']);
    const screen = screenOf(session);
    const at = screen.findIndex((line) => line.includes('✗ bug  map/exact  below this call'));
    expect(numberOf(screen, at - 1)).toBe(place.line);
    expect(screen[at + 1]).toContain(`expected  ${below.expected}`.slice(0, 40));
  });

  it('without such a line, at the function that it is in', () => {
    const risk = found.find(({ invariant }) => invariant === 'split/flag')!;
    expect(placeInPatch(risk, patch5.files)?.by).toBe('function');
  });

  it('is reached from the overview with one key, and enter explains it', () => {
    const { session } = sessionOf(everythingRun);
    session.press(['p']);
    expect(lineUnder(session)).toContain('✗ bug  map/exact');
    session.press(['enter']);
    expect(screenOf(session)[0]).toContain('v4-map-exact');
    session.press(['q']);
    expect(lineUnder(session)).toContain('✗ bug  map/exact');
  });
});
