// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/faces/tui/posted.ts';
import { paragraphsOf, refolded } from '../../../src/faces/tui/views/paragraphs.ts';
import {
  embeddedReview,
  embeddedSeries,
  everythingRun,
  lineUnder,
  screenOf,
  sessionOf,
  titleOf,
} from './embedded-known.ts';

/** The newest version with its patches again and again under further numbers. */
function seriesOfPatches(total: number): Series {
  const latest = embeddedSeries.versions.at(-1)!;
  const patches = Array.from({ length: total }, (_, at) => ({
    ...latest.patches[at % latest.patches.length]!,
    index: at + 1,
  }));
  return { ...embeddedSeries, versions: [{ ...latest, total, patches }] };
}

describe('a digit', () => {
  it('opens the patch of that number from anywhere, and 0 the letter', () => {
    const { session } = sessionOf(everythingRun);
    session.press(['5']);
    expect(titleOf(session)).toContain('v4 5/6');
    session.press(['2']);
    expect(titleOf(session)).toContain('v4 2/6');
    session.press(['{', '3']);
    expect(titleOf(session)).toContain('v3 3/6');
    session.press(['0']);
    expect(titleOf(session)).toContain('v3 0/6');
    session.press(['q']);
    expect(titleOf(session)).toContain('Speed up ioremap');
    session.press(['9']);
    expect(screenOf(session).at(-1)).toContain('v4 has no patch 9');
  });

  it('waits for another where there are many patches', () => {
    const { session } = sessionOf([{ news: 'series', series: seriesOfPatches(40) }]);
    session.press(['3']);
    expect(screenOf(session).at(-1)).toContain('patch 3: enter, or another digit');
    session.press(['8']);
    expect(titleOf(session)).toContain('v4 38/40');
    session.press(['1', 'enter']);
    expect(titleOf(session)).toContain('v4 1/40');
    session.press(['2', 'escape', '5']);
    expect(titleOf(session)).toContain('v4 5/40');
    // Another key ends the number and does what it does.
    session.press(['4', ']', '0']);
    expect(titleOf(session)).toContain('v4 0/40');
  });
});

it('says what a patch changes in what the kernel does, on its own page and with what was run', () => {
  const { session } = sessionOf(everythingRun, { columns: 100, rows: 40 });
  session.press(['5']);
  expect(screenOf(session).join('\n')).toMatch(/It changes \d[\d,]* of [\d,]+ scenarios: .*translations \d/);
  session.press(['3']);
  expect(screenOf(session).join('\n')).toMatch(/It changes nothing (?:in [\d,]+ scenarios|that is run)/);
});

describe('the list of patches', () => {
  it('stays on the overview when there are findings, with what each patch brought', () => {
    const { session } = sessionOf(everythingRun, { columns: 80, rows: 50 });
    const v4 = embeddedReview.findings.filter(
      ({ label, status }) => label === 'v4' && status !== 'pre-existing',
    );
    const screen = screenOf(session);
    for (const patch of [1, 2, 3, 4, 5, 6]) {
      const count = v4.filter((finding) => finding.patch === patch).length;
      const line = screen.find(
        (text) => text.startsWith(`  ${patch}/6 `) && / (?:mm|arm64)\/\w+: /.test(text),
      );
      expect(line, String(patch)).toMatch(
        count === 0 ? /^ {2}\d\/6 {5}/ : new RegExp(`^  \\d/6 ✗ ${count} `),
      );
      expect(line).toContain(' T1 ');
    }
  });

  it('keeps the cursor on its patch when findings come above it', () => {
    const { session } = sessionOf([everythingRun[0]!]);
    session.press(['j', 'j', 'j', 'j', 'j']);
    expect(lineUnder(session)).toContain('5/6');
    session.learn(everythingRun[1]!);
    expect(lineUnder(session)).toMatch(/^> 5\/6 ✗/);
  });

  it('shows the mail under the cursor beside it on a wide screen, and measures nothing for that', () => {
    const { session, asked } = sessionOf([everythingRun[0]!], { columns: 200, rows: 50 });
    expect(screenOf(session).join('\n')).toMatch(/ │ v4 0\/6 mm\/vmalloc: Speed up/);
    expect(screenOf(session).join('\n')).toMatch(/ │ .*1\.35x faster/);
    expect(screenOf(session).join('\n')).not.toContain('measuring');
    expect(asked).toEqual([]);
    session.press(['j']);
    expect(screenOf(session).join('\n')).toMatch(/ │ v4 1\/6 arm64\/hugetlb: /);
  });
});

describe('a patch on a wide screen', () => {
  const wide = { columns: 200, rows: 50 };
  const beside = (screen: readonly string[]): string =>
    screen.map((line) => line.split(' │ ')[1] ?? '').join('\n');

  it('has the finding beside it at which the cursor is, and else the one above', () => {
    const { session } = sessionOf(everythingRun, wide);
    const [first, second] = embeddedReview.findings.filter(
      ({ label, patch, status }) => label === 'v4' && patch === 5 && status !== 'pre-existing',
    );
    session.press(['5', '/', ...Array.from(`✗ ${second!.severity}`), 'enter']);
    expect(beside(screenOf(session))).toContain(second!.id);
    expect(beside(screenOf(session))).not.toContain(first!.id);
    // Above all of them it is the gravest, which comes first.
    session.press(['escape', 'g']);
    expect(beside(screenOf(session))).toContain('v4-map-exact-');
  });

  it('takes the whole width where it has no findings', () => {
    const { session } = sessionOf(everythingRun, wide);
    session.press(['2']);
    expect(beside(screenOf(session)).trim()).toBe('');
  });
});

it('c without a function under the cursor shows the first one of the patch', () => {
  const { session } = sessionOf(everythingRun);
  session.press(['1', 'g', 'c']);
  expect(titleOf(session)).toContain('num_contig_ptes() of arch/arm64/mm/hugetlbpage.c, after v4 pat');
});

describe('a message', () => {
  it('is filled anew where it is wider than the screen, word for word', () => {
    const { session } = sessionOf([everythingRun[0]!], { columns: 60, rows: 60 });
    session.press(['5']);
    const screen = screenOf(session);
    const { message } = embeddedSeries.versions.at(-1)!.patches[4]!;
    const first = message.split('\n\n')[0]!.replaceAll('\n', ' ').trim();
    expect(screen.map((line) => line.replace(/^> /, '').trim()).join(' ')).toContain(first);
    expect(Math.max(...screen.map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it.each([
    {
      what: 'words go on in the next line',
      lines: ['one two three', 'four five'],
      filled: ['one two', 'three', 'four five'],
    },
    {
      what: 'an item goes on below its words',
      lines: ['- one two three', '  four'],
      filled: ['- one two', '  three', '  four'],
    },
    { what: 'columns stay', lines: ['before   after'], filled: ['before   after'] },
    { what: 'what fits stays', lines: ['one', 'two'], filled: ['one', 'two'] },
  ])('$what', ({ lines, filled }) => {
    const whole = paragraphsOf(lines, () => false);
    expect(whole).toEqual([{ first: 0, last: lines.length - 1 }]);
    expect(refolded(lines, 9)).toEqual(filled);
  });

  it.each([
    ['Reviewed-by: A <a@b>', 'Acked-by: B <b@c>'],
    ['- one', '- two'],
    ['one', ''],
    ['one', '    two'],
    ['> quoted', 'answer'],
    ['a  b  c', 'd  e  f'],
  ])('%j and %j are not joined', (first, second) => {
    expect(paragraphsOf([first, second], () => false)).toHaveLength(2);
  });
});
