// SPDX-License-Identifier: GPL-2.0-only
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { Digest } from '../../src/report/digest-schema.ts';

const file = join(import.meta.dirname, '../../docs/digest.schema.json');

it('docs/digest.schema.json is what the schema in the code says; `npm run golden` writes it anew', async () => {
  // Fields may be added within one format, so readers must let unknown ones pass.
  const { $schema, ...schema } = z.toJSONSchema(Digest, { io: 'input' });
  const title = 'A digest as `rewalk digest --format json` prints it; docs/digest.md says what it tells';
  await expect(`${JSON.stringify({ $schema, title, ...schema }, undefined, 2)}\n`).toMatchFileSnapshot(file);
});
