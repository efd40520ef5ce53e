// SPDX-License-Identifier: GPL-2.0-only
import { expect, it } from 'vitest';
import { Review } from '../../src/report/review-schema.ts';
import { rewalk } from './rewalk.ts';

const COMMAND = [
  ...['review', 'patches/contiguous-vmap', '--tree', 'fixtures/linux', '--version', '4'],
  ...['--machine', 'x86_64-4level', '--scenarios', '1', '--json'],
];

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
  const verdicts = new Set(review.matrix.map(({ verdict }) => verdict));
  expect([...verdicts].toSorted()).toEqual(['holds', 'not-reached', 'violated']);
  // Other threads, the same bytes.
  expect(rewalk(...COMMAND, '--jobs', '1')).toEqual(first);
});
