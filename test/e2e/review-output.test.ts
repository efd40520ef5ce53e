// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { Review } from '../../src/report/review-schema.ts';
import { rewalk } from './rewalk.ts';

const REVIEW = [
  ...['review', 'patches/contiguous-vmap', '--tree', 'fixtures/linux', '--version', '4'],
  ...['--machine', 'x86_64-4level'],
];
const COMMAND = [...REVIEW, '--scenarios', '1', '--json'];

it('the review as JSON keeps to its schema, says all that a finding must, and is the same every time', () => {
  const first = rewalk(...COMMAND);
  expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 1, stderr: '' });
  const plain: unknown = JSON.parse(first.stdout);
  const review = Review.parse(plain);
  // Nothing that the schema does not know.
  expect(review).toEqual(plain);
  expect(review.findings.length).toBeGreaterThan(1);
  for (const finding of review.findings) {
    expect(finding).toMatchObject({
      invariant: expect.stringMatching(/^[a-z]+(?:\/[a-z_-]+)?$/),
      severity: expect.stringMatching(/^(?:bug|risk|cost)$/),
      version: expect.any(Number),
      patch: expect.any(Number),
      machine: 'x86_64-4level',
      status: expect.stringMatching(/^(?:introduced|pre-existing|fixed-later)$/),
      where: { file: expect.any(String), line: expect.any(Number), function: expect.any(String) },
      count: expect.any(Number),
      replay: expect.stringMatching(/^rewalk (?:replay|translate) /),
    });
    expect(finding.version === 0 ? finding.patch === 0 : finding.patch >= 1).toBe(true);
  }
  expect(review.series?.versions.map(({ label, patches }) => [label, patches.length])).toEqual([['v4', 6]]);
  const own = review.findings.filter(({ status }) => status === 'introduced');
  expect(own.map(({ invariant, patch }) => [invariant, patch])).toContainEqual(['split/flag', 5]);
  const verdicts = new Set(review.matrix.map(({ verdict }) => verdict));
  expect([...verdicts].toSorted()).toEqual(['holds', 'not-reached', 'violated']);
  // Other threads, the same bytes.
  expect(rewalk(...COMMAND, '--jobs', '1')).toEqual(first);
});

it('the review as text shows the matrix, and a finding can be run again as it says', () => {
  const { status, stdout } = rewalk(...REVIEW, '--scenarios', '0');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^split\/flag \(risk\) +ok +✗ 5 /m);
  const again = /rewalk (replay 'vmap 2M'(?:[^\n]*\\\n)*[^\n]*)/.exec(stdout)?.[1] ?? '';
  const words = again.replaceAll('\\\n', ' ').match(/'[^']*'|\S+/g) ?? [];
  const replayed = rewalk(...words.map((word) => word.replaceAll("'", '')));
  expect(replayed.status).toBe(1);
  expect(replayed.stdout).toMatch(/^split\/flag {2}risk {2}broken by E\d+$/m);
});
