// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { renderDiagnosticLine } from '../../src/base/diagnostic.ts';

it('a diagnostic is one line that grep finds, and no longer than a reader bears', () => {
  const where = { file: 'a.mbox', line: 3 };
  const line = (message: string): string =>
    renderDiagnosticLine({ code: 'ingest/bad', severity: 'error', message, where });
  expect(line('`x` is no date')).toBe('a.mbox:3: ingest/bad: `x` is no date');
  const long = line('x'.repeat(5_000_000));
  expect(long.length).toBeLessThan(1200);
  expect(long).toContain('(5000000 characters in all)');
});
