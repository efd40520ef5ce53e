// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Finding, MatrixCell, Review } from '../../src/report/review-schema.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/review-json.md'), 'utf8');

/** Field names in the first column of the table under a heading, without what they are inside of. */
function listedUnder(heading: string): string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`(\w+)/g)].map(([, name = '']) => name),
  );
}

describe('docs/review-json.md names every field', () => {
  it.each([
    ['The object', Review],
    ['The matrix', MatrixCell],
    ['A finding', Finding],
  ])('of %s', (heading, schema) => {
    const fields = Object.keys(schema.shape).filter((name) => name !== 'fixedIn');
    expect([...new Set(listedUnder(heading))].toSorted()).toEqual(fields.toSorted());
  });
});
