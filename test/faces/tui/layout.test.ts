// SPDX-License-Identifier: GPL-2.0-only
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cutLine } from '../../../src/faces/tui/cut-line.ts';
import { BINDINGS } from '../../../src/faces/tui/keys.ts';
import { embeddedReview, embeddedSeries, everythingRun, screenOf, sessionOf } from './embedded-known.ts';

const keys = [
  ...BINDINGS.flatMap(({ bindings }) => bindings.flatMap((binding) => binding.keys)),
  'v',
  'backspace',
  'f5',
].filter((key) => !['q', 'Q', 'ctrl+c'].includes(key));

describe('a frame', () => {
  it('fits its terminal, whatever keys were pressed and whatever size it has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...keys), fc.string({ minLength: 1, maxLength: 1 })), {
          maxLength: 40,
        }),
        fc.record({ columns: fc.integer({ min: 20, max: 220 }), rows: fc.integer({ min: 5, max: 70 }) }),
        fc.record({ columns: fc.integer({ min: 20, max: 220 }), rows: fc.integer({ min: 5, max: 70 }) }),
        (pressed, before, after) => {
          const { session } = sessionOf(everythingRun, before);
          session.press(pressed.filter((key) => !['q', 'Q'].includes(key)));
          session.resize(after);
          const lines = session.frame().map((spans) => spans.map(({ text }) => text).join(''));
          expect(lines).toHaveLength(after.rows);
          expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(after.columns);
          const { rows, row, top } = session.laid().placed;
          const { height } = session.laid();
          if (rows.length > 0 && row >= 0) {
            expect(row).toBeGreaterThanOrEqual(top);
            expect(row).toBeLessThan(top + height);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([60, 80, 200])('names patch, promise and line of every finding at %i columns', (columns) => {
    const { session } = sessionOf(everythingRun, { columns, rows: 24 });
    const screen = screenOf(session).join('\n');
    for (const { label, invariant, where, status } of embeddedReview.findings) {
      if (label !== 'v4' || status === 'pre-existing') continue;
      expect(screen).toContain(invariant);
      expect(screen).toContain(`${where.file}:${where.line}`);
    }
  });

  it('has the finding in full beside the list where there is room, and below it where there are lines', () => {
    const { replay } = embeddedReview.findings.find(
      ({ severity, version }) => version === 4 && severity === 'bug',
    )!;
    const scenario = replay.split(' --')[0]!;
    const wide = sessionOf(everythingRun, { columns: 200, rows: 24 }).session;
    expect(
      screenOf(wide)
        .filter((line) => line.includes(' │ '))
        .join('\n'),
    ).toContain(scenario);
    const tall = sessionOf(everythingRun, { columns: 80, rows: 50 }).session;
    expect(screenOf(tall).join('\n')).toContain(scenario);
    expect(screenOf(sessionOf(everythingRun).session).join('\n')).not.toContain(scenario);
  });
});

describe('text from outside', () => {
  const hostile = 'mm: \u001B]0;owned\u0007\u001B[2J 日本語 e\u0301 \u202Eevil';

  it('is shown and does nothing, in whatever place', () => {
    const versions = embeddedSeries.versions.map((version) => ({
      ...version,
      ...(version.cover === undefined
        ? {}
        : { cover: { ...version.cover, subject: hostile, body: hostile } }),
      patches: version.patches.map((patch) => ({
        ...patch,
        subject: hostile,
        message: hostile,
        notes: hostile,
      })),
    }));
    const findings = embeddedReview.findings.map((finding) => ({ ...finding, seen: hostile, code: hostile }));
    const { session } = sessionOf([
      { news: 'series', series: { ...embeddedSeries, title: hostile, versions } },
      { news: 'review', review: { ...embeddedReview, findings }, pending: [] },
    ]);
    for (const key of ['1', 'f', 'enter', '3', 'w', 'd', '7', '?', 'escape', 'p', '/']) {
      session.press([key]);
      const screen = screenOf(session).join('\n');
      // eslint-disable-next-line no-control-regex
      expect(screen.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/);
      expect(Math.max(...screen.split('\n').map((line) => stringWidth(line)))).toBeLessThanOrEqual(80);
    }
    session.press(['escape', 'o']);
    expect(screenOf(session)[0]).toContain('^[]0;owned^G');
  });
});

describe('cutLine', () => {
  const cut = (text: string, from: number, width: number): string =>
    cutLine([{ text }], from, width)
      .map((span) => span.text)
      .join('');

  it('cuts by columns, never through a character', () => {
    expect(cut('abcdef', 2, 3)).toBe('cde');
    expect(cut('日本語', 0, 4)).toBe('日本');
    expect(cut('日本語', 0, 5)).toBe('日本 ');
    expect(cut('日本語', 1, 4)).toBe(' 本 ');
    expect(cut('e\u0301e\u0301x', 1, 2)).toBe('e\u0301x');
    expect(cut('a\tb', 0, 20)).toBe('a       b');
    expect(cut('👩‍👩‍👧b', 0, 2)).toContain('👩');
  });

  it('never takes more room than there is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 4 }),
        fc.nat(30),
        fc.nat(30),
        (texts, from, width) => {
          const spans = cutLine(
            texts.map((text) => ({ text })),
            from,
            width,
          );
          expect(stringWidth(spans.map(({ text }) => text).join(''))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
