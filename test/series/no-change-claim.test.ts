// SPDX-License-Identifier: GPL-2.0-only
import { describe, expect, it } from 'vitest';
import { noChangeClaim } from '../../src/series/no-change-claim.ts';

const claimIn = (message: string, subject = 'mm/vmalloc: split a function'): string | undefined =>
  noChangeClaim({ subject, message });

describe('a patch that says that it changes nothing', () => {
  it.each([
    'No functional change intended.',
    'No functional changes.',
    'This is a cleanup,\nno functional change is intended in this patch.',
    'NFC.',
    'There is no change in behaviour.',
    'This does not change behavior.',
    'no intended behavioral changes',
    'No functional change expected by this commit.',
  ])('%s', (sentence) => {
    expect(claimIn(`Some words before.\n\n${sentence}\n\nSigned-off-by: A <a@example.org>`)).toBe(
      sentence.replaceAll('\n', ' '),
    );
  });

  it('in its subject', () => {
    expect(claimIn('', 'mm/vmalloc: rename addr, NFC')).toBe('mm/vmalloc: rename addr, NFC');
  });
});

describe('a patch that says less than that', () => {
  it.each([
    'No functional change except for a warning.',
    'No functional change on x86.',
    'No functional change for architectures without it.',
    'Without CONFIG_X there is no change, and on arm64 no functional change either.',
    'If the flag is not set, no functional change.',
    'This is not a no functional change patch.',
    'No functional change until the next patch uses it.',
    '> No functional change.',
    'The nfc driver maps its buffer.',
    'It changes functionality.',
    'No functional change in the fast path.',
  ])('%s', (sentence) => {
    expect(claimIn(sentence)).toBeUndefined();
  });
});
