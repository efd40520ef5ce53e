// SPDX-License-Identifier: GPL-2.0-only
import { mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeptTexts } from '../../src/ingest/kept-texts.ts';
import { makeTemporaryFolder } from './git-fixture.ts';

const MUCH = 1e9;

describe('KeptTexts', () => {
  it('gives back what was put, to whoever opens the folder later', () => {
    const folder = join(makeTemporaryFolder(), 'made/when/needed');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        new KeptTexts(folder, MUCH).put('name', text);
        expect(new KeptTexts(folder, MUCH).get('name')).toBe(text);
      }),
      { numRuns: 20 },
    );
    expect(new KeptTexts(folder, MUCH).get('other')).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['name']);
  });

  it('takes a file that was cut short or changed for one that is not there', () => {
    const folder = makeTemporaryFolder();
    const texts = new KeptTexts(folder, MUCH);
    const whole = (): Buffer => readFileSync(join(folder, 'name'));
    texts.put('name', 'a text that is long enough');
    const length = whole().length;
    for (let at = 0; at < length; at += 1) {
      texts.put('name', 'a text that is long enough');
      const bytes = whole();
      bytes[at]! ^= 1;
      writeFileSync(join(folder, 'name'), bytes);
      expect(texts.get('name')).toBeUndefined();
      truncateSync(join(folder, 'name'), at);
      expect(texts.get('name')).toBeUndefined();
    }
  });

  it('does without a folder that cannot be written', () => {
    const file = join(makeTemporaryFolder(), 'file');
    writeFileSync(file, '');
    const texts = new KeptTexts(join(file, 'below'), MUCH);
    texts.put('name', 'text');
    expect(texts.get('name')).toBeUndefined();
  });

  it('keeps to its limit: what was written first goes first, and drafts of killed runs go', () => {
    const folder = makeTemporaryFolder();
    mkdirSync(folder, { recursive: true });
    const before = new KeptTexts(folder, MUCH);
    for (const [age, name] of ['new', 'newer', 'old', 'oldest'].entries()) {
      before.put(name, name);
      utimesSync(join(folder, name), 1e9 - age, 1e9 - age);
    }
    writeFileSync(join(folder, 'left.1.draft'), '');
    utimesSync(join(folder, 'left.1.draft'), 1e9 - 86400, 1e9 - 86400);
    const size = readFileSync(join(folder, 'oldest')).length;
    new KeptTexts(folder, 3 * size).put('latest', 'text');
    expect(readdirSync(folder).toSorted()).toEqual(['latest', 'new', 'newer', 'old']);
  });
});
