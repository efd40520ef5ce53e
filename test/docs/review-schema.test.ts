// SPDX-License-Identifier: GPL-2.0-only
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Review } from '../../src/report/review-schema.ts';
import { sampleReview } from '../report/sample-review.ts';

const file = join(import.meta.dirname, '../../docs/review.schema.json');

/** The published schema. Fields may be added within one format, so readers must let unknown ones pass. */
function published(): string {
  const { $schema, ...schema } = z.toJSONSchema(Review, { io: 'input' });
  const title = 'A review as `rewalk review --json` prints it; docs/review-json.md says what the fields mean';
  return `${JSON.stringify({ $schema, title, ...schema }, undefined, 2)}\n`;
}

describe('docs/review.schema.json', () => {
  it('is what the schema in the code says; `npm run golden` writes it anew', async () => {
    await expect(published()).toMatchFileSnapshot(file);
  });

  it('accepts a review and tells what is none', () => {
    const validate = new Ajv2020().compile(JSON.parse(readFileSync(file, 'utf8')) as object);
    const review: unknown = JSON.parse(JSON.stringify(sampleReview()));
    expect([validate(review), validate.errors]).toEqual([true, null]);
    expect(validate({ ...(review as object), aFieldToCome: 1 })).toBe(true);
    expect(validate({ ...(review as object), findings: [{ id: 'v1-x' }] })).toBe(false);
    expect(validate({ ...(review as object), format: 2 })).toBe(false);
  });
});
