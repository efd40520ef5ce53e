// SPDX-License-Identifier: GPL-2.0-only
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const CODE = /'((?:ingest|series|translate|run|review|trace|digest)\/[a-z0-9-]+)'/g;

function codesInSource(): string[] {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts'));
  const codes = files.flatMap((name) =>
    [...readFileSync(join(root, 'src', name), 'utf8').matchAll(CODE)].map(([, code]) => code!),
  );
  return [...new Set(codes)].toSorted();
}

it('docs/diagnostics.md lists every code, and no other', () => {
  const text = readFileSync(join(root, 'docs/diagnostics.md'), 'utf8');
  const listed = [...text.matchAll(/^\| `([a-z]+\/[a-z0-9-]+)` \|/gm)].map(([, code]) => code!);
  expect(listed.toSorted()).toEqual(codesInSource());
});
